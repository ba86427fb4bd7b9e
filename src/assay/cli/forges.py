"""``assay forges``: connecting GitHub and GitLab, for people and scripts."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from assay.cli.errors import RequestRefused
from assay.cli.options import Data, Json

forges = typer.Typer(help="Connections to GitHub and GitLab.", no_args_is_help=True)

Provider = Annotated[str, typer.Argument(help="github or gitlab.")]
Repositories = Annotated[
    list[str], typer.Option("--repository", help="owner/name; may be given several times.")
]
Application = Annotated[str, typer.Option("--app", help="Id of the application they are of.")]


Url = Annotated[
    str | None, typer.Option(help="Address of a server of your own, such as https://git.x.io.")
]
PreviewUrl = Annotated[
    str | None,
    typer.Option(help="Where a pull request runs; {number}, {branch} and {sha} are filled in."),
]
Name = Annotated[str | None, typer.Option(help="What to call it.")]
TokenFile = Annotated[
    Path | None,
    typer.Option(help="File of the token, - for standard input; asked for if not given."),
]
Bearer = Annotated[bool, typer.Option("--bearer", help="GitLab: it is an OAuth token.")]
GitHubApp = Annotated[
    str | None, typer.Option("--github-app", help="Id of a GitHub App, instead of a token.")
]
PrivateKey = Annotated[
    Path | None, typer.Option(help="The App's private key, the .pem file of GitHub.")
]
Installation = Annotated[
    str | None, typer.Option(help="The App's installation; found by repository if not given.")
]
Automatic = Annotated[
    bool, typer.Option("--automatic/--on-request", help="Review every pull request unasked.")
]
Native = Annotated[
    bool, typer.Option("--approve/--no-approve", help="Also approve or request changes.")
]
Project = Annotated[str | None, typer.Option(help="Project id; needed with an organisation's key.")]


@forges.command("add")
def add(
    provider: Provider,
    repository: Repositories,
    application: Application,
    url: Url = None,
    preview_url: PreviewUrl = None,
    name: Name = None,
    token_file: TokenFile = None,
    bearer: Bearer = False,
    github_app: GitHubApp = None,
    private_key: PrivateKey = None,
    installation: Installation = None,
    automatic: Automatic = True,
    native: Native = True,
    project: Project = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Connect a forge and print the webhook to set up there; its secret is shown this once."""
    link = {"applicationShortId": application, "previewUrl": preview_url}
    body: dict[str, Any] = {
        "provider": provider,
        "repositories": [_without_none({"repository": one, **link}) for one in repository],
        "name": name,
        "url": url,
        "automatic": automatic,
        "nativeReviews": native,
        "projectShortId": project,
    }
    if github_app is None:
        body |= {"token": _token(token_file), "bearer": bearer}
    else:
        body["app"] = _app(github_app, private_key, installation)
    made = _call(data, "POST", "/v1/forge-connections", _without_none(body))
    if as_json:
        print(json.dumps(made))
        return
    print(f"{made['shortId']}  {made['name']}  {made['url']}")
    print(f"Webhook address: {made['webhookUrl']}")
    print(f"Webhook secret, shown this once: {made['webhookSecret']}")
    print(f"Events: {_EVENTS.get(provider, '')}.", file=sys.stderr)


@forges.command("list")
def list_forges(data: Data = None, as_json: Json = False) -> None:
    """The forges that your organisation is connected to."""
    found = _call(data, "GET", "/v1/forge-connections")
    if as_json:
        print(json.dumps(found))
        return
    for one in found["forgeConnections"]:
        names = ", ".join(link["repository"] for link in one["repositories"])
        print(f"{one['shortId']}  {one['name']}  {one['url']}  {names}")
        if one["problem"]:
            print(f"{one['shortId']}: {one['problem']}", file=sys.stderr)


@forges.command("remove")
def remove(
    connection: Annotated[str, typer.Argument(help="Id of the connection.")], data: Data = None
) -> None:
    """Remove a connection with its secrets."""
    _call(data, "DELETE", f"/v1/forge-connections/{connection}")


_EVENTS = {
    "github": "pull requests, issue comments, deployment statuses, check runs; "
    "content type application/json",
    "gitlab": "merge request events, comments, deployment events",
}


def _app(app_id: str, private_key: Path | None, installation: str | None) -> dict[str, Any]:
    if private_key is None:
        raise RequestRefused("--github-app needs --private-key.")
    key = {"appId": app_id, "privateKey": private_key.read_text()}
    return _without_none({**key, "installationId": installation})


def _token(file: Path | None) -> str:
    """The token, from a file or typed unseen: on a command line everybody could read it."""
    if file is None:
        return str(typer.prompt("Token", hide_input=True, err=True)).strip()
    return (sys.stdin.read() if str(file) == "-" else file.read_text()).strip()


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _call(
    data: Path | None, method: str, path: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    from assay.cli.client import connect

    async def work() -> dict[str, Any]:
        client = connect(data)
        try:
            if method == "DELETE":
                return await client.delete(path)
            return await (client.get(path) if method == "GET" else client.post(path, body))
        finally:
            await client.close()

    return asyncio.run(work())
