"""What an assertion may look at beside the observation, and what became of checking it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assay.browser.model import Dialog, Download, Exchange


def _as_is(template: str) -> str:
    return template


@dataclass(frozen=True, slots=True)
class Facts:
    """The run's variables and what the last action exchanged; ``render`` fills in templates.

    ``console_errors`` and ``failed_requests`` are those of the whole run so far.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    exchanges: tuple[Exchange, ...] = ()
    downloads: tuple[Download, ...] = ()
    status: int | None = None
    render: Callable[[str], str] = _as_is
    dialogs: tuple[Dialog, ...] = ()
    console_errors: tuple[str, ...] = ()
    failed_requests: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """Whether an assertion holds; ``seen`` says in plain words what was seen (instead)."""

    ok: bool
    seen: str
