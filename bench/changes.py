"""Changes of one line as real edits of a copy, and as the diff that git would print of them."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from pathlib import Path

_NEW = "new file mode 100644\n"


@dataclass(frozen=True)
class Edit:
    """A change: the file below the application's folder, a text in it and what stands there then.

    ``flow`` is the flow that must notice it, empty for a harmless one. With no original text the
    file is a new one.
    """

    id: str
    file: str
    original: str
    changed: str
    flow: str = ""
    effect: str = ""

    def apply(self, folder: Path) -> None:
        """Make the change in a copy of the application."""
        path = self._path(folder)
        path.write_text(self._edited(path), encoding="utf-8")

    def diff(self, folder: Path) -> str:
        """The change as a unified diff against a copy that does not have it."""
        path = self._path(folder)
        name = path.relative_to(folder).as_posix()
        before = path.read_text(encoding="utf-8") if self.original else ""
        lines = difflib.unified_diff(
            before.splitlines(keepends=True),
            self._edited(path).splitlines(keepends=True),
            f"a/{name}" if self.original else "/dev/null",
            f"b/{name}",
        )
        text = "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
        return f"diff --git a/{name} b/{name}\n{'' if self.original else _NEW}{text}"

    def _path(self, folder: Path) -> Path:
        if not self.original:
            folders = sorted(folder.glob(str(Path(self.file).parent)))
            if not folders:
                raise RuntimeError(f"{self.id}: there is no folder for {self.file}")
            return folders[0] / Path(self.file).name
        found = sorted(folder.glob(self.file))
        if not found:
            raise RuntimeError(f"{self.id}: there is no {self.file}")
        return found[0]

    def _edited(self, path: Path) -> str:
        if not self.original:
            return self.changed
        text = path.read_text(encoding="utf-8")
        if self.original not in text:
            raise RuntimeError(f"{self.id}: {path} does not hold the text to change")
        return text.replace(self.original, self.changed, 1)


@dataclass(frozen=True)
class Feature:
    """Something new: what is said of it, and the edits that bring it."""

    id: str
    said: str
    edits: tuple[Edit, ...]

    def apply(self, folder: Path) -> None:
        """Build it into a copy of the application."""
        for edit in self.edits:
            edit.apply(folder)

    def diff(self, folder: Path) -> str:
        """All edits as one diff against a copy without it."""
        return "".join(edit.diff(folder) for edit in self.edits)


def features(app: str) -> list[Feature]:
    """New features of an application; they stand beside this module."""
    rows = json.loads((Path(__file__).parent / "features" / f"{app}.json").read_text())
    return [
        Feature(
            row["id"],
            row["said"],
            tuple(Edit(row["id"], e["file"], e["original"], e["changed"]) for e in row["edits"]),
        )
        for row in rows
    ]


def seeded(apps: Path, app: str) -> list[Edit]:
    """The seeded regressions of an application."""
    rows = json.loads((apps / "bugs.json").read_text())
    return [
        Edit(r["id"], r["file"], r["original"], r["changed"], r["flow"], r["effect"])
        for r in rows
        if r["app"] == app
    ]


def harmless(app: str) -> list[Edit]:
    """The harmless changes of an application; they stand beside this module."""
    path = Path(__file__).parent / "harmless" / f"{app}.json"
    rows = json.loads(path.read_text()) if path.exists() else []
    return [Edit(r["id"], r["file"], r["original"], r["changed"]) for r in rows]
