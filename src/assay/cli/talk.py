"""``assay chat`` and ``assay review``: they speak only the public HTTP API."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assay.cli import exits
from assay.cli.changes import from_file, from_git
from assay.cli.client import Client, Json, connect, follow
from assay.cli.errors import UsageWrong
from assay.cli.show import markdown, say, step
from assay.kernel.errors import AppError
from assay.kernel.tasks import spawn, stop

_REVIEW = "/v1/chat/change-review"
_VERDICTS = {
    "passed": exits.OK,
    "failed": exits.TEST_FAILED,
    "couldNotVerify": exits.COULD_NOT_VERIFY,
    "approved": exits.OK,
    "nothingToTest": exits.OK,
    "changesRequested": exits.TEST_FAILED,
}


@dataclass(frozen=True)
class Manner:
    """How a command talks: as JSON or for people, waiting for the answer or not, and for whom."""

    as_json: bool
    wait: bool
    data: Path | None


def chat(
    message: str, *, app: str | None, env_url: str | None, conversation: str | None, manner: Manner
) -> int:
    """Send a message and wait for its answer; gives the exit code."""

    async def ask(client: Client) -> int:
        body: Json = {"message": message}
        chosen = await _override(client, app, env_url)
        if chosen is not None:
            body["applicationOverrides"] = [chosen]
        path = f"/v1/chat/{conversation}" if conversation else "/v1/chat"
        return await _send(client, path, body, manner)

    return _with_client(manner, ask)


@dataclass(frozen=True)
class Change:
    """The change that a review is about: a diff file, a git working tree against ``base``, or a
    pull request."""

    diff: str | None
    base: str | None
    pr_url: str | None
    provider: str | None
    description: str | None
    context: str | None


def review(change: Change, *, app: str | None, env_url: str | None, manner: Manner) -> int:
    """Ask for a change review and wait for its verdict; gives the exit code."""
    if sum(one is not None for one in (change.diff, change.base, change.pr_url)) != 1:
        raise UsageWrong(
            "give one of --diff FILE (- for standard input), --base REF in a git working tree, "
            "and --pr URL."
        )
    if env_url is None:
        raise UsageWrong("--url is required: where does the change run?")
    body = _change(change)

    async def ask(client: Client) -> int:
        body["applicationOverrides"] = [await _override(client, app, env_url)]
        return await _send(client, _REVIEW, body, manner)

    return _with_client(manner, ask)


def _with_client(manner: Manner, ask: Callable[[Client], Awaitable[int]]) -> int:
    async def work() -> int:
        client = connect(manner.data)
        try:
            return await ask(client)
        finally:
            await client.close()

    return asyncio.run(work())


async def _override(client: Client, app: str | None, env_url: str | None) -> Json | None:
    """The override that the flags come to; a project's only application need not be named."""
    if app is None and env_url is None:
        return None
    if app is None:
        found = (await client.get("/v1/applications"))["applications"]
        if len(found) != 1:
            raise UsageWrong(
                f"--env-url needs --app: which of the project's {len(found)} applications runs "
                "there? `assay apps list` shows them."
            )
        app = str(found[0]["shortId"])
    if env_url is not None:
        return {"applicationShortId": app, "environment": {"url": env_url}}
    places = (await client.get(f"/v1/applications/{app}/environments"))["environments"]
    if not places:
        raise UsageWrong(f"{app} has no environment: add --env-url.")
    place = next((one for one in places if one.get("isDefault")), places[0])
    return {"applicationShortId": app, "environment": {"shortId": place["shortId"]}}


async def _send(client: Client, path: str, body: Json, manner: Manner) -> int:
    """POST a message or review, follow it, print the answer, and give the exit code."""
    started = await client.post(path, body)
    if not manner.wait:
        print(json.dumps(started) if manner.as_json else started["url"], flush=True)
        return exits.OK
    say(f"Conversation: {started['url']}")
    mine = next((m["id"] for m in started["messages"] if m["role"] == "assistant"), None)
    answer = await _until(client, started["shortId"], mine)
    if answer is None:
        return exits.TURN_FAILED
    final = await client.get(f"/v1/chat/{started['shortId']}", limit=20)
    if manner.as_json:
        print(json.dumps(final), flush=True)
    else:
        markdown(answer["text"], sys.stdout)
        say(f"\n{started['url']}")
    return _exit_code(answer, final.get("review"), reviewing=path == _REVIEW)


async def _until(client: Client, chat_id: str, message: str | None) -> Json | None:
    """Follow the answer. The first Ctrl-C cancels the turn and waits for its end, a second one
    does not wait."""
    told = asyncio.Event()
    again = asyncio.Event()

    def on_signal() -> None:
        (again if told.is_set() else told).set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Signal handlers of loops are there on POSIX only.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, on_signal)
    following = spawn(_followed(client, chat_id, message), name="follow")
    waits = [spawn(one.wait(), name="signal") for one in (told, again)]
    try:
        await asyncio.wait({following, waits[0]}, return_when=asyncio.FIRST_COMPLETED)
        if not following.done():
            say("Cancelling …")
            await client.post(f"/v1/chat/{chat_id}/cancel")
            await asyncio.wait({following, waits[1]}, return_when=asyncio.FIRST_COMPLETED)
        if not following.done():
            return None
        found = following.result()
        if isinstance(found, AppError):
            raise found
        return found
    finally:
        for task in (*waits, following):
            await stop(task)


async def _followed(client: Client, chat_id: str, message: str | None) -> Json | AppError:
    """The final answer, or why it could not be followed."""
    try:
        return await follow(client, chat_id, step, message=message)
    except AppError as error:
        return error


def _exit_code(answer: Json, verdicts: Json | None, *, reviewing: bool) -> int:
    if answer["status"] != "COMPLETED":
        return exits.TURN_FAILED
    if reviewing:
        return _VERDICTS.get((verdicts or {}).get("verdict", ""), exits.COULD_NOT_VERIFY)
    verdict = (answer.get("outcome") or {}).get("verdict")
    return exits.OK if verdict is None else _VERDICTS.get(verdict, exits.COULD_NOT_VERIFY)


def _change(change: Change) -> Json:
    body: Json = {"context": change.context} if change.context else {}
    if change.pr_url is not None:
        return body | {"mode": "pr", "prUrl": change.pr_url, "vcsProviderId": _provider(change)}
    found = from_git(change.base) if change.base is not None else from_file(change.diff or "")
    described = change.description or found.description or "A change"
    changes = {"changeDescription": described, "diff": found.diff}
    return body | {"mode": "rawChanges", "changes": changes}


def _provider(change: Change) -> str:
    if change.provider is not None:
        return change.provider
    return "gitlab" if "/merge_requests/" in (change.pr_url or "") else "github"
