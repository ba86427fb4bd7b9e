"""Doing steps on a live page while writing them down as a test."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urljoin, urlsplit

from assay.browser.model import (
    Action,
    ActionKind,
    Effect,
    Locator,
    LocatorBundle,
    Node,
    Observation,
    Upload,
)
from assay.browser.port import Session
from assay.cases.checks import evaluate
from assay.cases.facts import Check, Facts
from assay.cases.model import (
    Assertion,
    Draft,
    ExpectedEffect,
    Extraction,
    Step,
)
from assay.cases.trail import Moment, Trail, Typed
from assay.cases.values import Values
from assay.projects.model import Target

# Ids, and numbers with a few letters before them, as orders and tickets have (AS-1042).
_VOLATILE_SEGMENT = re.compile(
    r"^(?:\d+|[0-9a-f]{8,}|[0-9a-f-]{32,}|[a-z]{1,5}[-_]?\d{3,})$", re.IGNORECASE
)
_APPEARS_AT_MOST = 4
_TEMPLATE = re.compile(r"\{\{[^{}]+\}\}")
_CLICKS = {ActionKind.CLICK, ActionKind.DOUBLE_CLICK, ActionKind.PRESS}
_FILE_COMES, _AGAIN = 1.5, 0.05  # seconds
_TEXT_ACTIONS = {ActionKind.TYPE, ActionKind.APPEND}


class Recorder:
    """Performs actions in a session and records each as a step with bundle and effect.

    A step is recorded only when its action worked; errors of the browser room pass through.
    """

    def __init__(self, session: Session, target: Target, seed: str = "record") -> None:
        self.session = session
        self.target = target
        self.values = Values(target, seed)
        self.steps: list[Step] = []
        self.moments: list[Moment] = []
        self.setup = 0
        self.variables: dict[str, str] = {}
        self.typed: list[Typed] = []
        self._observation: Observation | None = None
        self._files: list[int] = []  # how many files had come before each moment

    @property
    def observation(self) -> Observation:
        """The newest observation; raises RuntimeError before the first page was opened."""
        if self._observation is None:
            raise RuntimeError("open a page before observing it")
        return self._observation

    @property
    def opened(self) -> bool:
        """Whether a page was opened yet."""
        return self._observation is not None

    async def look(self, *, whole: bool = False) -> Observation:
        """Observe again without acting; ``whole``: more of a large page (see the port)."""
        self._observation = await self.session.observe(whole=whole)
        return self._observation

    async def look_again(self) -> Observation:
        """Observe what the last action has come to by now."""
        page = await self.look()
        if self.moments:
            self.moments[-1] = replace(self.moments[-1], after=page)
        return page

    async def open(self, url_or_path: str, text: str = "", *, new_tab: bool = False) -> Effect:
        """Go to a URL, or to a path of the target's origin; ``""`` is an empty page, for a tab."""
        url = urljoin(self.target.url, self.values.render(url_or_path)) if url_or_path else ""
        where = urlsplit(url)
        shown = where.path + (f"?{where.query}" if where.query else "")
        kind = ActionKind.OPEN_TAB if new_tab else ActionKind.NAVIGATE
        said = f"Open {shown or ('/' if url else 'an empty page')}"
        return await self._do(
            Action(kind, value=url),
            Step(
                number=len(self.steps) + 1,
                text=text or (f"{said} in a new tab" if new_tab else said),
                action=kind,
                value=_relative(url_or_path, self.target.url),
            ),
        )

    async def act(
        self,
        kind: ActionKind,
        ref: str | None = None,
        *,
        value: str = "",
        text: str = "",
        to: str | None = None,
        files: Sequence[Upload] = (),
        dialog: str = "accept",
        dialog_text: str = "",
        secret: bool = False,
        optional: bool = False,
    ) -> Effect:
        """Do one thing to an element of the newest observation and record it.

        ``value`` is a template (see ``values``). Raises the browser room's errors unrecorded.
        """
        rendered = self.values.render(value)
        volatile = self._volatile()
        bundle = await self._bundle(ref, text, volatile) if ref else None
        to_bundle = await self._bundle(to, text, volatile) if to else None
        secret = secret or ("{{config:" in value and ".password}}" in value)
        label = self._label(ref)
        step = Step(
            number=len(self.steps) + 1,
            text=text or self.neutral(_describe(kind, label, value, secret)),
            action=kind,
            target=bundle,
            to=to_bundle,
            value=value,
            dialog=dialog,
            dialog_text=dialog_text,
            secret=secret,
            optional=optional,
            files=tuple(files),
        )
        action = Action(
            kind,
            ref,
            rendered,
            to,
            files=tuple(files),
            secret=secret,
            dialog=dialog,
            dialog_text=dialog_text,
            stays=dialog == "dismiss",
        )
        hidden = ref is not None and self.observation.node(ref).input_type == "password"
        effect = await self._do(action, step)
        if kind in _TEXT_ACTIONS or kind is ActionKind.SELECT:
            self.typed.append(Typed(value, rendered, label, step.number, secret or hidden))
        if kind is ActionKind.FETCH:
            for template in dict.fromkeys(_TEMPLATE.findall(value)):
                sent = self.values.render(template)
                self.typed.append(Typed(template, sent, step=step.number, secret=secret))
        return effect

    async def extract(self, extraction: Extraction, value: str, text: str) -> None:
        """Keep a value read from the newest observation under a variable, as a step."""
        self.values.set(extraction.variable, value)
        self.variables[extraction.variable] = value
        self.steps.append(
            Step(number=len(self.steps) + 1, text=text, extraction=extraction),
        )

    async def expect(
        self,
        assertion: Assertion,
        text: str,
        *,
        target_ref: str | None = None,
        scope_ref: str | None = None,
    ) -> Check:
        """Check an assertion on the page now; record it as a step only when it holds."""
        volatile = self._volatile()
        if target_ref is not None:
            assertion = replace(
                assertion, target=await self._bundle(target_ref, text, volatile, node=True)
            )
        if scope_ref is not None:
            assertion = replace(
                assertion, scope=await self._bundle(scope_ref, text, volatile, node=True)
            )
        check = evaluate(assertion, self.observation, self.facts())
        if check.ok:
            self.steps.append(
                Step(number=len(self.steps) + 1, text=text, assertion=assertion),
            )
        return check

    def trail(self, goal: str = "") -> Trail:
        """Everything done so far, for compiling expectations."""
        return Trail(
            moments=tuple(self._with_files()),
            now=self.observation,
            typed=tuple(self.typed),
            variables=dict(self.variables),
            setup=self.setup,
            goal=goal,
        )

    def _with_files(self) -> list[Moment]:
        """The moments with the files that came, also when the action had ended by then."""
        came = self.session.downloads()
        ends = [*self._files[1:], len(came)]
        return [
            replace(moment, effect=replace(moment.effect, downloads=came[start:end]))
            for moment, start, end in zip(self.moments, self._files, ends, strict=True)
        ]

    def facts(self) -> Facts:
        """What assertions may look at beside the observation: the last action's effect."""
        last = self.moments[-1].effect if self.moments else None
        return Facts(
            variables=self.variables,
            exchanges=last.exchanges if last else (),
            downloads=self.session.downloads()[self._files[-1] :] if last else (),
            status=last.status if last and last.status is not None else self.observation.status,
            render=self.values.render,
            dialogs=last.dialogs if last else (),
            console_errors=self.session.console_errors(),
            failed_requests=self.session.failed_requests(),
        )

    def draft(
        self,
        key: str,
        name: str,
        goal: str,
        expected_result: str,
        *,
        unchecked: Sequence[str] = (),
        problem: str = "",
        candidates: Sequence[str] = (),
        notes: Sequence[str] = (),
    ) -> Draft:
        """What has been recorded so far as a draft, with the noise seen as its baseline."""
        noise = [f"console {line}" for line in self.session.console_errors()]
        noise += [
            f"request {item.method} {path_pattern(item.url)} {item.status or item.failure}"
            for item in self.session.failed_requests()
        ]
        configs = {
            match.group(1)
            for step in self.steps
            for match in re.finditer(r"\{\{config:([^}]*)\.(?:username|password)\}\}", step.value)
        }
        return Draft(
            key=key,
            name=name,
            goal=goal,
            expected_result=expected_result,
            steps=tuple(self.steps),
            unchecked=tuple(unchecked),
            problem=problem,
            candidates=tuple(candidates),
            baseline=tuple(dict.fromkeys(noise)),
            config_names=tuple(sorted(configs)),
            notes=tuple(notes),
        )

    async def _bundle(
        self, ref: str, intent: str, volatile: Sequence[str], *, node: bool = False
    ) -> LocatorBundle:
        bundle = await self.session.bundle(ref, intent)
        if not volatile:
            return bundle
        return templated(bundle, {item.value: item.template for item in self._unique_values()})

    def neutral(self, text: str) -> str:
        """A text with values that are new in each run put back to their templates."""
        for item in self._unique_values():
            text = text.replace(item.value, item.template)
        return text

    def _unique_values(self) -> list[Typed]:
        return [
            item
            for item in self.typed
            if "{{" in item.template and item.value and "{{config:" not in item.template
        ]

    def _volatile(self) -> tuple[str, ...]:
        return tuple(item.value for item in self._unique_values())

    async def _late_file(self, effect: Effect, had: int) -> Effect:
        """The effect of a click that changed nothing, with the file that came soon after it."""
        for _ in range(int(_FILE_COMES / _AGAIN)):
            if len(came := self.session.downloads()) > had:
                return replace(effect, downloads=came[had:])
            await asyncio.sleep(_AGAIN)
        return effect

    def _label(self, ref: str | None) -> str:
        if ref is None or self._observation is None:
            return ""
        node = self._observation.node(ref)
        return (
            node.name
            or node.label
            or node.placeholder
            or node.text[:60]
            or node.column
            or (node.row_text if len(node.row_text) <= 60 else "")
            or node.near
            or _made_name(node)
            or node.role
        )

    async def _do(self, action: Action, step: Step) -> Effect:
        before = self._observation
        had = len(self.session.downloads())
        effect = await self.session.perform(action)
        if not effect.anything and action.kind in _CLICKS:
            effect = await self._late_file(effect, had)
        after = await self.session.observe()
        if before is None:
            before = Observation(id=0, url="about:blank", title="", nodes=(), text="")
        volatile = self._volatile()
        fresh = (self.values.unique,) if volatile else ()
        step = replace(step, effect=expected_effect(before, effect, after, volatile, fresh))
        self._observation = after
        self.steps.append(step)
        self._files.append(had)
        self.moments.append(Moment(step, before, effect, after))
        return effect


