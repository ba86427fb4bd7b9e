"""Makes the description of GitLab that the stand-in's requests and answers are held against.

``python scripts/describe_gitlab.py FOLDER`` writes ``gitlab.json`` and ``gitlab_webhooks.json`` in
``tests/forge/description``. In FOLDER npm has installed ``@gitbeaker/core``, whose types say what
GitLab answers and what its webhooks hold, and ``ts-json-schema-generator``, which turns them into
JSON schemas. Those types say little of requests: what may be asked is written here, after GitLab's
REST documentation.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "tests/forge/description"
PROJECT = "/projects/{id}"
MERGE = f"{PROJECT}/merge_requests/{{merge_request_iid}}"
COMMIT = f"{PROJECT}/repository/commits/{{sha}}"
NOTE = f"{MERGE}/notes/{{note_id}}"
STATES = ["pending", "running", "success", "failed", "canceled", "skipped"]
TEXT, WHOLE, FLAG = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
# By number or by path; one that is written as a number may be read as either.
ID = {"anyOf": [WHOLE, TEXT]}
PAGED = {"page": WHOLE, "per_page": {"type": "integer", "minimum": 1, "maximum": 100}}

# Operation: method and path, status, the type of its answer, what may be in its query or body, and
# what has to be.
OPERATIONS: tuple[tuple[str, str, int, str, dict[str, Any], list[str]], ...] = (
    ("get", "/user", 200, "ExpandedUserSchema", {}, []),
    ("get", PROJECT, 200, "SimpleProjectSchema", {}, []),
    ("get", f"{PROJECT}/members/all/{{user_id}}", 200, "SimpleMemberSchema", {}, []),
    ("get", f"{COMMIT}/merge_requests", 200, "MergeRequestSchema[]", PAGED, []),
    (
        "get",
        f"{COMMIT}/statuses",
        200,
        "CommitStatusSchema[]",
        {
            **PAGED,
            "ref": TEXT,
            "stage": TEXT,
            "name": TEXT,
            "all": FLAG,
            "pipeline_id": WHOLE,
            "order_by": {"enum": ["id", "pipeline_id"]},
            "sort": {"enum": ["asc", "desc"]},
        },
        [],
    ),
    (
        "post",
        f"{PROJECT}/statuses/{{sha}}",
        201,
        "CommitStatusSchema",
        {
            "state": {"enum": STATES},
            "ref": TEXT,
            "target_url": {"type": "string", "maxLength": 255},
            "description": {"type": "string", "maxLength": 255},
            "name": {"type": "string", "maxLength": 255},
            "context": TEXT,
            "coverage": {"type": "number"},
            "pipeline_id": WHOLE,
        },
        ["state"],
    ),
    (
        "get",
        MERGE,
        200,
        "ExpandedMergeRequestSchema",
        {
            "render_html": FLAG,
            "include_diverged_commits_count": FLAG,
            "include_rebase_in_progress": FLAG,
        },
        [],
    ),
    ("get", f"{MERGE}/diffs", 200, "MergeRequestDiffSchema[]", {**PAGED, "unidiff": FLAG}, []),
    (
        "get",
        f"{MERGE}/changes",
        200,
        "MergeRequestChangesSchema",
        {"access_raw_diffs": FLAG, "unidiff": FLAG},
        [],
    ),
    ("get", f"{MERGE}/approvals", 200, "MergeRequestLevelMergeRequestApprovalSchema", {}, []),
    (
        "post",
        f"{MERGE}/approve",
        201,
        "MergeRequestLevelMergeRequestApprovalSchema",
        {"sha": TEXT, "approval_password": TEXT},
        [],
    ),
    ("post", f"{MERGE}/unapprove", 201, "", {}, []),
    (
        "get",
        f"{MERGE}/notes",
        200,
        "NoteSchema[]",
        {
            **PAGED,
            "sort": {"enum": ["asc", "desc"]},
            "order_by": {"enum": ["created_at", "updated_at"]},
        },
        [],
    ),
    (
        "post",
        f"{MERGE}/notes",
        201,
        "NoteSchema",
        {
            "body": {"type": "string", "maxLength": 1_000_000},
            "internal": FLAG,
            "created_at": TEXT,
            "merge_request_diff_head_sha": TEXT,
        },
        ["body"],
    ),
    ("get", NOTE, 200, "NoteSchema", {}, []),
    ("put", NOTE, 200, "NoteSchema", {"body": {"type": "string", "maxLength": 1_000_000}}, []),
    ("get", f"{MERGE}/award_emoji", 200, "AwardEmojiSchema[]", PAGED, []),
    ("post", f"{MERGE}/award_emoji", 201, "AwardEmojiSchema", {"name": TEXT}, ["name"]),
    ("get", f"{NOTE}/award_emoji", 200, "AwardEmojiSchema[]", PAGED, []),
    ("post", f"{NOTE}/award_emoji", 201, "AwardEmojiSchema", {"name": TEXT}, ["name"]),
)
# One payload is made of each, so that every kind of event is received in the tests.
EVENTS = (
    "WebhookCommitNoteEventSchema",
    "WebhookDeploymentEventSchema",
    "WebhookEmojiEventSchema",
    "WebhookFeatureFlagEventSchema",
    "WebhookGroupMemberEventSchema",
    "WebhookIssueEventSchema",
    "WebhookIssueNoteEventSchema",
    "WebhookJobEventSchema",
    "WebhookMergeRequestEventSchema",
    "WebhookMergeRequestNoteEventSchema",
    "WebhookPipelineEventSchema",
    "WebhookPushEventSchema",
    "WebhookReleaseEventSchema",
    "WebhookSnippetNoteEventSchema",
    "WebhookSubGroupEventSchema",
    "WebhookTagEventSchema",
    "WebhookWikiEventSchema",
)
# Where the types are stricter than GitLab: fields that only some editions, members or states have.
OPTIONAL: dict[str, set[str] | str] = {
    "SimpleMemberSchema": {"email"},
    "MergeRequestLevelMergeRequestApprovalSchema": "*",
}
NULLABLE = {
    # Null as long as GitLab prepares the merge request.
    "MergeRequestSchema": {"sha"},
    "ExpandedMergeRequestSchema": {"sha", "diff_refs", "changes_count"},
    "MergeRequestChangesSchema": {"sha"},
    "SimpleMemberSchema": {"expires_at"},
    "CommitStatusSchema": {"description", "target_url", "started_at", "finished_at", "coverage"},
}
# Fields that the types lack.
ADDED = {"CommitStatusSchema": {"pipeline_id": WHOLE, "coverage": {"type": "number"}}}


def generated(folder: Path) -> dict[str, Any]:
    """The JSON schema of each wanted type, by its name."""
    wanted = sorted({name.removesuffix("[]") for _, _, _, name, _, _ in OPERATIONS if name})
    names = [*wanted, *EVENTS]
    fields = "".join(f"  {name}: {name};\n" for name in names)
    source = (
        f"import type {{ {', '.join(names)} }} from '@gitbeaker/core';\n"
        f"export interface Wanted {{\n{fields}}}\n"
    )
    (folder / "types.ts").write_text(source)
    options = {"strict": True, "skipLibCheck": True, "module": "esnext", "target": "es2022"}
    config = {"compilerOptions": {**options, "moduleResolution": "bundler"}, "files": ["types.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(config))
    tool = ["node_modules/.bin/ts-json-schema-generator", "--path", "types.ts"]
    more = ["--tsconfig", "tsconfig.json", "--type", "Wanted", "--additional-properties"]
    done = subprocess.run([*tool, *more], cwd=folder, check=True, capture_output=True)
    found = json.loads(done.stdout)["definitions"]
    if set(found) != {"Wanted"}:
        raise SystemExit(f"expected one definition, found {sorted(found)}")
    schemas: dict[str, Any] = found["Wanted"]["properties"]
    return schemas


def mended(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with what the types leave out put right."""
    for field in NULLABLE.get(name, ()):
        if field in schema["properties"]:
            schema["properties"][field] = {"anyOf": [schema["properties"][field], {"type": "null"}]}
    schema["properties"] |= ADDED.get(name, {})
    free = OPTIONAL.get(name, set())
    left = [] if free == "*" else [one for one in schema.get("required", []) if one not in free]
    return {**schema, "required": left}


