"""The words testers use for results, and cutting what they wrote into clauses."""

from __future__ import annotations

import re

from assay.cases.texts import fold, stems, tokens

_ERROR_WORDS = frozenset(
    """error errors invalid fail failed fails failure must cannot required incorrect wrong
    denied forbidden missing unable sorry oops refused rejected mismatch exceeds mandatory
    unauthorised unauthorized disallowed""".split()
)
_SURE_ERROR = re.compile(
    r"\berrors?\b|\binvalid\b|\bfail(?:ed|ure)\b|\bincorrect\b|\bforbidden\b|\bdenied\b|\boops\b|"
    r"\bnot (?:found|valid|match|allowed|exist)\b|n't (?:match|exist|valid|allowed)\b|\bmust"
    r" (?:be|not|contain)\b|"
    r"\bplease (?:enter|correct|select|fill|choose|provide)\b|\b(?:is|are) required\b|\balready"
    r" (?:exists|taken|in use)\b"
)
_SURE_SUCCESS = re.compile(
    r"\bsuccess(?:ful|fully)?\b|\bthank(?:s| you)\b|\bwelcome\b|\bcongratulations\b|"
    r"\b(?:was|were|has been|have been|is now|are now)\s+(?:\w+ly\s+)?(?:saved|added|created|"
    r"updated|changed|"
    r"placed|sent|deleted|removed|confirmed|completed|registered|submitted|applied|uploaded|"
    r"published|"
    r"stored|received|accepted)\b"
)
_ERROR_PHRASE = re.compile(
    r"\b(?:not|no|please (?:enter|correct|select|fill|choose|provide)|didn't|don't|doesn't|isn't|"
    r"can't|cannot|couldn't|too (?:short|long|common|many|few|small|large)|must)\b"
)
_SUCCESS_WORDS = frozenset(
    """success successful successfully saved added created updated changed thank thanks welcome
    placed sent deleted removed confirmed completed congratulations registered submitted applied
    uploaded published done stored received accepted""".split()
)
_ERROR_KIND = frozenset({"error", "warning", "validation", "failure", "complaint"})
_SUCCESS_KIND = frozenset({"success", "confirmation", "successful", "thank-you"})
_NEUTRAL_KIND = frozenset(
    {
        "message",
        "alert",
        "notice",
        "notification",
        "toast",
        "banner",
        "note",
        "info",
        "flash",
        "hint",
    }
)
_CONTEXT_WORDS = frozenset(
    stems(
        "form field validation inline clear proper helpful suitable generic page screen"
        " appropriate "
        "right correct message text new red server system user friendly some kind any same"
    )
)
_SAME = (
    frozenset(stems("saved added changed updated created stored")),
    frozenset(stems("deleted removed erased")),
    frozenset(stems("basket cart bag")),
    frozenset(stems("login logon signin log sign")),
    frozenset(stems("logout logoff signout log sign")),
    frozenset(stems("password passwords passphrase")),
    frozenset(stems("email mail e-mail")),
    frozenset(stems("index home main start dashboard overview administration")),
    frozenset(stems("picture image photo")),
    frozenset(stems("voucher coupon promotion promo")),
    frozenset(stems("todo task item")),
    frozenset(stems("sent submitted delivered")),
    frozenset(stems("welcome greet greets hello hi")),
    frozenset(stems("registered registering signup registration register")),
)
_OPPOSITES = {
    stem: (frozenset(stems(words)), True)
    for stem, words in (
        (stems("mismatch")[0], "match same identical"),
        (stems("invalid")[0], "valid"),
        (stems("incorrect")[0], "correct match right"),
        (stems("wrong")[0], "correct match right valid"),
        (stems("missing")[0], "found given"),
        (stems("unavailable")[0], "available"),
    )
}
_NEGATION = re.compile(
    r"\b(?:not|no|never|without|cannot|please)\b|n't\b|\b(?:differ|different|incorrect|invalid)\b"
)
_PROTECTED = re.compile(
    r"""(?<![\w])'[^']+'(?![\w])|"[^"]+"|\u201c[^\u201d]+\u201d|\u2018[^\u2019]+\u2019"""
    r"""|`[^`]+`|\([^)]*\)"""
)
QUOTED = re.compile(
    r"""(?:(?<![\w])'(?P<a>[^']+)'(?![\w])|"(?P<b>[^"]+)"|\u201c(?P<c>[^\u201d]+)\u201d"""
    r"""|\u2018(?P<d>[^\u2019]+)\u2019(?![\w])|`(?P<e>[^`]+)`)"""
)


def quoted(text: str) -> list[str]:
    """What stands in quotes, apostrophes left alone."""
    return [next(part for part in match if part) for match in QUOTED.findall(text)]


