"""What the house rules look at: the project's own modules, parsed once, and its tracked files."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import assay

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("src/assay", "examples/shop/assay_shop", "scripts", "bench")


@dataclass(frozen=True)
class Module:
    """One Python file: where it is, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """How long it is."""
        return self.text.count("\n")


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """The Python files below some folders of the repository, by path."""
    paths = sorted(p for f in folders or PACKAGES for p in (ROOT / f).rglob("*.py"))
    found = ((p.relative_to(ROOT).as_posix(), p.read_text()) for p in paths)
    return tuple(Module(path, text, ast.parse(text)) for path, text in found)


def functions(module: Module) -> Iterator[tuple[str, int]]:
    """Every function of a module by its qualified name, with its length in lines."""

    def below(node: ast.AST, prefix: str) -> Iterator[tuple[str, int]]:
        for child in ast.iter_child_nodes(node):
            name = prefix
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{prefix}.{child.name}" if prefix else child.name
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield name, (child.end_lineno or child.lineno) - child.lineno + 1
            yield from below(child, name)

    return below(module.tree, "")


def calls(module: Module) -> Iterator[tuple[int, str]]:
    """Every call in a module as its line and the dotted name that is called."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


@cache
def tracked() -> tuple[str, ...]:
    """The paths of the files under version control, those about to be added included."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(sorted(p for p in done.stdout.split("\0") if p and (ROOT / p).is_file()))


@cache
def import_everything() -> None:
    """Imports every module of the package, so that its classes can be listed."""
    for found in pkgutil.walk_packages(assay.__path__, "assay."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
