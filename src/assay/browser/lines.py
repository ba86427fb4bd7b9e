"""Source lines as short marks, so that what ran can be kept without a word of the code; pure.

A mark is a hash of a line's text, white space aside. It holds when lines move to other numbers, and
neither code nor secrets can be read out of it. Those of what ran are compared with those of the
lines of a diff, so both are made here.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Hashable, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

# Bytes of a mark: of 20,000 lines, one in fifty million others has the mark of one of them.
MARK = 5
_SHORTEST, _LONGEST = 6, 500
_COMMENT = re.compile(r"^(?://|/\*|\*|<!--|\{/\*)")
_TELLING = re.compile(r"\w{3}")
_Line = TypeVar("_Line", bound=Hashable)


def plain_line(line: str) -> str:
    """A line without needless white space; empty when its text says too little to know it by, as
    that of a bracket or a comment does."""
    text = " ".join(line.split())
    if not _SHORTEST <= len(text) <= _LONGEST or _COMMENT.match(text):
        return ""
    return text if _TELLING.search(text) else ""


def mark_of(line: str, opener: str = "") -> bytes:
    """The mark of a plain line, alone or together with the one that it is indented under."""
    text = f"{opener}\0{line}" if opener else line
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=MARK).digest()


def openers(lines: Sequence[str], section: str = "") -> list[str]:
    """For each line, the one above that it is indented under, empty if none is known.

    ``section`` is what stands above the first line at its left edge, as git names it for a hunk.
    """
    found: list[str] = []
    above = [(0, section)] if section.strip() else []
    for line in lines:
        indent = len(line) - len(line.lstrip())
        while above and line.strip() and above[-1][0] >= indent:
            above.pop()
        found.append(" ".join(above[-1][1].split()) if above else "")
        if line.strip():
            above.append((indent, line[:_LONGEST]))
    return found


def marks_of(lines: Sequence[str], ran: AbstractSet[int]) -> set[bytes]:
    """Marks of the lines that ran, by their places in the file from 0.

    A text that stands there several times counts only when each of them ran. Else it counts with
    the line that it is indented under, under the same condition.
    """
    plain = [plain_line(line) for line in lines]
    sure = _always_ran(plain, ran)
    marks = {mark_of(line) for line in sure}
    if any(plain[at] and plain[at] not in sure for at in ran):
        pairs = [
            (opener, line) if opener and line and line not in sure else ()
            for opener, line in zip(openers(lines), plain, strict=True)
        ]
        marks.update(mark_of(pair[1], pair[0]) for pair in _always_ran(pairs, ran) if pair)
    return marks


def _always_ran(lines: Sequence[_Line], ran: AbstractSet[int]) -> set[_Line]:
    """What ran in each of its places; empty values are none."""
    stands = Counter(line for line in lines if line)
    times = Counter(lines[at] for at in ran if lines[at])
    return {line for line, count in times.items() if count == stands[line]}
