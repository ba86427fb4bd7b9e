"""A conversation as its page shows it: messages, tests, review and what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay.cases import service as cases
from assay.chats import store as chats_store
from assay.chats.model import Conversation, ConversationKind, Message, Role
from assay.chats.service import MOST
from assay.runs import service as runs
from assay.runs.model import Run, RunTestCase
from assay.storage import ReadSession
from assay.web.context import Services
from assay.web.dashboard import views, words
from assay.web.dashboard.access import Place
from assay.web.dashboard.contexts import (
    Chip,
    ControlsPart,
    Count,
    FindingView,
    HeadingPart,
    Link,
    MessagePart,
    ReviewPart,
    StreamPart,
    TestsPart,
    ThreadPart,
)
from assay.web.dashboard.markdown import to_html
from assay.web.dashboard.routing import csrf_token

_TESTS = 50
_RUNS = 10
_ON_PAGE = 50


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a conversation's page that change while work goes on."""

    conversation: Conversation
    heading: HeadingPart
    thread: ThreadPart
    tests: TestsPart
    review: ReviewPart
    controls: ControlsPart
    stream: StreamPart

    @property
    def busy(self) -> bool:
        """Whether an answer is being produced or waits for its turn."""
        return self.controls.busy


async def parts_of(
    session: ReadSession,
    served: Services,
    place: Place,
    conversation_id: str,
    *,
    before: int | None = None,
) -> Parts:
    """Everything of a conversation that its page shows, as it is now."""
    page = await served.chats.read(session, conversation_id, 1)
    conversation = page.conversation
    found = await chats_store.messages_of(session, conversation.id, min(_ON_PAGE, MOST), before)
    url = f"{place.base}/chat/{conversation.short_id}"
    busy = conversation.active_turn_id is not None
    older = ""
    if len(found) == _ON_PAGE and found[-1].seq > 1:
        older = f"{url}?before={found[-1].seq}"
    own = served.settings.base_url.rstrip("/")
    messages = tuple(_message(one, place, own) for one in reversed(found))
    return Parts(
        conversation=conversation,
        heading=HeadingPart(
            conversation.title or "New conversation",
            words.source(conversation.source),
            conversation.created_at,
        ),
        thread=ThreadPart(messages, older),
        tests=await _tests(session, place, conversation),
        review=_review(conversation, place),
        controls=ControlsPart(
            busy=busy,
            cancel_url=f"{url}/cancel",
            csrf=csrf_token(place.principal),
        ),
        stream=StreamPart(busy, f"{url}/events", f"{url}/parts?seen={mark_of(conversation)}"),
    )


def mark_of(conversation: Conversation) -> str:
    """A mark that differs whenever anything of the conversation changed."""
    return str(int(conversation.updated_at.timestamp() * 1000))


def _message(message: Message, place: Place, own: str) -> MessagePart:
    mine = message.role is Role.USER
    outcome = message.outcome
    return MessagePart(
        dom_id=f"message-{message.seq}",
        mine=mine,
        html=to_html(message.text, own),
        chip=words.message(message),
        busy=not mine and not message.status.finished,
        at=message.created_at if mine else message.updated_at,
        runs=tuple(
            Link(short_id, f"{place.base}/runs/{short_id}")
            for short_id in (outcome.run_short_ids if outcome else ())
        ),
    )


async def _tests(session: ReadSession, place: Place, conversation: Conversation) -> TestsPart:
    found = await cases.list_cases(
        session, place.project.id, conversation_id=conversation.id, limit=_TESTS + 1
    )
    shown = found[:_TESTS]
    latest = await _latest(session, place, conversation) if shown else {}
    tests = tuple(views.part_of(case, place.base, latest.get(case.id)) for case in reversed(shown))
    return TestsPart(tests, len(found) - len(shown))


async def _latest(
    session: ReadSession, place: Place, conversation: Conversation
) -> Mapping[str, tuple[Run, RunTestCase]]:
    """What became of each test in the newest run of this conversation that did it."""
    latest: dict[str, tuple[Run, RunTestCase]] = {}
    for run in await runs.list_runs(
        session, place.project.id, conversation_id=conversation.id, limit=_RUNS
    ):
        for case in await runs.cases_of(session, run.id):
            if case.verdict is not None:
                latest.setdefault(case.test_case_id, (run, case))
    return latest


def _review(conversation: Conversation, place: Place) -> ReviewPart:
    asked = conversation.kind is ConversationKind.CHANGE_REVIEW
    found: Mapping[str, Any] = conversation.review or {}
    if not asked or not found:
        return ReviewPart(asked, None, "", (), ())
    tests: Mapping[str, Any] = found.get("tests") or {}
    figures = (
        Count(int(tests.get("selected") or 0), Chip("selected", "plain")),
        Count(int(tests.get("created") or 0), Chip("created", "plain")),
        Count(int(tests.get("failed") or 0), words.FAILED),
        Count(int(tests.get("couldNotVerify") or 0), words.UNVERIFIED),
        Count(int(tests.get("passed") or 0), words.PASSED),
    )
    return ReviewPart(
        asked=True,
        verdict=words.review(str(found.get("verdict", ""))),
        commit=str(found.get("headCommit") or ""),
        figures=tuple(figure for figure in figures if figure.number),
        findings=tuple(_finding(one) for one in found.get("findings") or ()),
    )


_NEWNESS = {
    True: Chip("new", "bad", "!"),
    False: Chip("also on the base", "quiet"),
    None: Chip("no base to compare with", "unsure", "?"),
}


def _finding(found: Mapping[str, Any]) -> FindingView:
    line = f":{found['line']}" if found.get("line") else ""
    evidence = str(found.get("evidenceUrl") or "")
    return FindingView(
        title=str(found.get("title", "")),
        kind=str(found.get("kind", "")),
        chip=_NEWNESS[found.get("isNew")],
        place=f"{found['file']}{line}" if found.get("file") else "",
        evidence=evidence if evidence.startswith(("http://", "https://", "/")) else "",
    )
