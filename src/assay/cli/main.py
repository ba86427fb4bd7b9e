"""``assay``: the commands and their options."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from assay.cli import exits
from assay.kernel.errors import AppError, Kind

app = typer.Typer(
    name="assay",
    help="A self-hosted QA engineer that you chat with.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
keys = typer.Typer(help="API keys.", no_args_is_help=True)
projects = typer.Typer(help="Projects.", no_args_is_help=True)
apps = typer.Typer(help="Applications under test.", no_args_is_help=True)
envs = typer.Typer(help="Environments of an application.", no_args_is_help=True)
app.add_typer(keys, name="keys")
app.add_typer(projects, name="projects")
app.add_typer(apps, name="apps")
app.add_typer(envs, name="envs")

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of the database, keys and evidence.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Return as soon as it was accepted.")]


@app.command()
def up(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 for any.")] = None,
    data: Data = None,
    demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Test the sample shop on first start.")
    ] = True,
) -> None:
    """Serve API, dashboard and work in one process."""
    from assay.cli import local
    from assay.cli.up import run

    raise SystemExit(run(local.settings_of(data, host, port), demo=demo))


@app.command()
def init(data: Data = None, as_json: Json = False) -> None:
    """Make the data folder, an organisation, a project and its key, when there are none."""
    from assay.cli import local
    from assay.wiring.build import open_database

    settings = local.settings_of(data)

    async def work() -> local.FirstSetUp:
        database = await open_database(settings)
        try:
            return await local.set_up(database)
        finally:
            await database.close()

    first = asyncio.run(work())
    if first.key is not None:
        local.write_client_file(settings.client_file, settings.base_url, first.key)
    shown = {"organisation": first.organisation, "projectShortId": first.project_short_id}
    if first.key is not None:
        shown["apiKey"] = first.key
    if as_json:
        print(json.dumps(shown))
    elif first.key is None:
        print(f"{settings.data} is set up already: project {first.project_short_id}.")
    else:
        print(f"Project {first.project_short_id} with the key {first.key}")
        print(f"The key is shown this once; it is kept in {settings.client_file}.")


@app.command("sign-in")
def sign_in(data: Data = None) -> None:
    """Print a link that signs you in to the dashboard, once."""
    from assay.cli import local
    from assay.cli.client import kept_url
    from assay.wiring.build import open_database

    settings = local.settings_of(data)

    async def work() -> str:
        database = await open_database(settings)
        try:
            first = await local.set_up(database)
            base = settings.public_url or kept_url(settings.client_file) or settings.base_url
            return await local.sign_in_link(database, first.organisation_id, base)
        finally:
            await database.close()

    print(asyncio.run(work()))


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Option(help="What the key is for.")] = "Key",
    project: Annotated[str | None, typer.Option(help="Project short id.")] = None,
    organisation: Annotated[
        bool, typer.Option("--organisation", help="For all projects of the organisation.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make an API key; it is shown this once."""
    from assay import accounts
    from assay import projects as rooms
    from assay.cli import local
    from assay.wiring.build import open_database

    settings = local.settings_of(data)

    async def work() -> str:
        database = await open_database(settings)
        try:
            first = await local.set_up(database)
            async with database.write() as session:
                project_id = None
                if not organisation:
                    principal = accounts.Principal(first.organisation_id)
                    found = await rooms.resolve_project(
                        session, principal, project or first.project_short_id
                    )
                    project_id = found.id
                issued = await accounts.create_key(
                    session, first.organisation_id, name=name, project_id=project_id
                )
                return issued.token
        finally:
            await database.close()

    token = asyncio.run(work())
    print(json.dumps({"apiKey": token}) if as_json else token)


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


def _print(rows: Sequence[dict[str, Any]] | dict[str, Any], as_json: bool, shown: Any) -> None:
    if as_json:
        print(json.dumps(shown))
        return
    for row in [rows] if isinstance(rows, dict) else rows:
        print("  ".join(str(value) for value in row.values() if not isinstance(value, dict)))


@projects.command("list")
def list_projects(data: Data = None, as_json: Json = False) -> None:
    """The projects that your key may use."""
    found = _call(data, "GET", "/v1/projects")
    _print(found["projects"], as_json, found)


