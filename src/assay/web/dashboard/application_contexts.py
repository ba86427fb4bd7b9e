"""What the page of an application shows: its environments, its map and its forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assay.web.dashboard.contexts import Context, Count, FindingView, Shell


@dataclass(frozen=True, slots=True)
class FormView:
    """A form of the app map."""

    title: str
    place: str
    fields: str
    submit: str


@dataclass(frozen=True, slots=True)
class FormGroup:
    """The forms of one purpose."""

    purpose: str
    forms: tuple[FormView, ...]


@dataclass(frozen=True, slots=True)
class StateView:
    """A state of the app map."""

    name: str
    place: str
    kind: str
    trail: str
    ways: int


@dataclass(frozen=True, slots=True)
class MapView:
    """What is known of one environment."""

    explored_at: datetime | None
    states: tuple[StateView, ...]
    forms: tuple[FormGroup, ...]
    findings: tuple[FindingView, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnvironmentView:
    """One environment of an application with its map, if it was explored."""

    name: str
    site: str
    default: bool
    production: bool
    map: MapView | None


@dataclass(frozen=True, slots=True)
class ApplicationPage(Context):
    """One application."""

    template = "application.html"
    shell: Shell
    name: str
    kind: str
    environments: tuple[EnvironmentView, ...]
    statuses: tuple[Count, ...]
    verdicts: tuple[Count, ...]
    tests_url: str
