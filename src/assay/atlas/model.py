"""The app map: states, actions between them, forms by purpose, and findings. Frozen values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What a form is for, as a person would say it."""

    LOGIN = "login"
    SIGN_UP = "sign-up"
    PASSWORD_RESET = "password reset"
    SEARCH = "search"
    FILTER = "filter"
    CREATE = "create record"
    EDIT = "edit record"
    ADDRESS = "checkout address"
    PAYMENT = "payment"
    CONTACT = "contact"
    NEWSLETTER = "newsletter"
    SETTINGS = "settings"
    UPLOAD = "upload"
    COMMENT = "comment"
    ADD_TO_CART = "add to cart"
    CART = "cart"
    VOUCHER = "voucher"
    LOGOUT = "log-out"
    DELETE = "delete"
    OTHER = "other"


class FindingKind(StrEnum):
    """What can be wrong with a site that was only looked at."""

    BROKEN_LINK = "broken_link"
    FAILING_REQUEST = "failing_request"
    CONSOLE_ERROR = "console_error"
    EXCEPTION = "exception"
    DEAD_CONTROL = "dead_control"
    CAPTCHA = "captcha"
    ACCESSIBILITY = "accessibility"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, free of refs. ``meaning`` is what should be entered (``email`` …);
    ``hints`` are attributes that help to find it again (``name``, ``id``, ``test_id``)."""

    label: str
    role: str
    type: str
    meaning: str
    required: bool
    constraints: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """A form by purpose. ``id`` is stable while its fields and its place stay the same."""

    id: str
    state_id: str
    url: str
    purpose: Purpose
    title: str
    fields: tuple[Field, ...]
    submit: str


@dataclass(frozen=True, slots=True)
class State:
    """A distinct state of the application: pages of one structure are one state.

    ``kind`` is ``page``, ``dialog`` or ``error``; ``fingerprint`` hashes the structure; ``trail``
    is the words of the actions that lead here from ``entry`` (a URL) when no URL alone does.
    """

    id: str
    url: str
    title: str
    heading: str
    kind: str
    fingerprint: str
    depth: int
    status: int | None = None
    entry: str = ""
    trail: tuple[str, ...] = ()
    signed_in: bool = False


@dataclass(frozen=True, slots=True)
class ActionEdge:
    """One action that was done in a state, where it led and what it was seen to change."""

    source: str
    target: str
    action: str
    effect: str

    @property
    def id(self) -> str:
        """Stable across explorations."""
        return digest(self.source, self.target, self.action)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that looks broken, with what was seen. ``fingerprint`` deduplicates it."""

    kind: FindingKind
    title: str
    url: str
    evidence: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Budget:
    """Where exploring stops: whichever bound is reached first.

    ``depth`` is how many steps from the start page are taken. ``odd_seconds`` bounds what is tried
    once links, buttons, tabs and searches are done (hovering, dragging, filling in forms …); with
    0 none of it is. ``audits`` is how many pages are checked for accessibility.
    """

    states: int = 20
    actions: int = 60
    seconds: float = 25.0
    depth: int = 4
    odd_seconds: float = 8.0
    audits: int = 0


@dataclass(frozen=True, slots=True)
class AppMap:
    """What is known of one application in one environment."""

    states: tuple[State, ...] = ()
    actions: tuple[ActionEdge, ...] = ()
    forms: tuple[Form, ...] = ()
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    actions_used: int = 0
    stopped_by: str = ""
    notes: tuple[str, ...] = ()
    explored_at: datetime | None = None

    def state(self, state_id: str) -> State | None:
        """The state with this id, if it is known."""
        return next((state for state in self.states if state.id == state_id), None)

    def forms_for(self, *purposes: Purpose) -> tuple[Form, ...]:
        """The forms with one of these purposes, in the order of the purposes."""
        return tuple(form for purpose in purposes for form in self.forms if form.purpose is purpose)


def digest(*parts: str) -> str:
    """A short stable name for a tuple of texts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