def operation(
    method: str, path: str, status: int, answer: str, given: dict[str, Any], needed: list[str]
) -> dict[str, Any]:
    """One operation as OpenAPI has it."""
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    numbers = {"merge_request_iid", "note_id", "user_id"}
    parameters: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": WHOLE if name in numbers else ID if name == "id" else TEXT,
        }
        for name in names
    ]
    if method == "get":
        parameters += [{"name": n, "in": "query", "schema": s} for n, s in given.items()]
    found: dict[str, Any] = {
        "parameters": parameters,
        "responses": {str(status): {"description": ""}},
    }
    if answer:
        one = {"$ref": f"#/components/schemas/{answer.removesuffix('[]')}"}
        schema = {"type": "array", "items": one} if answer.endswith("[]") else one
        found["responses"][str(status)]["content"] = {"application/json": {"schema": schema}}
    if method != "get":
        body = {
            "type": "object",
            "properties": given,
            "required": needed,
            "additionalProperties": False,
        }
        found["requestBody"] = {
            "required": bool(needed),
            "content": {"application/json": {"schema": body}},
        }
    return found


def document(folder: Path, paths: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """A description of these operations and types."""
    package = folder / "node_modules/@gitbeaker/core/package.json"
    version = json.loads(package.read_text())["version"]
    note = f"Types of npm @gitbeaker/core {version} and requests, by scripts/describe_gitlab.py"
    return {
        "openapi": "3.1.0",
        "info": {"title": "GitLab REST API", "version": version, "description": note},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def main() -> None:
    """Read the types, write the descriptions."""
    folder = Path(sys.argv[1])
    paths: dict[str, Any] = {}
    for method, path, status, answer, given, needed in OPERATIONS:
        found = operation(method, path, status, answer, given, needed)
        paths.setdefault(path, {})[method] = found
    types = {name: mended(name, schema) for name, schema in generated(folder).items()}
    events = {name: types.pop(name) for name in EVENTS}
    operations: dict[str, Any] = {}
    for name, shown, schemas in (
        ("gitlab.json", paths, types),
        ("gitlab_webhooks.json", operations, events),
    ):
        text = json.dumps(document(folder, shown, schemas), separators=(",", ":"))
        (TARGET / name).write_text(text + "\n")
        print(f"{name}: {len(text):,} bytes")


if __name__ == "__main__":
    main()
