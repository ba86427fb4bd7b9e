"""The faults that can be planted in the shop, each off unless it is asked for by name."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Fault(StrEnum):
    """One way in which the shop can be broken."""

    DEAD_BUTTON = "dead-button"
    WRONG_TOTAL = "wrong-total"
    LOST_FORM_VALUE = "lost-form-value"
    SERVER_ERROR = "server-error"
    VALIDATION_MISSING = "validation-missing"
    BROKEN_LINK = "broken-link"
    CONSOLE_ERROR = "console-error"
    WRONG_REDIRECT = "wrong-redirect"


WHAT: dict[Fault, str] = {
    Fault.DEAD_BUTTON: "“Add to cart” on the product page does nothing",
    Fault.WRONG_TOTAL: "the total of cart, checkout and order leaves out the last line",
    Fault.LOST_FORM_VALUE: "the name in the profile and the city in the checkout are not kept",
    Fault.SERVER_ERROR: "placing an order and sending the contact form answer 500",
    Fault.VALIDATION_MISSING: "forms take anything, and a wrong password gets no message",
    Fault.BROKEN_LINK: "“Go to checkout” in the cart and “Contact” lead to a page that is gone",
    Fault.CONSOLE_ERROR: "every page throws an uncaught error in its script",
    Fault.WRONG_REDIRECT: "signing in leads to the front page instead of the account",
}


def parse_faults(names: Iterable[str]) -> frozenset[Fault]:
    """Faults from names, each of which may be a comma-separated list; unknown: ValueError."""
    wanted = [part.strip() for name in names for part in name.split(",")]
    known = {fault.value: fault for fault in Fault}
    unknown = sorted({name for name in wanted if name and name not in known})
    if unknown:
        raise ValueError(f"unknown fault {', '.join(unknown)}; known: {', '.join(known)}")
    return frozenset(known[name] for name in wanted if name)
