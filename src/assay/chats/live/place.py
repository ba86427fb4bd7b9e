"""Which application and environment a turn is about."""

from __future__ import annotations

from dataclasses import dataclass

from assay.cases import service as cases
from assay.chats.assistant.engine import Note, NoteKind
from assay.chats.context import TurnContext
from assay.projects import mentions, service, targets
from assay.projects.model import Place, Target
from assay.storage import Database, ReadSession
from assay.storage.secretbox import SecretBox


@dataclass(frozen=True, slots=True)
class Chosen:
    """The target of a turn, or the question that must be answered first."""

    target: Target | None
    notes: tuple[Note, ...] = ()
    question: str = ""


async def choose(database: Database, box: SecretBox, turn: TurnContext) -> Chosen:
    """Find the target: overrides first, then what the message names, then what this conversation
    worked on, then the project's only application. An unknown address registers an application.
    """
    project_id = turn.conversation.project_id
    choices = turn.turn.choices
    async with database.read() as session:
        mentioned = await mentions.find_application_for(session, project_id, turn.message.text)
        named = mentioned.application.id if mentioned.application else None
        if choices:
            choice = next((one for one in choices if one.application_id == named), choices[0])
            place = await targets.place_of(
                session, project_id, choice.application_id, choice.environment_id, choice.preset_id
            )
            return Chosen(await targets.target(session, box, place))
        if mentioned.application is not None:
            environment = mentioned.environment.id if mentioned.environment else None
            place = await targets.place_of(
                session, project_id, mentioned.application.id, environment
            )
            return Chosen(await targets.target(session, box, place))
        if mentioned.unknown_url is None:
            recent = await _recent(session, turn)
            if recent is not None:
                return Chosen(await targets.target(session, box, recent))
            return Chosen(None, question=await _question(session, project_id))
        project = await service.get_project(session, project_id)
    async with turn.write() as write:
        application, environment_row = await mentions.register_application(
            write, project, mentioned.unknown_url
        )
    async with database.read() as session:
        target = await targets.target(session, box, Place(application, environment_row))
    text = f"Registered {environment_row.url} as a new application, “{application.name}”."
    return Chosen(target, (Note(NoteKind.REGISTERED, text),))


async def _recent(session: ReadSession, turn: TurnContext) -> Place | None:
    """The application of the newest test of this conversation."""
    found = await cases.list_cases(
        session,
        turn.conversation.project_id,
        conversation_id=turn.conversation.id,
        limit=1,
    )
    if not found:
        return None
    return await targets.place_of(session, found[0].project_id, found[0].application_id)


async def _question(session: ReadSession, project_id: str) -> str:
    known = await service.list_applications(session, project_id)
    if not known:
        return (
            "Which site should I test? Send me its address, for example "
            "“Create tests for login on https://shop.example.com”."
        )
    names = ", ".join(f"“{application.name}”" for application in known)
    return f"Which application do you mean: {names}? Name it in your message."
