"""Small pieces of Markdown that names from tested pages and diffs cannot break."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def plain(text: str) -> str:
    """Text from elsewhere, on one line, shown as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def link(text: str, url: str) -> str:
    """A link, or the bare text when there is nowhere to go."""
    safe = url.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    return (
        f"[{plain(text)}]({safe})" if url.startswith(("http://", "https://", "/")) else plain(text)
    )


def bold(text: str) -> str:
    """Text from elsewhere, in bold."""
    return f"**{plain(text)}**"


def bullets(lines: Sequence[str], indent: str = "") -> str:
    """A list; the lines are Markdown already."""
    return "\n".join(f"{indent}- {line}" for line in lines)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``1 test``, ``2 tests``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """The text as a sentence: a full stop at the end unless it has one."""
    folded = " ".join(text.split())
    return folded if not folded or folded[-1] in ".!?…" else folded + "."


def listed(names: Sequence[str]) -> str:
    """``“a”, “b” and “c”``."""
    quoted = [f"“{plain(name)}”" for name in names]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]
