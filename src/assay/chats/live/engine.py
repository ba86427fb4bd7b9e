"""What one turn can do on a site: explore, write, prove, run and tell. Stores each thing once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from assay.atlas import service as atlas
from assay.atlas.explore import explore
from assay.atlas.findings import faults_first
from assay.atlas.model import Budget
from assay.brain.credentials import with_templates
from assay.browser.port import BrowserPool
from assay.cases import goals
from assay.cases import service as cases
from assay.cases.author import Author
from assay.cases.model import CaseStatus, Draft, TestCase, Verdict
from assay.cases.plain import parse_case
from assay.chats.assistant.engine import (
    Explored,
    FoundForm,
    Known,
    LastRunTold,
    ListedCredentials,
    ListedTests,
    Note,
    NoteKind,
    ShownTest,
    TestsCertified,
    TestsRun,
    TestsWritten,
)
from assay.chats.context import TurnContext
from assay.chats.credentials import redactor_of
from assay.chats.live.certifying import certified
from assay.chats.live.place import Chosen, choose
from assay.chats.live.telling import listed, ran, when, written
from assay.chats.live.writing import Delivery
from assay.kernel.errors import AppError, Kind
from assay.kernel.redaction import Redactor
from assay.kernel.text import fold
from assay.projects import service as projects
from assay.projects import targets
from assay.projects.configs import list_configs, open_credentials
from assay.projects.model import Place, Target
from assay.runs.certifying import Certifier
from assay.runs.proof import Prover
from assay.runs.service import Order, Ran, RunsService
from assay.runs.store import cases_of, list_runs
from assay.storage import Database, SecretBox

_FEATURES_OF_ANY_SITE = ("the whole site",)
_MOST_LISTED = 200
_AROUND = Budget(audits=6)


P = ParamSpec("P")
T = TypeVar("T")


def _in_browser(
    work: Callable[Concatenate[LiveEngine, P], Awaitable[T]],
) -> Callable[Concatenate[LiveEngine, P], Coroutine[Any, Any, T]]:
    """Hold one of the worker's places for turns that drive a browser while working."""

    @wraps(work)
    async def held(self: LiveEngine, /, *args: P.args, **kwargs: P.kwargs) -> T:
        async with self.turn.browser():
            return await work(self, *args, **kwargs)

    return held


class NoApplication(AppError):
    """A tool was asked to work before it was clear on which application."""

    kind = Kind.INVALID
    code = "no_application"


@dataclass(frozen=True)
class LiveDeps:
    """What every turn's engine shares. ``base_url`` is where the dashboard is reached."""

    database: Database
    box: SecretBox
    pool: BrowserPool
    author: Author
    prover: Prover
    runs: RunsService
    certifier: Certifier
    base_url: str