def _made_name(node: Node) -> str:
    """What its makers called an element that shows no name: ``close-email`` for a bare icon."""
    made = node.test_id or node.dom_id or (node.classes[0] if node.classes else "")
    return re.sub(r"[-_]+", " ", made).strip()


def path_pattern(url: str, fresh: Sequence[str] = ()) -> str:
    """The path of a URL with ids, and parts made of values that are ``fresh`` in each run, as
    ``*``; of its query the names, not the values."""
    parts = urlsplit(url)
    path = "/".join(
        "*" if _VOLATILE_SEGMENT.match(segment) or _has_any(segment, fresh) else segment
        for segment in parts.path.split("/")
    )
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return path + ("?" + "&".join(names) if names else "")


def fits_pattern(url: str, pattern: str) -> bool:
    """Whether a URL is one that a recorded pattern stands for: ``*`` is any part of the path."""
    have, _, names = path_pattern(url).partition("?")
    want, _, asked = pattern.partition("?")
    parts, wanted = have.split("/"), want.split("/")
    return (
        names == asked
        and len(parts) == len(wanted)
        and all(two in ("*", one) for one, two in zip(parts, wanted, strict=True))
    )


def _has_any(segment: str, fresh: Sequence[str]) -> bool:
    return any(token and token.lower() in segment.lower() for token in fresh)


