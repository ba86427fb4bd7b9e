"""Cuts GitHub's published description down to the operations that Assay calls.

``python scripts/trim_github_description.py api.github.com.json VERSION`` reads the file that the
npm package ``@octokit/openapi`` carries as ``generated/api.github.com.json`` and writes
``tests/forge/description/github.json``, which the stand-in's requests and answers are held against.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "tests/forge/description/github.json"
REPO = "/repos/{owner}/{repo}"
OPERATIONS = (
    ("get", f"{REPO}/pulls/{{pull_number}}"),
    ("get", f"{REPO}/pulls/{{pull_number}}/files"),
    ("get", f"{REPO}/pulls/{{pull_number}}/reviews"),
    ("post", f"{REPO}/pulls/{{pull_number}}/reviews"),
    ("get", f"{REPO}/commits/{{commit_sha}}/pulls"),
    ("get", f"{REPO}/commits/{{ref}}/check-runs"),
    ("get", f"{REPO}/commits/{{ref}}/statuses"),
    ("post", f"{REPO}/statuses/{{sha}}"),
    ("post", f"{REPO}/check-runs"),
    ("get", f"{REPO}/check-runs/{{check_run_id}}"),
    ("patch", f"{REPO}/check-runs/{{check_run_id}}"),
    ("get", f"{REPO}/check-runs/{{check_run_id}}/annotations"),
    ("get", f"{REPO}/issues/{{issue_number}}/comments"),
    ("post", f"{REPO}/issues/{{issue_number}}/comments"),
    ("patch", f"{REPO}/issues/comments/{{comment_id}}"),
    ("get", f"{REPO}/issues/{{issue_number}}/reactions"),
    ("post", f"{REPO}/issues/{{issue_number}}/reactions"),
    ("post", f"{REPO}/issues/comments/{{comment_id}}/reactions"),
    ("get", f"{REPO}/installation"),
    ("post", "/app/installations/{installation_id}/access_tokens"),
)
# What only people read; it is most of the file.
PROSE = {"description", "examples", "example", "externalDocs", "summary", "tags"}


def lean(value: Any, *, names: bool = False) -> Any:
    """The value without prose; the keys of ``properties`` and the like are names and stay."""
    if isinstance(value, list):
        return [lean(one) for one in value]
    if not isinstance(value, dict):
        return value
    if not names and value.get("nullable") and "enum" in value and None not in value["enum"]:
        # By the letter of the format an enumeration without null takes no null.
        value = {**value, "enum": [*value["enum"], None]}
    return {
        key: lean(inner, names=not names and key in ("properties", "schemas", "headers"))
        for key, inner in value.items()
        if names or (key not in PROSE and not key.startswith("x-"))
    }


def references(value: Any) -> set[str]:
    """Every component that a value refers to."""
    if isinstance(value, list):
        return {found for one in value for found in references(one)}
    if not isinstance(value, dict):
        return set()
    here = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
    return here | {found for inner in value.values() for found in references(inner)}


def trimmed(whole: dict[str, Any], version: str) -> dict[str, Any]:
    """The operations with the components that they reach."""
    paths: dict[str, Any] = {}
    for verb, path in OPERATIONS:
        operation = lean(whole["paths"][path][verb])
        for answer in operation["responses"].values():
            # Required by the format, and prose otherwise.
            answer.setdefault("description", "") if "$ref" not in answer else None
        paths.setdefault(path, {})[verb] = operation
    components: dict[str, dict[str, Any]] = {}
    wanted, seen = references(paths), set[str]()
    while wanted:
        name = wanted.pop()
        seen.add(name)
        _, _, kind, key = name.split("/")
        found = lean(whole["components"][kind][key])
        if kind == "responses":
            found.setdefault("description", "")
        components.setdefault(kind, {})[key] = found
        wanted |= references(found) - seen
    note = f"npm @octokit/openapi {version}, trimmed by scripts/trim_github_description.py"
    return {
        "openapi": whole["openapi"],
        "info": {"title": "GitHub REST API", "version": version, "description": note},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {kind: dict(sorted(all_.items())) for kind, all_ in components.items()},
    }


def main() -> None:
    """Read the whole description, write the trimmed one."""
    source, version = sys.argv[1:3]
    whole = json.loads(Path(source).read_text())
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(trimmed(whole, version), separators=(",", ":")) + "\n")
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
