"""``assay heals``: what replays found in place of what was recorded, to approve or reject."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from assay.cli.options import Data, Json

heals = typer.Typer(
    help="Steps that were done on a similar element, waiting for approval.",
    no_args_is_help=True,
)
Heal = Annotated[str, typer.Argument(help="Id of the heal, as `assay heals list` shows it.")]


@heals.command("list")
def list_heals(
    test: Annotated[str | None, typer.Option(help="Only those of this test.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those approved, rejected or outdated.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """The heals that wait for a decision."""
    query = {"status": "all" if everything else "waiting"} | ({"testCase": test} if test else {})
    found = _call(data, "GET", "/v1/heals", query)
    if as_json:
        print(json.dumps(found))
        return
    for one in found["heals"]:
        print(_line(one))


@heals.command("approve")
def approve(heal: Heal, data: Data = None, as_json: Json = False) -> None:
    """Let the step look for the element that was found from now on."""
    _decide(heal, "approve", data, as_json=as_json)


@heals.command("reject")
def reject(heal: Heal, data: Data = None, as_json: Json = False) -> None:
    """Never do the step on the element that was found: it fails instead."""
    _decide(heal, "reject", data, as_json=as_json)


def _decide(heal: str, what: str, data: Path | None, *, as_json: bool) -> None:
    done = _call(data, "POST", f"/v1/heals/{heal}/{what}", {})
    print(json.dumps(done) if as_json else _line(done))


def _line(one: dict[str, Any]) -> str:
    return (
        f"{one['shortId']}  {one['status']}  {one['testCaseName']} ({one['testCaseShortId']})"
        f"  step {one['step']} ({one['stepText']}): {one['found']} in place of {one['wanted']},"
        f" alike {one['score']:.2f}, {one['margin']:.2f} more than the next"
    )


def _call(data: Path | None, method: str, path: str, given: dict[str, Any]) -> dict[str, Any]:
    from assay.cli.client import connect

    async def work() -> dict[str, Any]:
        client = connect(data)
        try:
            if method == "GET":
                return await client.get(path, **given)
            return await client.post(path, given)
        finally:
            await client.close()

    return asyncio.run(work())
