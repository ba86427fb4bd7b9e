"""Writes docs/reference.md from the code: settings, commands, routes, errors; or compares it."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import assay
from assay.kernel.errors import AppError
from assay.settings.reading import SETTINGS

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference.md"
VERBS = ("get", "post", "put", "patch", "delete")


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return ["| " + " | ".join(c.replace("|", "\\|") for c in line) + " |" for line in lines]


def settings() -> list[str]:
    """Every setting, in the order of its table."""
    rows = [(f"`{s.name}`", s.default, s.help) for s in SETTINGS]
    return ["## Settings", "", *table(("variable", "default", "meaning"), rows), ""]


def commands() -> list[str]:
    """Every command of the command line with its options."""
    if importlib.util.find_spec("assay.cli.main") is None:
        return []
    typer_main = importlib.import_module("typer.main")
    root = typer_main.get_command(importlib.import_module("assay.cli.main").app)
    lines = ["## Commands", ""]
    for name, command in _walk(root, "assay"):
        lines += [f"### `{name}`", "", " ".join((command.help or "").split()), ""]
        rows = [
            (f"`{' '.join(p.opts)}`", " ".join((getattr(p, "help", "") or "").split()))
            for p in command.params
            if p.name not in ("help", "install_completion", "show_completion")
        ]
        if rows:
            lines += [*table(("argument or option", "meaning"), rows), ""]
    return lines


def _walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", None)
    if not children:
        yield name, command
        return
    for child in sorted(children):
        yield from _walk(children[child], f"{name} {child}")


def routes() -> list[str]:
    """Every operation of the API, from the OpenAPI document that the server gives out."""
    if importlib.util.find_spec("assay.web.app") is None:
        return []
    document = importlib.import_module("assay.web.app").create_app(None).openapi()
    rows = [
        (f"`{verb.upper()} {path}`", item[verb].get("operationId", ""), _summary(item[verb]))
        for path, item in sorted(document["paths"].items())
        for verb in VERBS
        if verb in item
    ]
    return ["## Routes", "", *table(("request", "operation", "meaning"), rows), ""]


def _summary(operation: dict[str, Any]) -> str:
    text = operation.get("description") or operation.get("summary") or ""
    return " ".join(text.split("\n\n")[0].split())


def errors() -> list[str]:
    """Every error that may reach a person."""
    for found in pkgutil.walk_packages(assay.__path__, "assay."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    rows = sorted(
        (f"`{e.code}`", e.kind.value, " ".join((e.__doc__ or "").split("\n\n")[0].split()))
        for e in _leaves(AppError)
        if e.__module__.startswith("assay.")
    )
    return ["## Errors", "", *table(("code", "kind", "meaning"), rows), ""]


def _leaves(root: type[AppError]) -> Iterator[type[AppError]]:
    for child in root.__subclasses__():
        below = list(_leaves(child))
        yield from below or [child]


def render() -> str:
    """The whole page."""
    head = ["# Reference", "", "Written by `scripts/reference.py` from the code.", ""]
    return "\n".join([*head, *settings(), *commands(), *routes(), *errors()])


def main() -> int:
    """Writes the page, or with `--check` says by the exit code whether it is up to date."""
    text = render()
    if "--check" in sys.argv[1:]:
        return 0 if REFERENCE.exists() and REFERENCE.read_text() == text else 1
    REFERENCE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
