"""From the text of a diff to a change. What would be read wrongly or as empty is refused.

Anything that ``git diff``, ``git format-patch`` or ``svn diff`` prints is read. Blocking work: 5 MB
take about half a second, so call it in a thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk as ParsedHunk
from unidiff.patch import PatchedFile, PatchSet

from assay.reviews.classify import kind_of
from assay.reviews.errors import DiffUnreadable
from assay.reviews.model import Change, ChangedFile, FileChange, Hunk, Line
from assay.reviews.paths import NOWHERE, file_of, pair_of, shown, unquoted

_COLOURED = re.compile(r"^\x1b\[[0-9;]*m(?:diff |---|\+\+\+|@@)", re.MULTILINE)
_COMBINED = re.compile(r"^(?:diff --(?:cc|combined) |@@@+ -)", re.MULTILINE)
_BINARY = ("Binary files ", "GIT binary patch", "Cannot display: file marked as a binary type")
_SIGNS = frozenset("+- ")
_SVN_BINARY = re.compile(
    r"^Index: ([^\n]+)\n=+\nCannot display: file marked as a binary type", re.MULTILINE
)


def read_change(diff: str) -> Change:
    """The change that a diff describes; raises ``DiffUnreadable`` with what to send instead."""
    if not diff.strip():
        raise DiffUnreadable("The diff is empty: there is no change in it.")
    if _COLOURED.search(diff):
        raise DiffUnreadable("The diff has colour codes in it. Make it with `git diff --no-color`.")
    if _COMBINED.search(diff):
        raise DiffUnreadable(
            "This is the combined diff of a merge, which does not tell what changed against one "
            "side. Send the diff against one parent, such as `git diff main...HEAD`."
        )
    try:
        patches = PatchSet(diff)
    except UnidiffParseError as error:
        raise DiffUnreadable(f"The diff is cut off or damaged: {_told(error)}.") from error
    files = [_file(patch) for patch in patches]
    known = {file.path for file in files}
    files += [file for file in _svn_binaries(diff) if file.path not in known]
    if not files:
        raise DiffUnreadable(
            "No changed file was found in the diff. Send a unified diff, as `git diff` prints it."
        )
    _complete(patches, diff)
    return Change(tuple(files))


def _told(error: UnidiffParseError) -> str:
    text = " ".join(str(error).split()).rstrip(".")
    return text[:1].lower() + text[1:200] if text else "a part of it is missing"


def _complete(patches: Iterable[PatchedFile], diff: str) -> None:
    """Refuse what the parser passes over in silence: lines beyond a hunk, and no hunk at all."""
    lines = diff.split("\n")
    for patch in patches:
        info = _info(patch)
        if not len(patch) and not info.explained and info.announced:
            raise DiffUnreadable(
                f"The diff names {shown(file_of(patch.target_file))} but none of its changed lines "
                "can be read: it is cut off or damaged."
            )
        for hunk in patch:
            last = max((line.diff_line_no or 0 for line in hunk), default=0)
            following = lines[last] if 0 < last < len(lines) else ""
            # A mail made by format-patch ends its last hunk with "-- " and git's version.
            if (
                following.startswith(("+", "-"))
                and not following.startswith(("-- ", "--- ", "+++ "))
                and following.rstrip() != "--"
            ):
                raise DiffUnreadable(
                    f"A hunk of {shown(_path_of(patch))} has more lines than its header says "
                    f"(line {last + 1} of the diff): the diff was edited or damaged."
                )


class _Info:
    """What the lines between ``diff --git`` and the hunks say."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.git = self._after("diff --git ")
        self.renamed = (self._after("rename from "), self._after("rename to "))
        self.copied = (self._after("copy from "), self._after("copy to "))
        self.new_mode = self._after("new mode ")
        self.old_mode = self._after("old mode ")
        self.made = self._after("new file mode ")
        self.gone = self._after("deleted file mode ")
        self.binary = any(line.startswith(_BINARY) for line in lines)
        # Plumbing prints a lone "diff --git" for a file whose time alone changed.
        self.announced = not self.git or bool(self._after("index "))

    def _after(self, start: str) -> str:
        found = next((line for line in self.lines if line.startswith(start)), "")
        return found[len(start) :].rstrip("\r\n")

    @property
    def explained(self) -> bool:
        """Whether a file without hunks is nothing strange."""
        return bool(
            self.binary
            or self.new_mode
            or self.made
            or self.gone
            or self.renamed[0]
            or self.copied[0]
        )


def _info(patch: PatchedFile) -> _Info:
    return _Info([str(line) for line in (patch.patch_info or ())])


def _path_of(patch: PatchedFile) -> str:
    new = file_of(patch.target_file)
    return new if new != NOWHERE else file_of(patch.source_file)


def _file(patch: PatchedFile) -> ChangedFile:
    info = _info(patch)
    old, new = _names(patch, info)
    if info.copied[0]:
        change = FileChange.COPIED
    elif info.renamed[0]:
        change = FileChange.RENAMED
    elif info.made or patch.is_added_file:
        change = FileChange.ADDED
    elif info.gone or patch.is_removed_file:
        change = FileChange.REMOVED
    else:
        change = FileChange.RENAMED if old != new else FileChange.MODIFIED
    path = old if new == NOWHERE else new
    return ChangedFile(
        path=shown(path),
        old_path=shown(path if old == NOWHERE else old),
        change=change,
        kind=kind_of(path),
        binary=info.binary or bool(patch.is_binary_file),
        old_mode=info.old_mode,
        new_mode=info.new_mode,
        hunks=tuple(_hunk(hunk) for hunk in patch),
        added=patch.added,
        removed=patch.removed,
    )


def _names(patch: PatchedFile, info: _Info) -> tuple[str, str]:
    """Old and new path; the most explicit lines count."""
    for old, new in (info.renamed, info.copied):
        if old and new:
            return unquoted(old), unquoted(new)
    old, new = file_of(patch.source_file), file_of(patch.target_file)
    if info.git and (not len(patch) or NOWHERE in (old, new)):
        first, second = pair_of(info.git)
        old = NOWHERE if old == NOWHERE else first
        new = NOWHERE if new == NOWHERE else second
    return old, new


def _hunk(hunk: ParsedHunk) -> Hunk:
    lines = tuple(
        Line(line.line_type, line.source_line_no, line.target_line_no, line.value.rstrip("\r\n"))
        for line in hunk
        if line.line_type in _SIGNS
    )
    return Hunk(hunk.section_header or "", lines)


def _svn_binaries(diff: str) -> list[ChangedFile]:
    """Binary files of ``svn diff``, which have neither ``---`` lines nor hunks."""
    return [
        ChangedFile(
            path=shown(match.group(1)),
            old_path=shown(match.group(1)),
            change=FileChange.MODIFIED,
            kind=kind_of(match.group(1)),
            binary=True,
        )
        for match in _SVN_BINARY.finditer(diff)
    ]
