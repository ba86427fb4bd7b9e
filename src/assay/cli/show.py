"""Telling people: progress to stderr, answers as readable Markdown."""

from __future__ import annotations

import sys
from typing import TextIO


def say(line: str) -> None:
    """One line of progress on stderr."""
    print(line, file=sys.stderr, flush=True)


def step(line: str) -> None:
    """One line of what the assistant is doing, on stderr."""
    say(f"  · {line}")


def markdown(text: str, out: TextIO) -> None:
    """An answer: rendered on a terminal, as it is elsewhere."""
    if not out.isatty():
        print(text, file=out, flush=True)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console(file=out).print(Markdown(text))
