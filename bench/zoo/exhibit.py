"""What a page of the zoo is: a small document that hides one address behind one odd control."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Fields = Mapping[str, list[str]]


@dataclass(frozen=True)
class Exhibit:
    """One page. ``@GO`` in its texts becomes the address that has to be asked for, ``@HOME`` the
    page's own, ``@HARM`` an address that nobody should ask for.

    ``parts`` are further documents below the page's address. A form that is sent to
    ``@HOME/submit`` leads on to ``@GO`` when ``accepts`` holds for its fields. ``bare`` documents
    are served as they stand. One that is not ``expected`` is shown, but left out of the score.
    """

    name: str
    body: str
    parts: Mapping[str, str] = field(default_factory=dict)
    accepts: Callable[[Fields], bool] | None = None
    bare: bool = False
    expected: bool = True


def filled(*names: str) -> Callable[[Fields], bool]:
    """A form check: every one of these fields was sent with something in it."""
    return lambda fields: all("".join(fields.get(name, [])).strip() for name in names)
