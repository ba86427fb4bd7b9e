"""Comparing texts the way people read them: folded, by words, with numbers taken at their word."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_QUOTES = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u201b": "'",
        "\u2032": "'",
        "\u00b4": "'",
        "`": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u2033": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
        "\u00a0": " ",
        "\u200b": "",
        "\u00ad": "",
    }
)
_SPACE = re.compile(r"\s+")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*%?|[^\W\d_]+(?:'[^\W\d_]+)?")
_NOT = re.compile(r"(?<=\w)n't\b|(?<=can)not\b")
NUMBER = re.compile(r"(?<![\w.,])-?\d[\d,]*(?:\.\d+)?")

NUMBER_WORDS = {
    "zero": 0,
    "no": 0,
    "none": 0,
    "nothing": 0,
    "one": 1,
    "a single": 1,
    "single": 1,
    "two": 2,
    "both": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "twenty": 20,
    "thirty": 30,
    "fifty": 50,
    "hundred": 100,
}

_LITTLE = """
a an the is are was were be been being it its of to in on at for with by from and or that this these
those there then as has have had do does did will would should can you your sees see gets get
now up out into onto
"""
STOP_WORDS = frozenset(_LITTLE.split())


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """White space, quotes, dashes and case made equal, so that looks compare and bytes do not."""
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    return _SPACE.sub(" ", text).strip().casefold()


def contains(hay: str, needle: str) -> bool:
    """Whether ``needle`` stands in ``hay`` on word borders, so that 22.00 is not in 122.00."""
    folded = fold(needle)
    if not folded:
        return True
    whole = fold(hay)
    head = r"(?<![\w])" if folded[0].isalnum() else ""
    tail = r"(?![\w])" if folded[-1].isalnum() else ""
    if folded[0].isdigit():
        head = r"(?<![\w])(?<!\d[.,])"
    if folded[-1].isdigit():
        tail = r"(?![\w%])(?![.,]\d)"
    return re.search(head + re.escape(folded) + tail, whole) is not None


def equal(left: str, right: str) -> bool:
    """Whether two texts read the same."""
    return fold(left) == fold(right)


def in_quotes(text: str) -> str:
    """A text in quotes; quotes within it become single ones, so that both can be told apart."""
    inner = re.sub(r'["\u201c\u201e]([^"\u201c\u201d\u201e]*)["\u201d]', "\u2018\\1\u2019", text)
    return f"\u201c{inner}\u201d"


def tokens(text: str) -> tuple[str, ...]:
    """Words and numbers of a text, folded, in order; "didn't" is "did not"."""
    return tuple(_TOKEN.findall(_NOT.sub(" not", fold(text))))


def stem(word: str) -> str:
    """A word without its common English endings; crude, and the same for both sides."""
    if word[:1].isdigit() or len(word) <= 3:
        return word
    if word.endswith("'s"):
        word = word[:-2]
    for ending, put in (
        ("ies", "y"),
        ("sses", "ss"),
        ("xes", "x"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("ing", ""),
        ("ed", ""),
        ("s", ""),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            if ending == "s" and word.endswith(("ss", "us", "is")):
                continue
            word = word[: len(word) - len(ending)] + put
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiousl":
        word = word[:-1]
    return word.rstrip("e") if len(word) > 3 else word


def stems(text: str, *, content: bool = True) -> tuple[str, ...]:
    """Stems of the words of a text; ``content`` leaves the little words out."""
    return tuple(stem(t) for t in tokens(text) if not (content and t in STOP_WORDS))


def number_of(text: str) -> int | None:
    """A count written in digits or words, else ``None``."""
    word = fold(text)
    if re.fullmatch(r"\d[\d,]*", word):
        return int(word.replace(",", ""))
    return NUMBER_WORDS.get(word)


def numbers(text: str) -> list[float]:
    """Every number in a text, thousands separators understood."""
    found = []
    for match in NUMBER.finditer(text):
        try:
            found.append(float(match.group().replace(",", "")))
        except ValueError:
            continue
    return found


def shorten(text: str, limit: int = 120) -> str:
    """One line of at most ``limit`` characters."""
    line = _SPACE.sub(" ", text).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
