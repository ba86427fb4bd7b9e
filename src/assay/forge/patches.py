"""Unified diffs from what forges give: hunks per file, without the lines that name the file."""

from __future__ import annotations

from collections.abc import Iterable

from assay.forge.model import ChangedFile, FileStatus

_QUOTED = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def unified(files: Iterable[ChangedFile]) -> str:
    """One diff of all files, as ``git diff`` would head them."""
    return "".join(_one(file) for file in files)


def _one(file: ChangedFile) -> str:
    old_path = file.old_path or file.path
    old, new = _named("a/", old_path), _named("b/", file.path)
    lines = [f"diff --git {old} {new}", *_extended(file, old_path)]
    if file.patch is not None and file.patch.strip():
        lines.append(f"--- {'/dev/null' if file.status is FileStatus.ADDED else _after(old)}")
        lines.append(f"+++ {'/dev/null' if file.status is FileStatus.REMOVED else _after(new)}")
        lines.append(file.patch.removesuffix("\n"))
    elif not file.omitted and file.status is FileStatus.MODIFIED:
        lines.append(f"Binary files {old} and {new} differ")
    return "\n".join(lines) + "\n"


def _extended(file: ChangedFile, old_path: str) -> list[str]:
    match file.status:
        case FileStatus.ADDED:
            return ["new file mode 100644"]
        case FileStatus.REMOVED:
            return ["deleted file mode 100644"]
        case FileStatus.RENAMED:
            return [f"rename from {_named('', old_path)}", f"rename to {_named('', file.path)}"]
        case FileStatus.COPIED:
            return [f"copy from {_named('', old_path)}", f"copy to {_named('', file.path)}"]
        case FileStatus.MODIFIED:
            return []


def _named(prefix: str, path: str) -> str:
    """A path as git writes it: quoted when it has characters that would break the line."""
    text = prefix + path
    if not any(letter in _QUOTED or ord(letter) < 32 for letter in text):
        return text
    return (
        '"' + "".join(_QUOTED.get(c, c if ord(c) >= 32 else f"\\{ord(c):03o}") for c in text) + '"'
    )


def _after(name: str) -> str:
    # git ends a name with spaces with a tab, so that readers know where it ends.
    return f"{name}\t" if " " in name and not name.startswith('"') else name
