"""``assay chat`` and ``assay review``: they speak only the public HTTP API."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

from assay.cli import exits
from assay.cli.client import Client, connect, follow
from assay.cli.show import markdown, say, step

_VERDICTS = {
    "passed": exits.OK,
    "failed": exits.TEST_FAILED,
    "couldNotVerify": exits.COULD_NOT_VERIFY,
    "approved": exits.OK,
    "nothingToTest": exits.OK,
    "changesRequested": exits.TEST_FAILED,
    None: exits.OK,
}


def chat(
    message: str,
    *,
    app: str | None,
    env_url: str | None,
    conversation: str | None,
    as_json: bool,
    wait: bool,
    data: Path | None,
) -> int:
    """Send a message and wait for its answer; gives the exit code."""
    if env_url is not None and app is None and conversation is None:
        exits.fail("--env-url needs --app: which application runs there?", exits.USAGE)
    body: dict[str, Any] = {"message": message}
    if app is not None and env_url is not None:
        body["applicationOverrides"] = [
            {"applicationShortId": app, "environment": {"url": env_url}}
        ]
    return asyncio.run(_talk(connect(data), body, conversation, app, as_json, wait))


async def _talk(
    client: Client,
    body: dict[str, Any],
    conversation: str | None,
    app: str | None,
    as_json: bool,
    wait: bool,
) -> int:
    try:
        if app is not None and "applicationOverrides" not in body:
            found = await client.get(f"/v1/applications/{app}/environments")
            first = found["environments"][0]["shortId"]
            body["applicationOverrides"] = [
                {"applicationShortId": app, "environment": {"shortId": first}}
            ]
        path = f"/v1/chat/{conversation}" if conversation else "/v1/chat"
        return await send(client, path, body, as_json=as_json, wait=wait)
    finally:
        await client.close()


async def send(
    client: Client, path: str, body: dict[str, Any], *, as_json: bool, wait: bool
) -> int:
    """POST a message or review, follow it, print the answer, and give the exit code."""
    started = await client.post(path, body)
    if not wait:
        print(json.dumps(started) if as_json else started["url"], flush=True)
        return exits.OK
    if not as_json:
        say(f"Conversation: {started['url']}")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    answer = await _until(client, started["shortId"], stop)
    final = await client.get(f"/v1/chat/{started['shortId']}", limit=2)
    if as_json:
        print(json.dumps(final), flush=True)
    else:
        markdown(answer["text"], sys.stdout)
        say(f"\n{started['url']}")
    return _exit_code(answer, final.get("review"))


async def _until(client: Client, chat_id: str, stop: asyncio.Event) -> dict[str, Any]:
    """Follow the answer; the first Ctrl-C cancels the turn and waits for its end."""
    from assay.kernel.tasks import spawn

    following = spawn(follow(client, chat_id, step), name="follow")
    stopping = spawn(stop.wait(), name="stop")
    await asyncio.wait({following, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not following.done():
        say("Cancelling …")
        await client.post(f"/v1/chat/{chat_id}/cancel")
    answer = await following
    stopping.cancel()
    return answer


def _exit_code(answer: dict[str, Any], review: dict[str, Any] | None) -> int:
    if answer["status"] != "COMPLETED":
        return exits.TURN_FAILED
    if review is not None:
        return _VERDICTS.get(review["verdict"], exits.COULD_NOT_VERIFY)
    outcome = answer.get("outcome") or {}
    return _VERDICTS.get(outcome.get("verdict"), exits.COULD_NOT_VERIFY)


def review(
    *,
    diff: str | None,
    description: str,
    pr_url: str | None,
    provider: str,
    app: str,
    env_url: str,
    context: str | None,
    as_json: bool,
    wait: bool,
    data: Path | None,
) -> int:
    """Ask for a change review and wait for its verdict; gives the exit code."""
    override = {"applicationShortId": app, "environment": {"url": env_url}}
    body: dict[str, Any] = {"applicationOverrides": [override]}
    if context:
        body["context"] = context
    if pr_url is not None:
        body |= {"mode": "pr", "prUrl": pr_url, "vcsProviderId": provider}
    elif diff is not None:
        text = _read(diff)
        body |= {
            "mode": "rawChanges",
            "changes": {"changeDescription": description, "diff": text},
        }
    else:
        exits.fail("give a diff file (or - for standard input), or --pr URL.", exits.USAGE)

    async def work() -> int:
        client = connect(data)
        try:
            return await send(client, "/v1/chat/change-review", body, as_json=as_json, wait=wait)
        finally:
            await client.close()

    return asyncio.run(work())


def _read(diff: str) -> str:
    if diff == "-":
        return (
            sys.stdin.buffer.read()
            .decode("utf-8", "surrogateescape")
            .encode("utf-8", "replace")
            .decode()
        )
    try:
        return Path(diff).read_bytes().decode("utf-8", "replace")
    except OSError as error:
        exits.fail(f"cannot read {diff}: {error.strerror}.", exits.USAGE)
