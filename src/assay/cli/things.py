"""``assay keys``, ``projects``, ``apps`` and ``envs``: making and listing things, for scripts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from assay.cli.options import Data, Json

keys = typer.Typer(help="API keys.", no_args_is_help=True)
projects = typer.Typer(help="Projects.", no_args_is_help=True)
apps = typer.Typer(help="Applications under test.", no_args_is_help=True)
envs = typer.Typer(help="Environments of an application.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(help="Its name.")]
Where = Annotated[str, typer.Argument(help="Where it runs.")]
Application = Annotated[str, typer.Argument(help="Application id.")]


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Option(help="What the key is for.")] = "Key",
    project: Annotated[str | None, typer.Option(help="Project id; the first one's.")] = None,
    organisation: Annotated[
        bool, typer.Option("--organisation", help="For all projects of the organisation.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make an API key; it is shown this once. Works on the data folder, no server is needed."""
    from assay.cli import local

    made = asyncio.run(
        local.with_database(
            local.settings_of(data),
            lambda database: local.new_key(database, name, project, whole=organisation),
        )
    )
    print(json.dumps(made) if as_json else made["apiKey"])


@keys.command("list")
def list_keys(data: Data = None, as_json: Json = False) -> None:
    """The keys that work, by how they start. Works on the data folder, no server is needed."""
    from assay.cli import local

    found = asyncio.run(local.with_database(local.settings_of(data), local.keys_shown))
    _print(found, {"keys": found}, as_json)


@keys.command("revoke")
def revoke_key(
    key: Annotated[str, typer.Argument(help="How it starts, as `assay keys list` shows it.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Refuse a key from now on. Works on the data folder, no server is needed."""
    from assay.cli import local

    done = asyncio.run(
        local.with_database(
            local.settings_of(data), lambda database: local.revoke_key(database, key)
        )
    )
    print(json.dumps(done) if as_json else f"{done['revoked']} ({done['name']}) is revoked.")


@projects.command("list")
def list_projects(data: Data = None, as_json: Json = False) -> None:
    """The projects that your key may use."""
    found = _call(data, "GET", "/v1/projects")
    _print(found["projects"], found, as_json)


@projects.command("create")
def create_project(name: Named, data: Data = None, as_json: Json = False) -> None:
    """Make a project. Works on the data folder, no server is needed."""
    from assay.cli import local

    made = asyncio.run(
        local.with_database(
            local.settings_of(data), lambda database: local.new_project(database, name)
        )
    )
    _print([made], made, as_json)


@apps.command("list")
def list_apps(data: Data = None, as_json: Json = False) -> None:
    """The applications of your key's project."""
    found = _call(data, "GET", "/v1/applications")
    _print(found["applications"], found, as_json)


@apps.command("create")
def create_app(name: Named, url: Where, data: Data = None, as_json: Json = False) -> None:
    """Register a site to test."""
    made = _call(data, "POST", "/v1/applications", {"name": name, "url": url})
    _print([made], made, as_json)


@envs.command("list")
def list_envs(application: Application, data: Data = None, as_json: Json = False) -> None:
    """The environments of an application."""
    found = _call(data, "GET", f"/v1/applications/{application}/environments")
    _print(found["environments"], found, as_json)


@envs.command("create")
def create_env(
    application: Application,
    name: Named,
    url: Where,
    production: Annotated[bool, typer.Option(help="Whether it is production.")] = False,
    ignore_https_errors: Annotated[
        bool, typer.Option(help="Let self-signed certificates through.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Register another place where an application runs."""
    body = {
        "name": name,
        "url": url,
        "isProduction": production,
        "ignoreHttpsErrors": ignore_https_errors,
    }
    made = _call(data, "POST", f"/v1/applications/{application}/environments", body)
    _print([made], made, as_json)


def _call(
    data: Path | None, method: str, path: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    from assay.cli.client import connect

    async def work() -> dict[str, Any]:
        client = connect(data)
        try:
            return await (client.get(path) if method == "GET" else client.post(path, body))
        finally:
            await client.close()

    return asyncio.run(work())


def _print(rows: Sequence[dict[str, Any]], shown: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(shown))
        return
    for row in rows:
        print("  ".join(str(value) for value in row.values() if isinstance(value, str)))
