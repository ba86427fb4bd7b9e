"""Rules of the house that a linter does not know. Each says why it is there."""

from __future__ import annotations

import ast
import re

from assay.wiring.tables import ROOMS
from tests.house.source import Module, calls, modules

# `Database.write` commits at the end of its block, and durable work writes its own tables.
COMMITTERS = ("src/assay/storage/", "src/assay/jobs/")


def where(found: list[tuple[Module, int]]) -> list[str]:
    return [f"{module.path}:{line}" for module, line in found]


def test_only_settings_reads_the_environment() -> None:
    """A setting that is read anywhere else has no line in the reference and no check."""
    reads = re.compile(r"\bos\.(environ|getenv)\b")
    found = [
        f"{module.path}: {match[0]}"
        for module in modules("src/assay")
        if not module.path.startswith("src/assay/settings/")
        for match in reads.finditer(module.text)
    ]
    assert not found


def test_only_the_edges_commit() -> None:
    """One request or job is one transaction; a commit below splits it in two."""
    found = [
        (module, line)
        for module in modules("src/assay")
        if not module.path.startswith(COMMITTERS)
        for line, name in calls(module)
        if name.endswith(".commit")
    ]
    assert not found, where(found)


def test_tasks_start_only_through_the_kernel() -> None:
    """The event loop forgets tasks that nobody holds, and their failures with them."""
    found = [
        (module, line)
        for module in modules("src/assay")
        if module.path != "src/assay/kernel/tasks.py"
        for line, name in calls(module)
        if name.endswith(("create_task", "ensure_future"))
        and not name.startswith(("group.", "tasks.create_task"))
    ]
    assert not found, where(found)


def test_every_module_says_what_it_is_for() -> None:
    silent = [m.path for m in modules() if m.text.strip() and not ast.get_docstring(m.tree)]
    assert not silent


def test_each_foreign_library_has_one_home() -> None:
    """What is imported in one room only can be replaced there."""
    homes = {
        "playwright": ("src/assay/browser/",),
        "dbos": ("src/assay/jobs/",),
        "jwt": ("src/assay/forge/",),
        "onnxruntime": ("src/assay/cases/",),
        "typer": ("src/assay/cli/",),
        "rich": ("src/assay/cli/",),
        "alembic": ("src/assay/storage/", "src/assay/wiring/"),
        "cryptography": ("src/assay/storage/",),
    }
    found = []
    for module in modules("src/assay"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            else:
                continue
            found += [
                f"{module.path}:{node.lineno} {name}"
                for name in names
                if (home := homes.get(name.partition(".")[0])) and not module.path.startswith(home)
            ]
    assert not found


def test_broad_excepts_give_their_reason() -> None:
    """Only a rim that records and ends may catch everything, and it says that it is one."""
    found = []
    for module in modules("src/assay"):
        lines = module.text.splitlines()
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            broad = node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
            raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            near = lines[node.lineno - 2 : node.lineno + 1]
            if broad and not raises and not any("# " in line for line in near):
                found.append(f"{module.path}:{node.lineno}")
    assert not found


def test_every_room_with_tables_is_loaded_by_migrations() -> None:
    """A room that is left out has its tables in no database."""
    found = [m.path.split("/")[2:-1] for m in modules("src/assay") if m.path.endswith("/tables.py")]
    assert {".".join(room) for room in found} - {"wiring"} == set(ROOMS)