@projects.command("create")
def create_project(
    name: Annotated[str, typer.Argument(help="Its name.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a project in the organisation of this data folder."""
    from assay import projects as rooms
    from assay.cli import local
    from assay.wiring.build import open_database

    settings = local.settings_of(data)

    async def work() -> dict[str, str]:
        database = await open_database(settings)
        try:
            first = await local.set_up(database)
            async with database.write() as session:
                made = await rooms.create_project(session, first.organisation_id, name)
            return {"shortId": made.short_id, "name": made.name, "slug": made.slug}
        finally:
            await database.close()

    made = asyncio.run(work())
    _print(made, as_json, made)


@apps.command("list")
def list_apps(data: Data = None, as_json: Json = False) -> None:
    """The applications of your key's project."""
    found = _call(data, "GET", "/v1/applications")
    _print(found["applications"], as_json, found)


@apps.command("create")
def create_app(
    name: Annotated[str, typer.Argument(help="Its name.")],
    url: Annotated[str, typer.Argument(help="Where it runs.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Register a site to test."""
    made = _call(data, "POST", "/v1/applications", {"name": name, "url": url})
    _print(made, as_json, made)


@envs.command("list")
def list_envs(
    application: Annotated[str, typer.Argument(help="Application short id.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """The environments of an application."""
    found = _call(data, "GET", f"/v1/applications/{application}/environments")
    _print(found["environments"], as_json, found)


@envs.command("create")
def create_env(
    application: Annotated[str, typer.Argument(help="Application short id.")],
    name: Annotated[str, typer.Argument(help="Its name.")],
    url: Annotated[str, typer.Argument(help="Where it runs.")],
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
    _print(made, as_json, made)


@app.command()
def chat(
    message: Annotated[str, typer.Argument(help="What to test, in plain words.")],
    application: Annotated[str | None, typer.Option("--app", help="Application id.")] = None,
    env_url: Annotated[str | None, typer.Option(help="Where the application runs.")] = None,
    conversation: Annotated[str | None, typer.Option(help="Go on with this conversation.")] = None,
    as_json: Json = False,
    no_wait: NoWait = False,
    data: Data = None,
) -> None:
    """Send a message and print the answer."""
    from assay.cli import talk

    raise SystemExit(
        talk.chat(
            message,
            app=application,
            env_url=env_url,
            conversation=conversation,
            as_json=as_json,
            wait=not no_wait,
            data=data,
        )
    )


@app.command()
def review(
    application: Annotated[str, typer.Option("--app", help="Application id.")],
    env_url: Annotated[str, typer.Option(help="Where the change runs.")],
    diff: Annotated[
        str | None, typer.Argument(help="A diff file, or - for standard input.")
    ] = None,
    description: Annotated[str, typer.Option(help="What the change is about.")] = "A change",
    pr_url: Annotated[str | None, typer.Option("--pr", help="Pull request URL.")] = None,
    provider: Annotated[str, typer.Option(help="github or gitlab.")] = "github",
    context: Annotated[str | None, typer.Option(help="What else to know.")] = None,
    as_json: Json = False,
    no_wait: NoWait = False,
    data: Data = None,
) -> None:
    """Have a change reviewed and print the verdict."""
    from assay.cli import talk

    raise SystemExit(
        talk.review(
            diff=diff,
            description=description,
            pr_url=pr_url,
            provider=provider,
            app=application,
            env_url=env_url,
            context=context,
            as_json=as_json,
            wait=not no_wait,
            data=data,
        )
    )


def main() -> None:
    """The entry point; usage errors end with 64, refused keys with 77."""
    try:
        app(standalone_mode=False)
    except typer.Exit as error:
        raise SystemExit(error.exit_code) from error
    except typer.Abort as error:
        raise SystemExit(exits.TURN_FAILED) from error
    except TyperException as error:
        text = error.format_message() if isinstance(error, typer.BadParameter) else str(error)
        exits.fail(text or "see `assay --help`.", exits.USAGE)
    except AppError as error:
        refused = error.kind in {Kind.UNAUTHENTICATED, Kind.FORBIDDEN}
        broken = error.kind in {Kind.UNAVAILABLE, Kind.INTERNAL, Kind.CONFLICT}
        code = exits.REFUSED if refused else exits.UNAVAILABLE if broken else exits.USAGE
        exits.fail(error.message, code)


if __name__ == "__main__":
    main()
