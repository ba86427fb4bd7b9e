"""From the text of a diff to a change. What would be read wrongly or as empty is refused.

Anything that ``git diff``, ``git format-patch`` or ``svn diff`` prints is read. (The usual library
takes combined and coloured diffs for empty ones, passes over lines beyond a hunk, cannot read names
with spaces without git's own prefixes, and takes 2 s for what takes 0.3 s here.) Blocking work:
call it in a thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assay.reviews.classify import kind_of
from assay.reviews.errors import DiffUnreadable
from assay.reviews.model import Change, ChangedFile, FileChange, Hunk, Line
from assay.reviews.paths import NOWHERE, files_of, named, pair_of, shown, unquoted

_COLOURED = re.compile(r"^\x1b\[[0-9;]*m", re.MULTILINE)
_COMBINED = re.compile(r"^(?:diff --(?:cc|combined) |@@@+ -)", re.MULTILINE)
_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$")
_BINARY = ("Binary files ", "GIT binary patch", "Cannot display: file marked as a binary type")
_GIT, _SVN = "diff --git ", "Index: "
# Lines between "diff --git" and the hunks, by what they say.
_EXTENDED = (
    *("old mode ", "new mode ", "new file mode ", "deleted file mode ", "index "),
    *("rename from ", "rename to ", "copy from ", "copy to "),
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
    files = tuple(section.file() for section in _sections(diff.split("\n")))
    if not files:
        raise DiffUnreadable(
            "No changed file was found in the diff. Send a unified diff, as `git diff` prints it."
        )
    return Change(files)


@dataclass(slots=True)
class _Section:
    """What a diff says of one file, as it is being read."""

    git: str = ""
    svn: str = ""
    names: tuple[str, str] | None = None
    said: dict[str, str] = field(default_factory=dict)
    binary: bool = False
    hunks: list[Hunk] = field(default_factory=list)

    def file(self) -> ChangedFile:
        old, new = self._paths()
        self._check(old if new == NOWHERE else new)
        return ChangedFile(
            path=shown(old if new == NOWHERE else new),
            old_path=shown(new if old == NOWHERE else old),
            change=self._change(old, new),
            kind=kind_of(old if new == NOWHERE else new),
            binary=self.binary,
            old_mode=self.said.get("old mode ", ""),
            new_mode=self.said.get("new mode ", ""),
            hunks=tuple(self.hunks),
            added=sum(1 for hunk in self.hunks for line in hunk.lines if line.sign == "+"),
            removed=sum(1 for hunk in self.hunks for line in hunk.lines if line.sign == "-"),
        )

    def _paths(self) -> tuple[str, str]:
        """Old and new path; the most explicit lines count."""
        for kind in ("rename", "copy"):
            old, new = self.said.get(f"{kind} from ", ""), self.said.get(f"{kind} to ", "")
            if old and new:
                return unquoted(old), unquoted(new)
        if self.names is not None:
            return files_of(*self.names)
        return pair_of(self.git) if self.git else (self.svn, self.svn)

    def _change(self, old: str, new: str) -> FileChange:
        if "copy from " in self.said:
            return FileChange.COPIED
        if "rename from " in self.said:
            return FileChange.RENAMED
        if "new file mode " in self.said or old == NOWHERE:
            return FileChange.ADDED
        if "deleted file mode " in self.said or new == NOWHERE:
            return FileChange.REMOVED
        return FileChange.RENAMED if old != new else FileChange.MODIFIED

    def _check(self, path: str) -> None:
        """Refuse a file whose lines were announced and are not there."""
        whole = {"new mode ", "new file mode ", "deleted file mode ", "rename to ", "copy to "}
        announced = self.names is not None or "index " in self.said
        if announced and not (self.hunks or self.binary or whole & self.said.keys()):
            raise DiffUnreadable(
                f"The diff names {shown(path)} but none of its changed lines can be read: it is "
                "cut off or damaged."
            )


def _sections(lines: Sequence[str]) -> Iterator[_Section]:
    """The files of a diff; whatever else stands in it, such as texts of mails, is passed over."""
    current: _Section | None = None
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith(_GIT):
            if current is not None:
                yield current
            current = _Section(git=line[len(_GIT) :])
        elif line.startswith(_SVN) and _next(lines, at).startswith("==="):
            if current is not None:
                yield current
            current = _Section(svn=line[len(_SVN) :].rstrip("\r"))
        elif line.startswith("--- ") and _next(lines, at).startswith("+++ "):
            if current is None or current.names is not None or current.hunks:
                if current is not None:
                    yield current
                current = _Section()
            current.names = (line[4:], lines[at + 1][4:])
            at += 1
        elif line.startswith("@@ ") and current is not None and current.names is not None:
            hunk, at = _hunk(lines, at, current)
            current.hunks.append(hunk)
            continue
        elif current is not None and not current.hunks:
            _extended(current, line)
        at += 1
    if current is not None:
        yield current


def _next(lines: Sequence[str], at: int) -> str:
    return lines[at + 1] if at + 1 < len(lines) else ""


def _extended(section: _Section, line: str) -> None:
    if line.startswith(_BINARY):
        section.binary = True
    for start in _EXTENDED:
        if line.startswith(start):
            section.said.setdefault(start, line[len(start) :].rstrip("\r"))


def _hunk(lines: Sequence[str], at: int, section: _Section) -> tuple[Hunk, int]:
    """The hunk whose header is at ``at``, and the place of the first line after it."""
    header = _HUNK.match(lines[at].rstrip("\r"))
    if header is None:
        raise _damaged(section, at, "the header of a hunk cannot be read")
    old, old_left, new, new_left = (int(group or 1) for group in header.groups()[:4])
    found: list[Line] = []
    place = at + 1
    while old_left or new_left:
        # The last line break of the text makes one more, empty line.
        if place >= len(lines) or (place == len(lines) - 1 and not lines[place]):
            raise _damaged(section, place, "it ends in the middle of a hunk")
        line = lines[place]
        sign = line[:1] or " "
        text = line[1:].removesuffix("\r")
        if sign == "+" and new_left:
            found.append(Line("+", None, new, text))
            new, new_left = new + 1, new_left - 1
        elif sign == "-" and old_left:
            found.append(Line("-", old, None, text))
            old, old_left = old + 1, old_left - 1
        elif sign in " \r" and old_left and new_left:
            found.append(Line(" ", old, new, text))
            old, old_left, new, new_left = old + 1, old_left - 1, new + 1, new_left - 1
        elif sign != "\\":
            raise _damaged(section, place, "a hunk has other lines than its header says")
        place += 1
    following = lines[place] if place < len(lines) else ""
    # A mail made by format-patch ends its last hunk with "-- " and git's version.
    if following[:1] in ("+", "-") and not re.match(r"-- ?\r?$|--- |\+\+\+ ", following):
        raise _damaged(section, place, "a hunk has more lines than its header says")
    return Hunk(header.group(5), tuple(found)), place


def _damaged(section: _Section, at: int, what: str) -> DiffUnreadable:
    path = shown(named(section.names[1])) if section.names else "a file"
    return DiffUnreadable(
        f"The diff of {path} is cut off or damaged: {what} (line {at + 1} of the diff)."
    )
