"""Whether runs of tests can be made at once without one seeing what another did."""

from __future__ import annotations

from collections.abc import Sequence

from assay.browser.model import ActionKind
from assay.cases.model import AssertionKind, Step

# What is asserted of a visitor's own page; lists and absences are of what others may change too.
_OWN = frozenset(
    {
        AssertionKind.TEXT,
        AssertionKind.NEW_TEXT,
        AssertionKind.VISIBLE,
        AssertionKind.VALUE,
        AssertionKind.CHECKED,
        AssertionKind.UNCHECKED,
        AssertionKind.ENABLED,
        AssertionKind.DISABLED,
        AssertionKind.URL,
        AssertionKind.NOT_URL,
        AssertionKind.TITLE,
        AssertionKind.STATUS,
    }
)


def independent(steps: Sequence[Step]) -> bool:
    """Whether replays can run at once, each in a session of its own, without meeting.

    What a visitor without an account sends is kept with his session; with an account, only
    signing in is known to leave nothing behind that another replay would see.
    """
    if any(step.extraction is not None or step.action is ActionKind.UPLOAD for step in steps):
        return False
    visitor = not any(_is_password(step) for step in steps) and all(
        step.assertion.kind in _OWN for step in steps if step.assertion is not None
    )
    passwords = 0
    for step in steps:
        passwords += _is_password(step)
        for request in step.effect.requests if step.effect else ():
            if visitor or request.partition(" ")[0] in {"GET", "HEAD", "OPTIONS"}:
                continue
            # A form with two passwords makes an account or changes one.
            if passwords != 1:
                return False
            passwords = 0
    return True


def _is_password(step: Step) -> bool:
    if step.action is None:
        return False
    field = step.target.fingerprint.attributes if step.target else {}
    return step.secret or field.get("type") == "password"
