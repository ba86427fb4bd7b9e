"""Words of user interfaces: tokens, stems, synonyms, and the ones exploring must stay away from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_TOKEN = re.compile(r"[a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

STOP_WORDS = frozenset(
    "a an the of for to in on at by with and or is are be this that your my our it its as from "
    "page feature flow functionality function test tests testing case cases please form area "
    "site section screen work works working".split()
)

_SYNONYMS: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "login signin logon authenticate authentication auth",
        "signup register registration join enrol enroll",
        "cart basket bag trolley",
        "checkout purchase order buy pay",
        "search find lookup query",
        "catalogue catalog shop store products product browse",
        "account profile user",
        "settings preferences options configuration",
        "contact support message enquiry inquiry feedback",
        "comment review reply",
        "filter refine facet narrow",
        "sort order arrange",
        "delete remove erase",
        "add create new insert",
        "edit update change modify",
        "newsletter subscribe subscription",
        "upload attach attachment file import",
        "voucher coupon promo discount code",
        "vote poll ballot",
        "home start main index",
        "admin administration backoffice dashboard",
        "history past orders",
        "todo task item",
        "category department section",
        "password passphrase",
        "help faq support",
        "menu navigation nav",
    )
)

_PHRASES = {
    r"\blog[\s-]*in\b": "login",
    r"\bsign[\s-]*in\b": "signin",
    r"\blog[\s-]*on\b": "logon",
    r"\bsign[\s-]*up\b": "signup",
    r"\blog[\s-]*out\b": "logout",
    r"\bsign[\s-]*out\b": "signout",
    r"\blog[\s-]*off\b": "logoff",
    r"\bcheck[\s-]*out\b": "checkout",
    r"\bcreate (?:an |your |a new |a )?account\b": "signup account",
    r"\bnew (?:account|customer|user)\b": "signup account",
    r"\bto[\s-]?do\b": "todo",
    r"\be-?mail\b": "email",
}

_LOGOUT = re.compile(
    r"\b(?:log|sign)[\s_-]*(?:out|off)\b|\bend session\b|\bexit\b|switch account", re.IGNORECASE
)
_DESTRUCTIVE = re.compile(
    r"\b(?:delete|remove|erase|destroy|purge|wipe|drop|discard|terminate|deactivate|disable|"
    r"revoke|reset|uninstall|unsubscribe|cancel(?:\s+(?:order|subscription|account|membership))|"
    r"close account|clear all|empty (?:cart|basket|trash|bin)|archive|ban|block|suspend|refund|"
    r"shut\s?down|restart|truncate|clear completed|factory)\b",
    re.IGNORECASE,
)
_COMMIT = re.compile(
    r"\b(?:pay|pay now|place (?:the |my |your )?order|buy now|purchase|confirm (?:order|purchase|"
    r"payment)|complete (?:order|purchase)|submit order|order now|donate|transfer|send money|"
    r"subscribe now|book now|publish|send|invite|deploy|launch)\b",
    re.IGNORECASE,
)
_COOKIE_TEXT = re.compile(r"\b(?:cookies?|consent|gdpr|privacy)\b", re.IGNORECASE)
_COOKIE_ACCEPT = re.compile(
    r"^(?:accept(?: all)?(?: cookies)?|allow(?: all)?(?: cookies)?|agree|i agree|i accept|"
    r"ok(?:ay)?|got it|understood|accept (?:&|and) (?:close|continue)|dismiss|close|"
    r"reject(?: all)?|decline|only necessary|necessary only|continue)[.!]?$",
    re.IGNORECASE,
)
_CAPTCHA = re.compile(
    r"captcha|i'?m not a robot|i am not a robot|verify (?:that )?you(?:'| a)re (?:a )?human|"
    r"are you human|security check to access|turnstile",
    re.IGNORECASE,
)


def fold(text: str) -> str:
    """Lower case without accents."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if not unicodedata.combining(char)).lower()


def stem(token: str) -> str:
    """A word with its commonest English endings taken off."""
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("s", "")):
        if token.endswith(ending) and len(token) - len(ending) >= 3 and not token.endswith("ss"):
            return token[: -len(ending)] + put
    return token


def tokens(text: str) -> frozenset[str]:
    """The meaningful stems of a text, a label, an identifier or a URL path."""
    folded = fold(_CAMEL.sub(" ", text))
    for pattern, put in _PHRASES.items():
        folded = re.sub(pattern, put, folded)
    return frozenset(stem(word) for word in _TOKEN.findall(folded) if word not in STOP_WORDS)


_STEMMED_SYNONYMS = tuple(frozenset(stem(word) for word in group) for group in _SYNONYMS)


def widen(words: Iterable[str]) -> frozenset[str]:
    """The stems and everything that means much the same in a user interface."""
    known = frozenset(words)
    out = set(known)
    for group in _STEMMED_SYNONYMS:
        if group & known:
            out |= group
    return frozenset(out)


def closeness(wanted: str, text: str) -> float:
    """How much of ``wanted`` a text is about, 0 to 1: stems count 1, synonyms 0.8."""
    want, have = tokens(wanted), tokens(text)
    if not want or not have:
        return 0.0
    score = 0.0
    for word in want:
        if word in have:
            score += 1.0
        elif widen([word]) & have:
            score += 0.8
    coverage = score / len(want)
    focus = min(1.0, (score + 1) / len(have)) if score else 0.0
    return coverage * (0.75 + 0.25 * focus)


def is_logout(text: str) -> bool:
    """Whether a control would end the session."""
    return bool(_LOGOUT.search(text))


def is_destructive(text: str) -> bool:
    """Whether a control may destroy or undo something."""
    return bool(_DESTRUCTIVE.search(text.replace("_", " ").replace("-", " ")))


def is_commit(text: str) -> bool:
    """Whether a control pays, orders, sends or publishes."""
    return bool(_COMMIT.search(text))


def is_cookie_text(text: str) -> bool:
    """Whether a text speaks of cookies or consent."""
    return bool(_COOKIE_TEXT.search(text))


def is_cookie_accept(text: str) -> bool:
    """Whether a button's words answer a cookie banner."""
    return bool(_COOKIE_ACCEPT.match(text.strip()))


def is_captcha(text: str) -> bool:
    """Whether a text or URL belongs to a CAPTCHA."""
    return bool(_CAPTCHA.search(text))
