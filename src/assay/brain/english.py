"""The plain English of chat messages: politeness, misspelt verbs, numbers, foreign languages."""

from __future__ import annotations

import re

_POLITE = re.compile(
    r"^(?:(?:hi|hey|hello|ok(?:ay)?|alright|great|cool|nice|thanks|thank you|perfect|so|well|now|"
    r"then|and|also|next|first|finally|afterwards|after that|please|pls|plz|kindly|just|assay)\b"
    r"(?:\s+(?:there|team|assay|so much))?[\s,!.:-]*)+",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"^(?:(?:can|could|would|will)\s+you(?:\s+(?:be able to|mind))?|"
    r"would\s+it\s+be\s+possible\s+(?:for\s+you\s+)?to|is it possible to|"
    r"i(?:'d| would)\s+(?:like|love)\s+(?:you\s+)?to|"
    r"i(?:'d| would)\s+(?:like|love)(?=\s+(?:\d|a|an|some|tests?|more|two|three|four|five)\b)|"
    r"i\s+(?:want|need)\s+(?:you\s+)?to|"
    r"i\s+(?:want|need)(?=\s+(?:\d|a|an|some|tests?|two|three|four|five|six|the|more)\b)|"
    r"we\s+(?:want|need)\s+(?:you\s+)?to|we\s+(?:want|need)(?=\s)|we\s+should|you\s+should|"
    r"let(?:'s| us|s)|go ahead and|help me(?:\s+to)?|try to|it would be (?:great|nice) (?:if you "
    r"could|to)|do me a favou?r and|i(?:'d| would) appreciate (?:it )?if you(?:'d| would| could))\b"
    r"[\s,:]*",
    re.IGNORECASE,
)
_PLEASE = re.compile(
    r"[\s,]*\b(?:please|pls|plz|for me|thanks|thank you|cheers|asap)\b(?=[\s.!?,]*$)|"
    r"^\s*please\b[\s,]*|(?<=\s)please\s+",
    re.IGNORECASE,
)
_VERBS = (
    "create", "write", "generate", "make", "draft", "build", "produce", "prepare", "explore",
    "verify", "execute", "check", "validate", "ensure",
)  # fmt: skip
_NOUN_TYPOS = re.compile(r"\b(?:tets|tsets|tesst|testss|tetss|tesrs|teste s|tesst s)\b", re.I)
_NOUN_TYPO = re.compile(r"\b(?:tset|tesr|tset|tesst)\b", re.IGNORECASE)
_REAL_WORDS = frozenset(
    "white site wait quite cheek chick creates created making maker cake take male mace mate lake "
    "drafts bake wake rake sake build guild builds checks check-in makes crate crates".split()
)
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12,
    "couple": 2, "pair": 2, "few": 3, "handful": 5,
}  # fmt: skip
_FOREIGN = frozenset(
    "le la les des une du pour avec est sont dans und der das für ein eine einen bitte mit den dem "
    "nicht ist el los las para por una con del que il di che gli della teste tests erstelle "
    "erstellen crea crear créer crée écris schreibe escribe genera scrivi maak voor een het os um "
    "uma não można dla testy napisz utwórz teste prueba pruebas testa sida och för att".split()
) - {"tests"}
_ENGLISH = frozenset(
    "the for and of to is are it that with test tests my our your this in on run write create make "
    "what why how please all show list explore".split()
)
_QUOTED = re.compile(r"[\"“”«»][^\"“”«»]*[\"“”«»]|(?<!\w)'[^']+'(?!\w)|`[^`]*`")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?", re.UNICODE)


def one_typo_apart(left: str, right: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours joins two words."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    at = 0
    while at < min(len(left), len(right)) and left[at] == right[at]:
        at += 1
    if len(left) == len(right):
        swapped = (
            left[at : at + 2] == right[at : at + 2][::-1] and left[at + 2 :] == right[at + 2 :]
        )
        return swapped or left[at + 1 :] == right[at + 1 :]
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[at + 1 :] == shorter[at:]


def mend(text: str) -> str:
    """A command with its first verb and the word *tests* spelt right."""
    text = _NOUN_TYPOS.sub("tests", text)
    text = _NOUN_TYPO.sub("test", text)
    match = _WORD.search(text)
    if match is None:
        return text
    word = match.group().lower()
    if word == "crate":
        # The one real word that opens a request for tests only by mistake.
        return text[: match.start()] + "create" + text[match.end() :]
    if len(word) < 4 or word in _VERBS or word in _REAL_WORDS:
        return text
    for verb in _VERBS:
        if word[0] == verb[0] and one_typo_apart(word, verb):
            return text[: match.start()] + verb + text[match.end() :]
    return text


def bare(text: str) -> str:
    """A command without greeting and politeness, in one line, its verb mended."""
    folded = " ".join(text.replace("’", "'").split()).strip(" \t.,;:!-–—*")
    while True:
        before = folded
        folded = _PLEASE.sub(" ", folded).strip(" ,")
        folded = _POLITE.sub("", folded)
        folded = _ASKING.sub("", folded)
        if folded == before:
            return mend(folded.strip())


def number(word: str) -> int | None:
    """The number that a word or its digits say."""
    lowered = word.lower()
    return int(lowered) if lowered.isdigit() else _NUMBERS.get(lowered)


def foreign(text: str) -> bool:
    """Whether a message is plainly in another language than English."""
    words = [word.lower() for word in _WORD.findall(_QUOTED.sub(" ", text))]
    if not words:
        return False
    letters = "".join(words)
    if sum(1 for char in letters if ord(char) > 0x24F) > len(letters) / 2:
        return True
    strange = sum(1 for word in words if word in _FOREIGN)
    known = sum(1 for word in words if word in _ENGLISH)
    return (strange >= 2 and strange > known) or (strange == 1 and known == 0 and len(words) > 2)


def quoted(text: str) -> tuple[str, ...]:
    """The quoted phrases of a message, without their quotation marks."""
    found = re.findall(r"[\"“”«]([^\"“”«»]+)[\"“”»]|(?<!\w)'([^']+)'(?!\w)|`([^`]+)`", text)
    return tuple(next(part for part in parts if part).strip() for parts in found)
