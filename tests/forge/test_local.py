"""Local git: real clones, odd names, renames, binaries, the working tree."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from assay.forge import FileStatus, LocalGit
from assay.forge.errors import GitFailed


class Clone:
    """A repository with a main branch, and what to change in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        self.write("app.js", "one\ntwo\n")
        self.write("old name.js", "".join(f"line {n}\n" for n in range(20)))
        self.write("logo.bin", b"\0\1\2")
        self.commit("Start")

    def git(self, *arguments: str) -> str:
        env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        names = ("-c", "user.name=Ada", "-c", "user.email=ada@example.test")
        done = subprocess.run(
            ["git", *names, *arguments], cwd=self.folder, env=env, check=True, capture_output=True
        )
        return done.stdout.decode()

    def write(self, name: str, content: str | bytes) -> None:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, subject: str) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject)
        return self.git("rev-parse", "HEAD").strip()


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


async def test_a_branch_is_compared_with_where_it_left_its_base(clone: Clone) -> None:
    start = clone.git("rev-parse", "HEAD").strip()
    clone.git("checkout", "-q", "-b", "feature")
    clone.write("app.js", "one\nzwei\n")
    head = clone.commit("Change two")
    clone.git("checkout", "-q", "main")
    clone.write("other.js", "later\n")
    clone.commit("Go on")
    change = await LocalGit(clone.folder).read_change("main", "feature")
    assert (change.pull.head_sha, change.pull.base_sha) == (head, start)
    assert change.pull.title == "Change two"
    assert [(f.path, f.added, f.removed) for f in change.files] == [("app.js", 1, 1)]
    assert "-two\n+zwei\n" in change.diff


async def test_the_working_tree_counts_without_a_head(clone: Clone) -> None:
    clone.write("app.js", "one\n")
    clone.write("new.js", "new\n")
    clone.git("add", "-N", "new.js")
    change = await LocalGit(clone.folder).read_change("main")
    assert [(f.path, f.status) for f in change.files] == [
        ("app.js", FileStatus.MODIFIED),
        ("new.js", FileStatus.ADDED),
    ]


async def test_odd_names_renames_and_binaries_are_exact(clone: Clone) -> None:
    clone.git("checkout", "-q", "-b", "feature")
    clone.git("mv", "old name.js", 'tab\t"ü.js')
    clone.write("logo.bin", b"\0\1\2\3")
    clone.write("app.js", "eins\n")
    clone.commit("Odd")
    change = await LocalGit(clone.folder).read_change("main", "feature")
    found = {f.path: f for f in change.files}
    assert found['tab\t"ü.js'].status is FileStatus.RENAMED
    assert found['tab\t"ü.js'].old_path == "old name.js"
    assert (found["logo.bin"].added, found["logo.bin"].removed) == (0, 0)
    assert (found["app.js"].added, found["app.js"].removed) == (1, 2)


async def test_what_somebody_set_for_themselves_changes_nothing(clone: Clone) -> None:
    clone.git("checkout", "-q", "-b", "feature")
    clone.write("app.js", "one\nzwei\n")
    clone.commit("Change two")
    plain = await LocalGit(clone.folder).read_change("main", "feature")
    for name, value in (
        ("diff.noprefix", "true"),
        ("color.ui", "always"),
        ("diff.external", "false"),
        ("diff.context", "0"),
        ("core.quotePath", "true"),
        ("diff.mnemonicPrefix", "true"),
    ):
        clone.git("config", name, value)
    assert (await LocalGit(clone.folder).read_change("main", "feature")).diff == plain.diff


@pytest.mark.parametrize("base", ["nowhere", "--output=/tmp/x", "-h", ""])
async def test_a_base_that_is_none_is_told(clone: Clone, base: str) -> None:
    with pytest.raises(GitFailed):
        await LocalGit(clone.folder).read_change(base)


async def test_a_folder_without_git_is_told(tmp_path: Path) -> None:
    with pytest.raises(GitFailed):
        await LocalGit(tmp_path).read_change("main")


async def test_branches_with_nothing_in_common_are_told(clone: Clone) -> None:
    clone.git("checkout", "-q", "--orphan", "alone")
    clone.commit("Alone")
    with pytest.raises(GitFailed, match="no commit in common"):
        await LocalGit(clone.folder).read_change("main", "alone")