class LiveEngine:
    """The engine of one turn; implements ``chats.assistant.engine.Engine``."""

    def __init__(self, deps: LiveDeps, turn: TurnContext, redactor: Redactor) -> None:
        self._deps = deps
        self.turn = turn
        self._redactor = redactor
        self._chosen: Chosen | None = None
        self._slug = ""
        self._delivery = Delivery(turn, deps.prover, deps.runs, order=self._order, url=self._url)

    def for_review(self, target: Target) -> LiveEngine:
        """An engine of the same turn that writes on this target, for the review alone."""
        engine = LiveEngine(self._deps, self.turn, self._redactor)
        engine._slug = self._slug
        engine._chosen = Chosen(target)
        engine._delivery = Delivery(
            self.turn,
            self._deps.prover,
            self._deps.runs,
            order=engine._order,
            url=engine._url,
            ephemeral=True,
        )
        return engine

    def dashboard(self, path: str) -> str:
        """The address of a path below the project's pages."""
        return f"{self._base}{path}"

    @classmethod
    async def open(cls, deps: LiveDeps, turn: TurnContext) -> LiveEngine:
        """The engine of a turn, with every secret of its project known to the mask."""
        project_id = turn.conversation.project_id
        async with deps.database.read() as session:
            found = await open_credentials(session, deps.box, project_id, None)
            project = await projects.get_project(session, project_id)
        engine = cls(deps, turn, redactor_of(found))
        engine._slug = project.slug
        return engine

    @property
    def mask(self) -> Callable[[str], str]:
        """Masks every secret of the project in a text."""
        return self._redactor.mask

    async def known(self) -> Known:
        """What a message may lean on."""
        project_id = self.turn.conversation.project_id
        async with self._deps.database.read() as session:
            tests = await cases.list_cases(session, project_id, limit=_MOST_LISTED)
            recent = await self._recent()
            configs = await list_configs(session, project_id)
            applications = await projects.list_applications(session, project_id)
        names = tuple(config.name for config in configs)
        return Known(
            tests=tuple(case.name for case in reversed(tests)),
            recent=tuple(case.name for case in recent),
            configs=names,
            stored=tuple(
                config.name
                for config in configs
                if config.created_at >= self.turn.message.created_at
                and f"“{config.name}”" in self.turn.message.text
            ),
            applications=tuple(application.name for application in applications),
        )

    @_in_browser
    async def explore(self, focus: str, *, suggest: bool) -> Explored:
        """Look around the site within the budget, and keep the map."""
        target = await self._target()
        if target is None:
            return Explored(question=self._question)
        found = await explore(self._deps.pool, target, _AROUND, self.turn, focus)
        async with self.turn.write() as session:
            await atlas.keep(session, target, found)
        forms = tuple(FoundForm(f.purpose.value, f.title, f.url) for f in found.forms)
        return Explored(
            application=target.application_name,
            url=target.url,
            states=len(found.states),
            actions=found.actions_used,
            seconds=round(found.seconds, 1),
            pages=tuple(
                dict.fromkeys(state.heading or state.title or state.url for state in found.states)
            ),
            forms=forms,
            findings=tuple(f"{one.title} ({one.url})" for one in faults_first(found.findings)),
            suggestions=_suggestions(forms) if suggest or forms else (),
            stopped_by=found.stopped_by,
            notes=(*self._notes, *(Note(NoteKind.INFO, text) for text in found.notes)),
        )

    @_in_browser
    async def create_tests(
        self,
        features: Sequence[str],
        *,
        count: int | None,
        hints: str,
        negative: bool,
        name: str | None,
    ) -> TestsWritten:
        """Write and prove tests for features; none means those that matter most."""
        target = await self._target()
        if target is None:
            return TestsWritten(question=self._question)
        wanted = [f"{one} {hints}".strip() for one in features] or list(_FEATURES_OF_ANY_SITE)
        if negative:
            wanted = [f"{one} with wrong input" for one in wanted]
        others = await self._names_of_others(target)

        async def write(written: Callable[[Draft], None]) -> list[Draft]:
            named: dict[str, Draft] = {}

            def keep(draft: Draft) -> None:
                # The name that was asked for is the first test's.
                named[draft.key] = replace(draft, name=name) if name and not named else draft
                written(named[draft.key])

            drafts = await goals.write_tests(
                wanted, count, self._deps.pool, target, self.turn, others, written=keep
            )
            return [replace(draft, name=named.get(draft.key, draft).name) for draft in drafts]

        return await self._delivery.deliver_while(write, target, self._notes)

    @_in_browser
    async def create_test_from_steps(self, name: str | None, text: str) -> TestsWritten:
        """Write and prove one test from a manual test case, given as it was written."""
        target = await self._target()
        if target is None:
            return TestsWritten(question=self._question)
        case = parse_case(with_templates(text))
        title = name or case.name or (case.steps[0].text if case.steps else "Test from steps")
        if not case.steps:
            raise NoApplication("I found no steps in that. Number them, one action a line.")
        draft = await self._deps.author.write(
            replace(case, name=title), target, self.turn, f"steps-{fold(title)[:80]}"
        )
        return await self._delivery.deliver([draft], target, self._notes)

    @_in_browser
    async def create_variation(self, description: str) -> TestsWritten:
        """Write and prove a variation of the newest test of this conversation."""
        target = await self._target()
        if target is None:
            return TestsWritten(question=self._question)
        recent = await self._recent()
        base = _as_draft(recent[-1]) if recent else None
        drafts = await goals.vary(
            description,
            base,
            "",
            self._deps.pool,
            target,
            self.turn,
            await self._names_of_others(target),
        )
        return await self._delivery.deliver(drafts, target, self._notes)

    @_in_browser
    async def run_tests(self, which: str, names: Sequence[str]) -> TestsRun:
        """Run ``all``, ``failed``, ``named`` or ``recent`` tests."""
        target = await self._target()
        if target is None:
            return TestsRun(which, question=self._question)
        chosen, missing = await self._select(which, names, target)
        if not chosen:
            return TestsRun(which, missing=missing, environment=target.environment_name)
        places = await self._targets(chosen, target)
        done: list[Ran] = []
        for application_id in dict.fromkeys(case.application_id for case in chosen):
            mine = [case for case in chosen if case.application_id == application_id]
            place = places[application_id]
            order = self._order(f"run-{which}-{fold(' '.join(names))[:60]}-{application_id}", place)
            drafts = which in {"named", "failed"}
            done.append(await self._deps.runs.run(order, mine, place, self.turn, drafts=drafts))
        return TestsRun(
            which=which,
            tests=tuple(ran(row, one.run.short_id) for one in done for row in one.cases),
            run_short_ids=tuple(one.run.short_id for one in done),
            environment=f"{target.environment_name} ({target.url})",
            url=f"{self._base}/runs/{done[0].run.short_id}",
            missing=missing,
            notes=self._notes,
        )

    @_in_browser
    async def certify_tests(self, which: str, names: Sequence[str]) -> TestsCertified:
        """Replay ``all``, ``failed``, ``named`` or ``recent`` tests under disturbance."""
        target = await self._target()
        if target is None:
            return TestsCertified(which, question=self._question)
        chosen, missing = await self._select(which, names, target)
        enabled = [case for case in chosen if case.status is CaseStatus.ENABLED]
        places = await self._targets(enabled, target)
        done = [
            await certified(
                self.turn,
                self._deps.database,
                self._deps.certifier,
                case,
                places[case.application_id],
                self._url(case),
            )
            for case in enabled
        ]
        drafts = tuple(case.name for case in chosen if case not in enabled)
        return TestsCertified(which, tuple(done), missing, drafts, self._notes)

    def _order(self, key: str, target: Target) -> Order:
        return Order(
            project_id=target.project_id,
            key=key,
            conversation_id=self.turn.conversation.id,
            turn_id=self.turn.turn.id,
            environment=f"{target.environment_name} ({target.url})",
            guard=self.turn.guard,
        )

    async def list_tests(self) -> ListedTests:
        """The tests of the application, or of the project when none is named."""
        project_id = self.turn.conversation.project_id
        async with self._deps.database.read() as session:
            found = await cases.list_cases(session, project_id, ephemeral=False, limit=_MOST_LISTED)
        return ListedTests(tuple(listed(case) for case in found))

    async def show_test(self, name: str) -> ShownTest:
        """One test by name or id, as close as it can be found."""
        project_id = self.turn.conversation.project_id
        async with self._deps.database.read() as session:
            found = await cases.list_cases(session, project_id, limit=_MOST_LISTED)
        hits = _named(found, name)
        if len(hits) == 1:
            return ShownTest(name, written(hits[0], self._url(hits[0])))
        closest = hits or found
        return ShownTest(name, closest=tuple(case.name for case in closest[:5]))

    async def last_run(self, focus: str) -> LastRunTold:
        """The newest finished run; ``focus`` names one of its tests."""
        project_id = self.turn.conversation.project_id
        async with self._deps.database.read() as session:
            found = await list_runs(session, project_id, finished=True, limit=1)
            rows = await cases_of(session, found[0].id) if found else []
        if not found:
            return LastRunTold(focus=focus)
        run = found[0]
        told = TestsRun(
            which="last",
            tests=tuple(ran(row, run.short_id) for row in rows),
            run_short_ids=(run.short_id,),
            environment=run.environment,
            url=f"{self._base}/runs/{run.short_id}",
        )
        return LastRunTold(told, when(run.created_at), focus)

    async def list_credentials(self) -> ListedCredentials:
        """The names of stored configs."""
        async with self._deps.database.read() as session:
            found = await list_configs(session, self.turn.conversation.project_id)
        return ListedCredentials(tuple(config.name for config in found))

    # -- the site ----------------------------------------------------------------------------

    async def _target(self) -> Target | None:
        if self._chosen is None:
            self._chosen = await choose(self._deps.database, self._deps.box, self.turn)
        return self._chosen.target

    @property
    def _question(self) -> str:
        return self._chosen.question if self._chosen else ""

    @property
    def _notes(self) -> tuple[Note, ...]:
        return self._chosen.notes if self._chosen else ()

    @property
    def _base(self) -> str:
        return f"{self._deps.base_url}/p/{self._slug}"

    def _url(self, case: TestCase) -> str:
        return f"{self._base}/tests/{case.short_id}"

    async def _targets(self, chosen: Sequence[TestCase], target: Target) -> dict[str, Target]:
        """Where each test's application is tested: overrides first, else its default."""
        found = {target.application_id: target}
        choices = {one.application_id: one for one in self.turn.turn.choices}
        async with self._deps.database.read() as session:
            for application_id in {case.application_id for case in chosen} - set(found):
                choice = choices.get(application_id)
                place: Place = await targets.place_of(
                    session,
                    target.project_id,
                    application_id,
                    choice.environment_id if choice else None,
                    choice.preset_id if choice else None,
                )
                found[application_id] = await targets.target(session, self._deps.box, place)
        return found

    # -- tests -------------------------------------------------------------------------------

    async def _recent(self) -> list[TestCase]:
        """The tests that this conversation created or reused, oldest first."""
        conversation = self.turn.conversation
        async with self._deps.database.read() as session:
            found = await cases.list_cases(
                session, conversation.project_id, conversation_id=conversation.id, limit=50
            )
        return list(reversed(found))

    async def _names_of_others(self, target: Target) -> list[str]:
        """Names of proven tests of the application that this turn did not write itself."""
        async with self._deps.database.read() as session:
            found = await cases.list_cases(
                session,
                target.project_id,
                application_id=target.application_id,
                conversation_id=self.turn.conversation.id,
                limit=_MOST_LISTED,
            )
        return [
            case.name
            for case in found
            if case.turn_id != self.turn.turn.id and case.status is CaseStatus.ENABLED
        ]

    async def _select(
        self, which: str, names: Sequence[str], target: Target
    ) -> tuple[list[TestCase], tuple[str, ...]]:
        project_id = self.turn.conversation.project_id
        async with self._deps.database.read() as session:
            found = await cases.list_cases(session, project_id, limit=_MOST_LISTED)
        found.reverse()
        if which == "named":
            hits = {name: _named(found, name) for name in names}
            chosen = {case.id: case for group in hits.values() for case in group}
            return list(chosen.values()), tuple(name for name, group in hits.items() if not group)
        enabled = [
            case for case in found if case.status is CaseStatus.ENABLED and not case.ephemeral
        ]
        if which == "failed":
            return [
                case
                for case in found
                if case.status is not CaseStatus.DISABLED
                and case.proof.runs
                and case.last_verdict not in {None, Verdict.PASSED}
            ], ()
        if which == "recent":
            recent = {case.id for case in await self._recent()}
            newest = [case for case in enabled if case.id in recent]
            own = [case for case in newest if case.turn_id == self.turn.turn.id]
            return own or newest, ()
        mine = [case for case in enabled if case.application_id == target.application_id]
        return mine or enabled, ()


def _as_draft(case: TestCase) -> Draft:
    return Draft(
        key=f"{case.name}",
        name=case.name,
        goal=case.goal,
        expected_result=case.expected_result,
        steps=case.steps,
        baseline=case.baseline,
    )


def _named(found: Sequence[TestCase], name: str) -> list[TestCase]:
    """Tests of this id or name; else those whose name has all of its words."""
    wanted = fold(name)
    exact = [
        case for case in found if name in {case.id, case.short_id} or fold(case.name) == wanted
    ]
    if exact:
        return exact
    words = set(wanted.split())
    return [case for case in found if words and words <= set(fold(case.name).split())]


def _suggestions(forms: Sequence[FoundForm]) -> tuple[str, ...]:
    purposes = dict.fromkeys(form.purpose for form in forms if form.purpose != "other")
    return tuple(f"Create tests for {purpose}" for purpose in list(purposes)[:5])
