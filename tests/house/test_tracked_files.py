"""What version control holds: no registry's name, no machine's path, no secret, no big file."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from tests.house.source import ROOT, tracked

# Written in two halves, so that this file does not find itself.
HOSTS = [
    "pypi" + ".org",
    "python" + "hosted",
    "npm" + "js",
    "deb." + "debian",
    "archive." + "ubuntu",
]
PATHS = [r"(?<![\w./-])/" + "(root|work)/", "/tmp/" + "lab"]
FORBIDDEN = re.compile("|".join([*map(re.escape, HOSTS), *PATHS]))
LARGEST = 1_000_000


def text_of(path: str) -> str:
    data = (ROOT / path).read_bytes()
    return "" if b"\0" in data[:8192] else data.decode(errors="replace")


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = [f"{path}:{line}: {what}" for path in tracked() for line, what in hits(path)]
    assert not found


def hits(path: str) -> list[tuple[int, str]]:
    """The lines of a file that name what none may name."""
    lines = enumerate(text_of(path).splitlines(), 1)
    return [(n, m[0]) for n, line in lines if (m := FORBIDDEN.search(line))]


@pytest.mark.parametrize("lock", ["bootstrap", "runtime", "dev", "node"])
def test_locks_name_no_address_and_pin_every_hash(lock: str) -> None:
    text = text_of(f"requirements/{lock}.txt")
    assert "://" not in text
    blocks = re.split(r"\n(?=\S)", text)
    pins = [block for block in blocks if re.match(r"[\w.-]+(\[[\w,-]+\])?==", block)]
    assert pins
    assert all("--hash=sha256:" in block for block in pins)
    assert len(pins) == len(blocks)


def test_the_lock_of_assets_has_hashes_and_no_addresses() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = [p for name, p in lock["packages"].items() if name]
    assert all(p.get("integrity") and "resolved" not in p for p in packages)


def test_the_lock_holds_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lock = (ROOT / "requirements" / "runtime.txt").read_text()
    pinned = set(re.findall(r"^([a-z0-9._-]+)", lock, re.M))
    wanted = {re.split(r"[\[<>=~! ]", line)[0].lower() for line in project["dependencies"]}
    assert wanted <= pinned, f"run scripts/lock: {wanted - pinned}"


def test_the_changelog_has_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert headings[0] == version


def test_files_are_small() -> None:
    big = {p: (ROOT / p).stat().st_size for p in tracked()}
    assert not {p: size for p, size in big.items() if size > LARGEST}