def expected_effect(
    before: Observation,
    effect: Effect,
    after: Observation,
    volatile: Sequence[str] = (),
    marks: Sequence[str] = (),
) -> ExpectedEffect:
    """What a replay of this action may be held to, free of texts that change between runs.

    ``volatile`` are the values that were typed and are new in each run, ``marks`` the token that
    each of them is made with: a site may spell it anew in an address.
    """
    old = {line.strip() for line in before.text.splitlines()}
    fresh = [
        line.strip()
        for line in after.text.splitlines()
        if line.strip()
        and line.strip() not in old
        and not any(value in line for value in volatile)
        and not re.search(r"\d", line)
        and 3 <= len(line.strip()) <= 120
    ]
    notices = [text for text in fresh if text in after.notices]
    appears = tuple(dict.fromkeys([*notices, *fresh]))[:_APPEARS_AT_MOST]
    url_changed = effect.url_before != effect.url_after
    requests = tuple(
        dict.fromkeys(
            f"{item.method} {path_pattern(item.url, marks)}"
            for item in effect.exchanges
            if item.resource in {"document", "fetch", "xhr"}
        )
    )
    return ExpectedEffect(
        url=path_pattern(effect.url_after, marks) if url_changed or effect.navigated else "",
        appears=appears if effect.mutated or effect.navigated or url_changed else (),
        requests=requests,
        dialog=effect.dialogs[0].kind if effect.dialogs else "",
        value=None,
        none=not effect.anything,
        tab=bool(effect.opened),
        file=bool(effect.downloads),
        closes=effect.closed,
    )


