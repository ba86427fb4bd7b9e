"""Values that steps enter: templates, their rendering in one run, and data made to fit a field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assay.browser.model import Node, Upload


class CredentialLike(Protocol):
    """A named account of the project under test."""

    @property
    def name(self) -> str: ...
    @property
    def username(self) -> str: ...
    @property
    def password(self) -> str: ...


class TargetLike(Protocol):
    """What values need to know about the target."""

    @property
    def credentials(self) -> Sequence[CredentialLike]: ...


class Values:
    """Renders templates for one run; the same seed gives the same values."""

    def __init__(self, target: TargetLike, seed: str) -> None:
        raise NotImplementedError

    def render(self, template: str) -> str:
        """The template with every ``{{…}}`` replaced; raises ValueUnknown for one with no value."""
        raise NotImplementedError

    def set(self, name: str, value: str) -> None:
        """Keep a value for ``{{var:name}}``."""
        raise NotImplementedError


def generate(node: Node, purpose: str = "", seed: str = "", country: str = "") -> str:
    """A template of sensible data for a field (an option's label for a list box)."""
    raise NotImplementedError


def wrong(node: Node, seed: str = "") -> str:
    """A value that the field should refuse: a wrong password, a malformed address or number."""
    raise NotImplementedError


def upload(name: str = "", size: int | None = None, accept: str = "") -> Upload:
    """A small file of the wanted size and kind."""
    raise NotImplementedError
