"""What a replay leaves behind beside its verdict: new noise against the baseline, and files."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from assay.browser.port import Session
from assay.cases.recorder import path_pattern
from assay.kernel.redaction import Redactor

_CHANGING = re.compile(r"https?://\S+|[0-9a-f]{8,}|\d+", re.IGNORECASE)


def noise(
    session: Session, baseline: Sequence[str], redactor: Redactor
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Console errors and failed requests that were not there when the test was written, secrets
    masked, as they are in the baseline."""
    mask = redactor.mask
    known = {_folded(line) for line in baseline}
    console = tuple(
        line
        for line in map(mask, session.console_errors())
        if _folded(f"console {line}") not in known
    )
    requests = []
    for item in session.failed_requests():
        line = mask(f"{item.method} {path_pattern(item.url)} {item.status or item.failure}")
        if _exact(f"request {line}") not in {_exact(entry) for entry in baseline}:
            requests.append(line)
    return console, tuple(requests)


def _folded(line: str) -> str:
    """A console line without what differs between two runs."""
    return _CHANGING.sub("#", line)


def _exact(line: str) -> str:
    return line.strip()


def write_logs(folder: Path | None, session: Session, redactor: Redactor) -> None:
    """Console errors and failed requests as files beside the trace, secrets masked."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    errors = session.console_errors()
    failed = [
        {"method": r.method, "url": r.url, "status": r.status, "failure": r.failure}
        for r in session.failed_requests()
    ]
    (folder / "console.json").write_text(
        json.dumps(redactor.mask_json(list(errors)), indent=1), encoding="utf-8"
    )
    text = json.dumps(redactor.mask_json(failed), indent=1)
    (folder / "failed-requests.json").write_text(text, encoding="utf-8")


def collected(folder: Path | None) -> tuple[Path, ...]:
    """The files of an evidence folder, in the order of their names."""
    if folder is None or not folder.is_dir():
        return ()
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))