def templated(bundle: LocatorBundle, values: dict[str, str]) -> LocatorBundle:
    """The bundle with values that are new in each run put back to their templates."""

    def swap(text: str) -> str:
        for value, template in values.items():
            text = text.replace(value, template)
        return text

    def locator_swap(locator: Locator) -> Locator:
        return replace(
            locator,
            value=swap(locator.value),
            name=swap(locator.name) if locator.name is not None else None,
            has_text=swap(locator.has_text) if locator.has_text is not None else None,
            within=locator_swap(locator.within) if locator.within is not None else None,
        )

    print_ = bundle.fingerprint
    return replace(
        bundle,
        primary=locator_swap(bundle.primary),
        alternates=tuple(locator_swap(item) for item in bundle.alternates),
        fingerprint=replace(
            print_,
            name=swap(print_.name),
            text=swap(print_.text),
            near=swap(print_.near),
            row_text=swap(print_.row_text),
        ),
    )


def _relative(url_or_path: str, base: str) -> str:
    """The URL as a path where it lies on the base's origin, so that a test can move with it."""
    parts, origin = urlsplit(url_or_path), urlsplit(base)
    if not parts.scheme:
        return url_or_path
    if (parts.scheme, parts.netloc) != (origin.scheme, origin.netloc):
        return url_or_path
    return (
        (parts.path or "/")
        + (f"?{parts.query}" if parts.query else "")
        + (f"#{parts.fragment}" if parts.fragment else "")
    )


def _describe(kind: ActionKind, label: str, value: str, secret: bool) -> str:
    shown = "the password" if secret else f"“{value}”"
    name = f"“{label}”" if label else "the page"
    lines = {
        ActionKind.CLICK: f"Click {name}",
        ActionKind.DOUBLE_CLICK: f"Double-click {name}",
        ActionKind.RIGHT_CLICK: f"Right-click {name}",
        ActionKind.TYPE: f"Enter {shown} into {name}",
        ActionKind.APPEND: f"Add {shown} to {name}",
        ActionKind.CLEAR: f"Empty {name}",
        ActionKind.PRESS: f"Press {value}" + (f" in {name}" if label else ""),
        ActionKind.SELECT: f"Choose {shown} in {name}",
        ActionKind.CHECK: f"Tick {name}",
        ActionKind.UNCHECK: f"Untick {name}",
        ActionKind.UPLOAD: f"Upload a file to {name}",
        ActionKind.HOVER: f"Point at {name}",
        ActionKind.SCROLL: f"Scroll to {name}",
        ActionKind.SET_SLIDER: f"Set {name} to {value}",
        ActionKind.SELECT_TEXT: f"Select {shown} in {name}"
        if value
        else f"Select the text of {name}",
        ActionKind.RESIZE: f"Resize {name} by {value} pixels",
        ActionKind.DRAG: f"Drag {name}" + (f" by {value} pixels" if value else ""),
        ActionKind.RELOAD: "Reload the page",
        ActionKind.BACK: "Go back",
        ActionKind.FORWARD: "Go forward",
        ActionKind.FETCH: f"Fetch {value}",
        ActionKind.WAIT_FOR: f"Wait for {name if label else shown}",
        ActionKind.WAIT_GONE: f"Wait until {name if label else shown} is gone",
    }
    return lines.get(kind, f"{kind.value.replace('_', ' ').capitalize()} {name}")


__all__ = ["Recorder", "expected_effect", "fits_pattern", "path_pattern", "templated"]
