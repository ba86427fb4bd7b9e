"""Reads which files a unified diff changes. Refuses what it would read as empty."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assay.chats.assistant.errors import DiffUnreadable

_GIT = re.compile(r"^diff --git (.+)$")
_COMBINED = re.compile(r"^(?:diff --(?:cc|combined) |@@@ )", re.MULTILINE)
_COLOURED = re.compile(r"\x1b\[")
_HUNK = re.compile(r"^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_DOCS = re.compile(
    r"(?:^|/)(?:docs?|documentation)/|\.(?:md|mdx|rst|adoc|txt)$|"
    r"(?:^|/)(?:readme|changelog|changes|licen[cs]e|notice|authors|contributing|code_of_conduct|security|"
    r"\.gitignore|\.editorconfig|codeowners)(?:\.\w+)?$",
    re.IGNORECASE,
)
_NOT_DOCS = re.compile(
    r"(?:^|/)(?:requirements[\w-]*|constraints|robots|cmakelists)\.txt$", re.IGNORECASE
)
_ESCAPE = re.compile(r"\\([0-7]{3}|[abtnvfr\"\\])")
_NAMED = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One file of a diff; ``old_path`` only when it was renamed or copied."""

    path: str
    added: int = 0
    removed: int = 0
    old_path: str = ""
    binary: bool = False

    @property
    def documentation(self) -> bool:
        """Whether nothing that runs can depend on it, by its name alone."""
        return bool(_DOCS.search(self.path)) and not _NOT_DOCS.search(self.path)


def changed_files(diff: str) -> tuple[ChangedFile, ...]:
    """The files of a diff, in its order; raises ``DiffUnreadable`` when there is none."""
    if _COLOURED.search(diff):
        raise DiffUnreadable("The diff has colour codes in it; make it with `git diff --no-color`.")
    if _COMBINED.search(diff):
        raise DiffUnreadable(
            "A combined diff of a merge cannot be read; send the diff against one parent."
        )
    files = _Reader().read(diff.splitlines())
    if not files:
        raise DiffUnreadable("No changed file was found in the diff; a unified diff is expected.")
    return files


class _Reader:
    """Goes through the lines once, counting hunk lines so that content is not taken for headers."""

    def __init__(self) -> None:
        self._files: list[ChangedFile] = []
        self._left = [0, 0]

    def read(self, lines: list[str]) -> tuple[ChangedFile, ...]:
        old = ""
        for line in lines:
            if any(self._left):
                self._body(line)
            elif (git := _GIT.match(line)) is not None:
                self._files.append(ChangedFile(_new_of_pair(git.group(1))))
                old = ""
            elif line.startswith("--- "):
                old = _path(line[4:])
            elif line.startswith("+++ "):
                self._named(_path(line[4:]), old)
            elif line.startswith(("rename from ", "copy from ")):
                self._change(old_path=_unquoted(line.split(" from ", 1)[1]))
            elif line.startswith(("rename to ", "copy to ")):
                self._change(path=_unquoted(line.split(" to ", 1)[1]))
            elif line.startswith(("Binary files ", "GIT binary patch")):
                self._change(binary=True)
            elif (hunk := _HUNK.match(line)) is not None and self._files:
                self._left = [int(hunk.group(1) or 1), int(hunk.group(2) or 1)]
        return tuple(self._files)

    def _named(self, new: str, old: str) -> None:
        path = new if new != "/dev/null" else old
        # A diff without "diff --git" lines begins each file here.
        fresh = not self._files or self._files[-1].added or self._files[-1].removed
        if fresh:
            self._files.append(ChangedFile(path))
        else:
            self._change(path=path)

    def _body(self, line: str) -> None:
        file = self._files[-1]
        if line.startswith("+"):
            self._left[1] -= 1
            self._files[-1] = replace(file, added=file.added + 1)
        elif line.startswith("-"):
            self._left[0] -= 1
            self._files[-1] = replace(file, removed=file.removed + 1)
        elif not line.startswith("\\"):
            self._left = [self._left[0] - 1, self._left[1] - 1]
        self._left = [max(0, left) for left in self._left]

    def _change(
        self, *, path: str | None = None, old_path: str | None = None, binary: bool | None = None
    ) -> None:
        if self._files:
            file = self._files[-1]
            self._files[-1] = replace(
                file,
                path=file.path if path is None else path,
                old_path=file.old_path if old_path is None else old_path,
                binary=file.binary if binary is None else binary,
            )


def _new_of_pair(pair: str) -> str:
    if pair.endswith('"'):
        return _stripped(_unquoted(pair[pair.rindex(' "') + 1 :]))
    half = len(pair) // 2
    # Both names are equal unless the file was renamed, and then "rename to" follows.
    if pair[2:half] == pair[half + 3 :]:
        return pair[half + 3 :]
    return _stripped(pair.rsplit(" b/", 1)[-1])


def _path(text: str) -> str:
    return _stripped(_unquoted(text.split("\t", 1)[0].rstrip()))


def _stripped(path: str) -> str:
    return path[2:] if path.startswith(("a/", "b/", "i/", "w/", "c/", "o/")) else path


def _unquoted(text: str) -> str:
    """A path as git writes it when it has unusual characters, as it is."""
    if not (text.startswith('"') and text.endswith('"') and len(text) > 1):
        return text
    raw = bytearray()
    inner, at = text[1:-1], 0
    for match in _ESCAPE.finditer(inner):
        raw += inner[at : match.start()].encode()
        code = match.group(1)
        raw.append(_NAMED[code] if code in _NAMED else int(code, 8))
        at = match.end()
    raw += inner[at:].encode()
    return raw.decode(errors="replace")
