"""Whom to log in as: a configured account, else one that the page itself shows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assay.atlas.scout import choose_credential
from assay.cases.goals_workshop import Workshop

_DEMO = re.compile(
    r"(?:user(?:[ -]?name)?|e-?mail(?: address)?|login)\s*(?:[:=]|\bis\b)\s*[“\"'`]?"
    r"(?P<user>[\w.+-]+(?:@[\w.-]+\w)?)[”\"'`]?"
    r"[\s,;/|·–-]*(?:and\s+|with\s+)?(?:the\s+)?(?:password|pass|pw)\s*(?:[:=]|\bis\b)\s*"
    r"[“\"'`]?(?P<secret>[^\s“”\"'`,;<>()]{3,})",
    re.IGNORECASE,
)
_DEMO_PAIR = re.compile(
    r"(?:demo|test|sample|try|use|sign in with|log in with)[^\n]{0,40}?[“\"'`]?"
    r"(?P<user>[\w.+-]+@[\w.-]+\w)[”\"'`]?\s*(?:/|:|\||and|with)\s*[“\"'`]?"
    r"(?P<secret>[^\s“”\"'`,;<>()]{3,})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Account:
    """What to log in with: templates of a config, or literals that the page itself shows."""

    name: str
    user: str
    secret: str
    shown: bool = False


def demo_account(text: str) -> Account | None:
    """An account that the page prints for its visitors, as demos do."""
    found = _DEMO.search(text) or _DEMO_PAIR.search(text)
    if found is None:
        return None
    secret = found["secret"].rstrip(".")
    return Account("the account shown on the page", found["user"], secret, shown=True)


def account_of(shop: Workshop, page_text: str) -> Account | None:
    """The configured account that the request names (else the first), or one shown on the page."""
    credential = choose_credential(shop.target, shop.request)
    if credential is not None:
        name = credential.name
        return Account(name, f"{{{{config:{name}.username}}}}", f"{{{{config:{name}.password}}}}")
    return demo_account(page_text)
