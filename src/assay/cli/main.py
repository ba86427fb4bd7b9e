"""``assay``: the commands and their options. Heavy imports wait until a command needs them."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from assay.cli import exits, things
from assay.cli.forges import forges
from assay.cli.heals import heals
from assay.cli.options import Data, Json
from assay.kernel.errors import AppError

app = typer.Typer(
    name="assay",
    help="A self-hosted QA engineer that you chat with.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(things.keys, name="keys")
app.add_typer(things.projects, name="projects")
app.add_typer(things.apps, name="apps")
app.add_typer(things.envs, name="envs")
app.add_typer(forges, name="forges")
app.add_typer(heals, name="heals")

NoWait = Annotated[bool, typer.Option("--no-wait", help="Return as soon as it was accepted.")]
App = Annotated[
    str | None, typer.Option("--app", help="Application id; a project's only one is found.")
]


@app.command()
def up(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on, 127.0.0.1 if not set.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on, 8080 if not set; 0 for any free one.")
    ] = None,
    data: Data = None,
    demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Test the sample shop on first start.")
    ] = True,
) -> None:
    """Serve API, dashboard and work in one process until Ctrl-C."""
    from assay.cli import local
    from assay.cli.up import run

    raise SystemExit(run(local.settings_of(data, host, port), demo=demo))


@app.command()
def worker(data: Data = None) -> None:
    """Work on what other machines accept, without serving; needs a PostgreSQL database."""
    from assay.cli import local
    from assay.cli.serving import work_alone

    asyncio.run(work_alone(local.settings_of(data)))


@app.command()
def init(data: Data = None, as_json: Json = False) -> None:
    """Make the data folder, an organisation, a project and its key, when there are none."""
    from assay.cli import local

    settings = local.settings_of(data)
    first = asyncio.run(local.with_database(settings, local.set_up))
    if first.key is not None:
        local.write_client_file(settings.client_file, settings.base_url, first.key)
        print(f"The key is kept in {settings.client_file}.", file=sys.stderr)
    shown = {"organisation": first.organisation, "projectShortId": first.project_short_id}
    if first.key is not None:
        shown["apiKey"] = first.key
    if as_json:
        print(json.dumps(shown))
    elif first.key is None:
        print(f"{settings.data} is set up already: project {first.project_short_id}.")
    else:
        print(f"Project {first.project_short_id}; its key, shown this once: {first.key}")


@app.command("sign-in")
def sign_in(data: Data = None) -> None:
    """Print a link that signs you in to the dashboard, once."""
    from assay.cli import local
    from assay.cli.client import kept

    settings = local.settings_of(data)
    base = settings.public_url or kept(settings.client_file).get("url") or settings.base_url
    print(asyncio.run(local.with_database(settings, lambda d: local.new_sign_in_link(d, base))))


@app.command()
def chat(
    message: Annotated[str, typer.Argument(help="What to test, in plain words.")],
    application: App = None,
    env_url: Annotated[str | None, typer.Option(help="Where the application runs.")] = None,
    conversation: Annotated[str | None, typer.Option(help="Go on with this conversation.")] = None,
    as_json: Json = False,
    no_wait: NoWait = False,
    data: Data = None,
) -> None:
    """Send a message and print the answer; Ctrl-C cancels the work."""
    from assay.cli import talk

    manner = talk.Manner(as_json, not no_wait, data)
    code = talk.chat(
        message, app=application, env_url=env_url, conversation=conversation, manner=manner
    )
    raise SystemExit(code)


@app.command()
def review(
    diff: Annotated[
        str | None, typer.Argument(help="A diff file, or - for standard input.", show_default=False)
    ] = None,
    env_url: Annotated[
        str | None, typer.Option("--url", "--env-url", help="Where the change runs.")
    ] = None,
    application: App = None,
    diff_file: Annotated[
        str | None, typer.Option("--diff", help="A diff file, or - for standard input.")
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(help="Take what this git working tree changed since it left BASE."),
    ] = None,
    pr_url: Annotated[
        str | None,
        typer.Option("--pr", "--pr-url", help="Pull or merge request instead of a diff."),
    ] = None,
    provider: Annotated[
        str | None, typer.Option(help="Where that is: github or gitlab; told by its address.")
    ] = None,
    description: Annotated[str | None, typer.Option(help="What the change is about.")] = None,
    context: Annotated[str | None, typer.Option(help="What else to know.")] = None,
    as_json: Json = False,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the verdict.")] = True,
    data: Data = None,
) -> None:
    """Have a change reviewed and print the verdict; Ctrl-C cancels the work.

    The exit code is 0 when it is approved or nothing is to be tested, 1 when changes are
    requested, 2 when it could not be verified.
    """
    from assay.cli import talk

    if diff and diff_file:
        raise typer.BadParameter("give one diff: as an argument or with --diff.")
    asked = talk.Change(diff or diff_file, base, pr_url, provider, description, context)
    manner = talk.Manner(as_json, wait, data)
    raise SystemExit(talk.review(asked, app=application, env_url=env_url, manner=manner))


@app.command()
def export(
    to: Annotated[Path, typer.Option(help="The folder to write to; it is made when needed.")],
    test: Annotated[
        list[str] | None, typer.Option("--test", help="Test id, several times; or all.")
    ] = None,
    style: Annotated[
        str, typer.Option("--format", help="pytest or playwright (TypeScript).")
    ] = "pytest",
    application: App = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write tests as code that runs without Assay: all enabled ones, or those named."""
    from assay.cli.exporting import Wish, export_tests

    named = [name for name in test or [] if name != "all"]
    print(export_tests(Wish(to, style, named, application), data, as_json=as_json))


@app.command()
def certify(
    test: Annotated[list[str] | None, typer.Argument(help="Test ids.", show_default=False)] = None,
    everything: Annotated[bool, typer.Option("--all", help="All enabled tests.")] = False,
    replays: Annotated[
        int | None, typer.Option(min=1, max=200, help="Replays of each test; 10 if not set.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="Makes the first disturbance; each next replay has the next."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(help="Only cpu, late, reordered, media, viewport or all (at once)."),
    ] = None,
    as_json: Json = False,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the end.")] = True,
    data: Data = None,
) -> None:
    """Replay tests under seeded disturbance and tell how often their verdict changes.

    The exit code is 0 when every replay was a clean pass, 1 when one was not, 2 when a test does
    not even pass without disturbance.
    """
    from assay.cli.certifying import Wish
    from assay.cli.certifying import certify as certified

    if bool(test) == everything:
        raise typer.BadParameter("name the tests, or give --all for all enabled ones.")
    wish = Wish(test or [], replays, seed, kind)
    raise SystemExit(certified(wish, data, as_json=as_json, wait=wait))


def main() -> None:
    """The entry point; what goes wrong ends in one line on stderr and its exit code."""
    try:
        # Without standalone mode, an ended command's exit code is what comes back.
        code = app(standalone_mode=False)
    except typer.Exit as error:
        code = error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        code = exits.TURN_FAILED
    except TyperException as error:
        # Without arguments there is no message: the help was shown.
        text = error.format_message().strip()
        code = _ended(text, exits.USAGE) if text else exits.USAGE
    except AppError as error:
        code = _ended(error.message, exits.code_of(error))
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        code = _ended(f"{named}{error.strerror or error}.", exits.UNAVAILABLE)
    raise SystemExit(code)


def _ended(message: str, code: int) -> int:
    print(f"assay: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
