"""``assay certify``: replaying tests under seeded disturbance, and telling how they held up."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.cli import exits, show
from assay.cli.client import FINAL, Client, connect
from assay.cli.errors import RequestRefused, ServerUnavailable

_POLL = 0.5
# A server that is started again goes on with what it had begun, so a follower waits for it.
_PATIENCE = 30.0
Json = dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """Which tests to certify (none: all enabled ones), and how."""

    tests: Sequence[str]
    replays: int | None
    seed: int | None
    kind: str | None

    def body(self) -> Json:
        """The request, without what was left out."""
        asked = {
            "testCases": list(self.tests) or None,
            "replays": self.replays,
            "seed": self.seed,
            "kind": self.kind,
        }
        return {name: value for name, value in asked.items() if value is not None}


def certify(wish: Wish, data: Path | None, *, as_json: bool, wait: bool) -> int:
    """Certify tests and print what came of it; gives the exit code."""
    return asyncio.run(_certify(wish, connect(data), as_json=as_json, wait=wait))


async def _certify(wish: Wish, client: Client, *, as_json: bool, wait: bool) -> int:
    try:
        made: list[Json] = (await client.post("/v1/certificates", wish.body()))["certificates"]
        if not made:
            show.say("No test is enabled, so there is nothing to certify.")
        if wait:
            made = [await _followed(client, one) for one in made]
    finally:
        await client.close()
    if as_json:
        print(json.dumps({"certificates": made}))
    else:
        for one in made:
            print(_line(one) if wait else f"{one['shortId']}  {one['name']}")
    return _code(made) if wait else exits.OK


async def _followed(client: Client, one: Json) -> Json:
    """A certificate once it is final; tells each replay as it ends."""
    show.say(f"{one['name']} (seed {one['seed']})")
    told = 0
    while True:
        for replay in one["results"][told:]:
            show.step(_replay(replay, one["replays"]))
        told = len(one["results"])
        if one["status"] in FINAL | {"ERROR"}:
            return one
        await asyncio.sleep(_POLL)
        one = await _patiently(client, one["shortId"])


async def _patiently(client: Client, short_id: str) -> Json:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return await client.get(f"/v1/certificates/{short_id}")
        except ServerUnavailable:
            if time.monotonic() > end:
                raise
            await asyncio.sleep(1.0)
        except RequestRefused as error:
            if error.retry_after is None:
                raise
            await asyncio.sleep(error.retry_after)


def _replay(replay: Json, replays: int) -> str:
    verdict = {"passed": "passed", "failed": "FAILED"}.get(replay["verdict"], "could not verify")
    healed = ", on a similar element" if replay["healed"] else ""
    number = f"{replay['number']}/{replays} " if replay["kind"] else ""
    seed = f" (seed {replay['seed']})" if replay["kind"] else ""
    return f"{number}{replay['disturbance']}{seed}: {verdict}{healed}"


def _line(one: Json) -> str:
    signs = {True: "stable", False: "NOT STABLE"}
    return f"{one['name']}: {signs.get(one['stable'], 'not known')}. {one['summary']}"


def _code(made: Sequence[Json]) -> int:
    """0 when all are stable, 1 when one broke, 2 when one could not be told or there was none."""
    if any(one["stable"] is False for one in made):
        return exits.TEST_FAILED
    if not made or any(one["stable"] is None for one in made):
        return exits.COULD_NOT_VERIFY
    return exits.OK
