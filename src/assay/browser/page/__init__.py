"""The scripts that run inside pages, kept as JavaScript files beside this module."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def script(*names: str) -> str:
    """The text of the named scripts (without ``.js``), in order, as one program."""
    folder = resources.files(__name__)
    return "\n".join(folder.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in names)
