"""A draft as it may be stored: what a page printed of a config is its template, or masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from assay.browser.model import ActionKind, LocatorBundle
from assay.cases.codec import dump_steps, load_steps
from assay.cases.model import Draft, Step
from assay.kernel.redaction import SHORTEST, Redactor
from assay.projects.model import Target


def without_secrets(draft: Draft, target: Target) -> Draft:
    """The draft with no secret of the target in it.

    Where a step looks for or checks a secret that the page shows, the step keeps the config's
    template, which a replay renders again. Texts for people are masked.
    """
    redactor = Redactor(target.secrets, names=target.user_names)
    if redactor.empty:
        return draft
    templates = _templates(target)

    def hidden(text: str) -> str:
        for secret, template in templates.items():
            text = text.replace(secret, template)
        return redactor.mask(text)

    mask = redactor.mask
    return replace(
        draft,
        key=mask(draft.key),
        name=mask(draft.name),
        goal=mask(draft.goal),
        expected_result=mask(draft.expected_result),
        steps=tuple(_step(step, hidden, mask) for step in draft.steps),
        unchecked=tuple(map(mask, draft.unchecked)),
        problem=mask(draft.problem),
        candidates=tuple(map(mask, draft.candidates)),
        baseline=tuple(map(mask, draft.baseline)),
        notes=tuple(map(mask, draft.notes)),
    )


def bundle_without_secrets(bundle: LocatorBundle, target: Target) -> LocatorBundle:
    """The locators of an element with no secret of the target in them, as in a draft's steps."""
    hidden = without_secrets(
        Draft("", "", "", "", (Step(0, "", action=ActionKind.CLICK, target=bundle),)), target
    )
    return hidden.steps[0].target or bundle


def _templates(target: Target) -> dict[str, str]:
    """Secrets that can be told from ordinary words, the longest first, with their templates."""
    names = {name.casefold() for name in target.user_names}
    found: dict[str, str] = {}
    for one in target.credentials:
        values: Mapping[str, str] = {"password": one.password, **one.values}
        for key, value in values.items():
            if key != "username" and len(value) >= SHORTEST and value.casefold() not in names:
                found.setdefault(value, f"{{{{config:{one.name}.{key}}}}}")
    return dict(sorted(found.items(), key=lambda item: len(item[0]), reverse=True))


def _step(step: Step, hidden: Callable[[str], str], mask: Callable[[str], str]) -> Step:
    if not step.files:
        walked = _each_text(dump_steps([step])[0], hidden)
        if walked == dump_steps([step])[0]:
            return step
        return replace(load_steps([walked])[0], text=mask(step.text))
    return replace(step, text=mask(step.text), value=hidden(step.value))


def _each_text(value: Any, hidden: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return hidden(value)
    if isinstance(value, list):
        return [_each_text(item, hidden) for item in value]
    if isinstance(value, dict):
        return {key: _each_text(item, hidden) for key, item in value.items()}
    return value
