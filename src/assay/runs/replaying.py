"""Doing the steps of a test again, at the speed of the site, and saying what became of them.

Actions do not wait for quiet: replay waits for the effect that was recorded for the step, and
assertions are tried again until they hold or time is up. A step that no longer changes anything,
an assertion that does not hold, and new console errors or failed requests are failures; a site that
cannot be reached is not a failure of the test but something that could not be verified.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assay.browser.errors import (
    BrowserError,
    BrowserMissing,
    HostRefused,
    NavigationFailed,
    PageCrashed,
    TargetAmbiguous,
    TargetMissing,
)
from assay.browser.model import Action, ActionKind, Effect, LocatorBundle, Observation
from assay.browser.port import Mutation, Session
from assay.cases.checks import Check, Facts, evaluate
from assay.cases.extracting import extract
from assay.cases.find import rendered
from assay.cases.model import Assertion, Step, Verdict
from assay.cases.recorder import templated
from assay.cases.texts import in_quotes, shorten
from assay.cases.values import Values
from assay.kernel import ids
from assay.kernel.redaction import Redactor
from assay.projects.model import Target
from assay.runs.evidence import noise, write_logs
from assay.runs.heals import mark_of
from assay.runs.hindrance import hindrance
from assay.runs.model import Heal, Outcome, PlannedMutation, ReplayOptions, StepOutcome
from assay.runs.placing import place
from assay.runs.waiting import HASTY, Pause, await_effect, name_of

_POINTED = {ActionKind.CLICK, ActionKind.DOUBLE_CLICK, ActionKind.PRESS}
_UNVERIFIABLE = (HostRefused, NavigationFailed, PageCrashed, BrowserMissing)


class StepFailed(Exception):
    """A step did not do or hold what was recorded; ``blocked`` when the site was not there."""

    def __init__(self, seen: str, *, blocked: bool = False) -> None:
        super().__init__(seen)
        self.seen = seen
        self.blocked = blocked


@dataclass(slots=True)
class Replaying:
    """One replay under way."""

    session: Session
    target: Target
    options: ReplayOptions
    done: list[StepOutcome] = field(default_factory=list)
    heals: list[Heal] = field(default_factory=list)
    mutated: bool = False
    effect: Effect | None = None
    values: Values = field(init=False)
    redactor: Redactor = field(init=False)
    # What was entered that is new in each run, with the templates that it was made from.
    entered: dict[str, str] = field(default_factory=dict)
    seen_noise: int = 0
    # The newest look, while nothing was done to the page since: what is asserted of one page in a
    # row is asserted of one look at it.
    page: Observation | None = None
    had_files: int = 0  # how many files had come before the last action
    look_seconds: float = 0.0

    def __post_init__(self) -> None:
        self.redactor = Redactor(self.target.secrets, names=self.target.user_names)
        self.values = Values(self.target, self.options.seed or ids.new_token(6))

    async def run(self, steps: Sequence[Step]) -> Outcome:
        """Do the steps up to the first that fails; never raises for what the site does."""
        for index, step in enumerate(steps):
            await self.options.progress.check()
            started = time.monotonic()
            heals = len(self.heals)
            try:
                await self._step(step, steps[index + 1 :])
                self._quiet(step)
                await self._watched(step)
            except StepFailed as failed:
                return await self._failed(step, failed, time.monotonic() - started)
            except BrowserError as error:
                if step.optional and isinstance(error, TargetMissing):
                    continue
                refused = StepFailed(sentence(error.message), blocked=_blocks(error))
                return await self._failed(step, refused, time.monotonic() - started)
            self.done.append(
                StepOutcome(
                    step.number,
                    step.text,
                    True,
                    time.monotonic() - started,
                    healed=len(self.heals) > heals,
                )
            )
        picture = await self._picture("end")
        if picture and self.done:
            self.done[-1] = replace(self.done[-1], picture=picture)
        return await self._finish(Verdict.PASSED, self._passed_reason(), None)

    async def _watched(self, step: Step) -> None:
        if self.options.watch is not None:
            await self.options.watch(self.session, step)
            self.page = None  # who watches looks as well, which voids the refs of this look

    def _passed_reason(self) -> str:
        checks = sum(1 for item in self.done if item.ok)
        if not self.heals:
            return f"All {checks} steps did what they did when the test was written."
        steps = ", ".join(str(heal.step) for heal in self.heals)
        return f"All {checks} steps hold, but step {steps} was done on a similar element."

    async def _failed(self, step: Step, failed: StepFailed, seconds: float) -> Outcome:
        seen = failed.seen
        verdict = Verdict.COULD_NOT_VERIFY if failed.blocked else Verdict.FAILED
        if not failed.blocked and self.options.mutation is None:
            obstacle = await hindrance(self.session)
            if obstacle:
                verdict, seen = Verdict.COULD_NOT_VERIFY, obstacle
            else:
                seen = self._with_noise(seen)
        picture = await self._picture(f"failed-step-{step.number}")
        self.done.append(StepOutcome(step.number, step.text, False, seconds, seen, picture=picture))
        reason = f"Step {step.number} ({in_quotes(shorten(step.text, 80))}): {seen}."
        return await self._finish(verdict, reason.replace("..", "."), step.number)

    async def _finish(self, verdict: Verdict, reason: str, failed: int | None) -> Outcome:
        console, requests = noise(self.session, self.options.baseline, self.redactor)
        write_logs(self.options.evidence, self.session, self.redactor)
        planned = self.options.mutation
        return Outcome(
            verdict=verdict,
            reason=reason,
            failed_step=failed,
            steps=tuple(self.done),
            heals=tuple(self.heals),
            new_console_errors=console,
            new_failed_requests=requests,
            mutation=planned.mutation.description if planned else None,
            mutated=self.mutated,
        )

    async def _picture(self, name: str) -> str:
        if self.options.evidence is None or not self.options.pictures:
            return ""
        try:
            path = await self.session.screenshot(name)
        except BrowserError:
            return ""
        return path.name if path is not None else ""

    # -- one step ------------------------------------------------------------------------------

    async def _step(self, step: Step, rest: Sequence[Step]) -> None:
        planned = self.options.mutation
        due = planned is not None and planned.at_step == step.number
        if step.action is not None:
            if due:
                await self._mutate(step)
            await self._act(step, rest)
        elif step.extraction is not None:
            await self._extract(step)
        elif step.assertion is not None:
            if due:
                # The page has to be as asserted before it can be spoilt.
                await self._assert(step, self.options.assertion_timeout)
                await self._mutate(step)
                await self._assert(step, self.options.red_timeout)
            else:
                spoilt = self.options.red_timeout if self.mutated else None
                await self._assert(step, spoilt or self.options.assertion_timeout)

    async def _mutate(self, step: Step) -> None:
        planned = self.options.mutation
        assert planned is not None
        mutation = await self._fitted(planned, step)
        self.page = None
        self.mutated = await self.session.mutate(mutation)
        if not self.mutated:
            raise StepFailed("the fault could not be put into the page", blocked=True)

    async def _fitted(self, planned: PlannedMutation, step: Step) -> Mutation:
        """The planned fault with what it needs of the page as it is now."""
        page = self.page or await self._look()
        placed = place(planned.mutation, step.assertion, page, self._facts())
        mutation = placed.mutation
        if placed.ref is not None:
            return replace(mutation, target=await self._sure(placed.ref, mutation.target))
        if mutation.target is not None:
            return replace(mutation, target=rendered(mutation.target, self.values.render))
        return mutation

    async def _sure(self, ref: str, wanted: LocatorBundle | None) -> LocatorBundle | None:
        """A bundle that the browser finds for sure, in place of one made from an observation."""
        try:
            return await self.session.bundle(ref, wanted.intent if wanted else "")
        except BrowserError:
            return wanted

    async def _act(self, step: Step, rest: Sequence[Step]) -> None:
        since = len(self.session.exchanges())
        self.had_files = len(self.session.downloads())
        settle = _has_to_settle(step, rest)
        self.page = None
        self.effect = await self._perform(step, settle, since)
        instead, self.page = await await_effect(
            self.session,
            step,
            self.effect,
            since,
            self.options.step_timeout,
            self.values.render,
        )
        if not instead and step.effect is not None and step.effect.file:
            instead = "" if await self._file_came() else f"{name_of(step)} brought no file"
        elif not instead and _unnamed_effect(step) and not self.effect.anything:
            instead = f"{name_of(step)} changed nothing"
        if instead:
            raise StepFailed(instead)

    async def _file_came(self) -> bool:
        pause = Pause(self.options.step_timeout)
        while len(self.session.downloads()) <= self.had_files:
            if not await pause.wait():
                return False
        return True

    async def _perform(self, step: Step, settle: bool, since: int) -> Effect:
        assert step.action is not None
        value = self.values.render(step.value)
        if value and "{{" in step.value and "{{config:" not in step.value:
            self.entered[value] = step.value
        action = Action(
            step.action,
            rendered(step.target, self.values.render) if step.target else None,
            value,
            rendered(step.to, self.values.render) if step.to else None,
            files=step.files,
            secret=step.secret,
            dialog=step.dialog,
            dialog_text=step.dialog_text,
            stays=step.dialog == "dismiss",
        )
        try:
            return await self.session.perform(action, settle=settle)
        except (TargetMissing, TargetAmbiguous) as error:
            if not isinstance(action.target, LocatorBundle):
                raise
            if len(self.session.exchanges()) > since:
                # It was done: the browser only gave up waiting for the slow page it led to, and
                # doing it again could send a form twice.
                return Effect("", "", navigated=True, mutated=True)
            ref = await self._healed(step, action.target, error)
            return await self.session.perform(replace(action, target=ref), settle=settle)

    async def _healed(
        self, step: Step, target: LocatorBundle, error: TargetMissing | TargetAmbiguous
    ) -> str:
        found = await self.session.resolve(target)
        if found.outcome == "unique" and isinstance(error, TargetMissing):
            raise error
        if found.outcome not in {"unique", "healed"} or not isinstance(found.handle, str):
            candidates = found.candidates or error.candidates
            closest = f"; closest: {'; '.join(candidates[:3])}" if candidates else ""
            what = "is not on the page" if found.outcome == "missing" else "is there several times"
            raise StepFailed(f"{_wanted(step, target)} {what}{closest}") from error
        if found.outcome == "healed":
            page = await self.session.observe()
            nodes = [node for node in page.nodes if node.ref == found.handle]
            words = f"{nodes[0].role} “{nodes[0].name}”" if nodes else found.by
            bundle = templated(await self.session.bundle(found.handle, target.intent), self.entered)
            if mark_of(bundle) in self.options.refused.get(step.number, frozenset()):
                raise StepFailed(
                    f"{_wanted(step, target)} is not on the page; the {words} is like it, but was"
                    " rejected as its replacement"
                ) from error
            self.heals.append(
                Heal(step.number, target.intent, words, found.score, found.margin, bundle)
            )
        return found.handle

    async def _extract(self, step: Step) -> None:
        extraction = step.extraction
        assert extraction is not None
        pause = Pause(self.options.assertion_timeout)
        page = self.page
        while True:
            page = page or await self._look()
            value = extract(extraction, page, self.values.render)
            if value is not None:
                self.values.set(extraction.variable, value)
                return
            page = None
            if not await pause.wait():
                raise StepFailed("the page does not show the value to read")

    async def _assert(self, step: Step, seconds: float, *, rarely: bool = False) -> None:
        """Look until the assertion holds; raises StepFailed when it did not for so long."""
        assert step.assertion is not None
        pause = Pause(seconds, length=seconds / 3) if rarely else Pause(seconds)
        page, whole = self.page, False
        while True:
            page = page or await self._look(whole=whole)
            check: Check = evaluate(step.assertion, page, self._facts())
            if check.ok:
                return
            if page.omitted and not whole and _points(step.assertion):
                page, whole = await self._look(whole=True), True
                continue
            page = None
            if not await pause.wait():
                raise StepFailed(check.seen)

    async def _look(self, *, whole: bool = False) -> Observation:
        started = time.monotonic()
        self.page = await self.session.observe(whole=whole)
        self.look_seconds = time.monotonic() - started
        return self.page

    def _facts(self) -> Facts:
        effect = self.effect
        return Facts(
            variables=self.values.variables,
            exchanges=self.session.exchanges(),
            # A file may come after the action that asked for it has ended.
            downloads=self.session.downloads()[self.had_files :],
            status=effect.status if effect else None,
            render=self.values.render,
            dialogs=effect.dialogs if effect else (),
            console_errors=self.session.console_errors(),
            failed_requests=self.session.failed_requests(),
        )

    # -- noise ---------------------------------------------------------------------------------

    def _quiet(self, step: Step) -> None:
        """Fail the step when it brought console errors or failed requests of its own."""
        if self.mutated:
            return
        console, requests = noise(self.session, self.options.baseline, self.redactor)
        total = len(console) + len(requests)
        if total <= self.seen_noise:
            return
        self.seen_noise = total
        if requests:
            raise StepFailed(f"a request failed that did not before: {requests[-1]}")
        raise StepFailed(f"the console shows a new error: {shorten(console[-1], 160)}")

    def _with_noise(self, seen: str) -> str:
        _, requests = noise(self.session, self.options.baseline, self.redactor)
        if requests and requests[-1] not in seen and "answered" not in seen:
            return f"{seen}; {requests[-1]}"
        return seen


def _wanted(step: Step, target: LocatorBundle) -> str:
    name = target.fingerprint.name or target.intent or step.text
    return f"the {target.fingerprint.role} “{shorten(name, 60)}”"


def _has_to_settle(step: Step, rest: Sequence[Step]) -> bool:
    """Whether what comes next can be true too early, so that the action must have ended."""
    if (step.effect is not None and step.effect.none) or _unnamed_effect(step):
        return True
    if step.action is ActionKind.UPLOAD:
        return False
    for following in rest:
        if following.extraction is not None:
            return True
        if following.assertion is None:
            break
        if following.assertion.kind in HASTY:
            return True
    return False


def _unnamed_effect(step: Step) -> bool:
    """Whether a click or key changed the page in a way that has no words to wait for."""
    effect = step.effect
    if effect is None or effect.none or step.action not in _POINTED:
        return False
    return not (effect.url or effect.requests or effect.appears or effect.dialog)


def _points(assertion: Assertion) -> bool:
    """Whether an assertion is about an element, which a large page may have further on."""
    return assertion.target is not None or assertion.scope is not None


def _blocks(error: BrowserError) -> bool:
    return isinstance(error, _UNVERIFIABLE)


def sentence(message: str) -> str:
    """A browser's message as the rest of a sentence: without its full stop and capital."""
    text = message.strip().rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


__all__ = ["Replaying", "StepFailed", "name_of", "sentence"]