def tidy(clause: str) -> str:
    """A clause without the frame around it ("the user should see that …") or a closing stop."""
    text = re.sub(r"\s+", " ", clause).strip(" ,;").strip()
    text = re.sub(r"(?<![.])\.$", "", text).strip()
    text = re.sub(r"^(?:and|but|also|so|with|expect(?:ed)?:?)\s+", "", text, flags=re.I)
    text = re.sub(
        r"^which\s+(?=(?:now\s+)?(?:shows|says|lists|has)\b)", "the page ", text, flags=re.I
    )
    frame = (
        r"^(?:the\s+)?(?:user|tester|visitor|customer|you|it|one|we|i)\s+"
        r"(?:should\s+|can\s+|will\s+|now\s+)*(?:sees?|gets?|be\s+shown|is\s+shown)\s+(?:that\s+)?"
    )
    text = re.sub(frame, "", text, flags=re.I)
    text = re.sub(r"^there\s+(?:is|are|should\s+be|will\s+be)\s+", "", text, flags=re.I)
    return re.sub(r"\b(?:should|will|must)\s+be\b", "is", text, flags=re.I).strip()


def split_outside(text: str, pattern: str) -> list[str]:
    """Split at a pattern, but never inside quotes or brackets."""
    spans = [match.span() for match in _PROTECTED.finditer(text)]
    parts: list[str] = []
    start = 0
    for match in re.finditer(pattern, text, flags=re.I):
        if any(a < match.end() and match.start() < b for a, b in spans):
            continue
        parts.append(text[start : match.start()])
        start = match.end()
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip(" ,;.")]


def clauses(line: str) -> list[str]:
    """The statements of a line: at semicolons, new lines and ends of sentences."""
    pieces = split_outside(line, r"\s*[;\n]+\s*|(?<=\w[.!])\s+(?=[A-Z])")
    parts = [re.sub(r"^\s*(?:[-*\u2022]|\d+[.)])\s+", "", piece).strip() for piece in pieces]
    return [part for part in parts if part]


def message_kind(words: str) -> str | None:
    """``error``, ``success`` or ``neutral`` when the words name a message, else ``None``."""
    found = set(re.findall(r"[a-z-]+", fold(words)))
    singular = found | {word.rstrip("s") for word in found}
    if singular & _SUCCESS_KIND:
        return "success"
    if singular & _ERROR_KIND:
        return "error"
    return "neutral" if singular & _NEUTRAL_KIND else None


def without_kind(words: str) -> tuple[str, ...]:
    """The stems that say what a message is about: no words for messages, no words of context."""
    kinds = {stem for word in _ERROR_KIND | _SUCCESS_KIND | _NEUTRAL_KIND for stem in stems(word)}
    return tuple(s for s in stems(words) if s not in kinds and s not in _CONTEXT_WORDS)


def error_like(line: str) -> bool:
    """Whether a text reads like an error or a refusal."""
    return bool(set(tokens(line)) & _ERROR_WORDS) or bool(_ERROR_PHRASE.search(fold(line)))


def surely(kind: str, line: str) -> bool:
    """Whether a text that nothing marks as a message is one all the same, by its wording."""
    if kind == "error":
        return bool(_SURE_ERROR.search(fold(line)))
    found = bool(_SURE_SUCCESS.search(fold(line))) and not _refusal(line)
    return found and not line.rstrip().endswith("?")


def success_like(line: str) -> bool:
    """Whether a text reads like a confirmation."""
    return bool(set(tokens(line)) & _SUCCESS_WORDS) and not _refusal(line)


def _refusal(line: str) -> bool:
    return bool(re.search(r"\b(?:error|failed|could not|cannot|not|unable)\b|n't\b", fold(line)))


def negated(line: str) -> bool:
    """Whether a text says that something is not so."""
    return bool(_NEGATION.search(fold(line)))


def covers(line: str, wanted: tuple[str, ...]) -> bool:
    """Whether a text has every wanted stem, by itself, a word for the same, or its negated
    opposite ("mismatch" in "didn't match")."""
    have = set(stems(line, content=False))
    return all(_has(have, line, word) for word in wanted)


def _has(have: set[str], line: str, word: str) -> bool:
    if word in have or same_words(word) & have:
        return True
    if word in _OPPOSITES:
        opposites, _ = _OPPOSITES[word]
        return bool(opposites & have) and negated(line)
    return False


def same_words(word: str) -> set[str]:
    """Stems that testers use for the same thing."""
    found = {word}
    for group in _SAME:
        if word in group:
            found |= group
    return found


def polarity_fits(clause: str, line: str) -> bool:
    """Whether a text does not deny what the clause states ("Saved" is not in "Not saved")."""
    return negated(clause) or error_like(clause) or not _refusal(line)


def is_bare(words: str) -> bool:
    """Whether words are too few or too common to be looked for as they stand."""
    return len(tokens(words)) < 2 and not any(ch.isdigit() for ch in words)
