"""Writes what ``assay review --json`` printed into the files that a GitHub step reports with."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(answer: str, output: str, summary: str) -> None:
    """Add verdict and address to the outputs, and the answer's text to the summary."""
    text = Path(answer).read_text(encoding="utf-8").strip()
    if not text:
        return
    found = json.loads(text.splitlines()[-1])
    verdict = (found.get("review") or {}).get("verdict", "")
    with Path(output).open("a", encoding="utf-8") as file:
        file.write(f"verdict={verdict}\nurl={found.get('url', '')}\n")
    told = [one["text"] for one in found.get("messages", ()) if one["role"] == "assistant"]
    if verdict and told:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(f"{told[0]}\n\n[Open in Assay]({found.get('url', '')})\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
