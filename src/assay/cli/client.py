"""What the client commands need of the public HTTP API, and how its errors become exit codes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from assay.cli import exits

DEFAULT_URL = "http://127.0.0.1:8080"
FINAL = {"COMPLETED", "FAILED", "CANCELLED"}
_POLL = 0.25
_TIMEOUT = 30.0


class Client:
    """A caller of the API; every failure ends the command with its exit code."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self._http = httpx.AsyncClient(
            base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=_TIMEOUT
        )

    async def get(self, path: str, **query: str | int) -> dict[str, Any]:
        """GET JSON."""
        return await self._send("GET", path, params=query)

    async def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """POST JSON."""
        return await self._send("POST", path, json=body or {})

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def _send(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            answer = await self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            exits.fail(
                f"no server answers at {self.url} ({type(error).__name__}). Start one with "
                "`assay up`, or set ASSAY_URL.",
                exits.UNAVAILABLE,
            )
        if answer.status_code >= 400:
            exits.fail(_message(answer), _code(answer.status_code))
        found: dict[str, Any] = answer.json()
        return found


def _message(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return f"the server answered {answer.status_code}."


def _code(status: int) -> int:
    if status in {401, 403}:
        return exits.REFUSED
    return exits.UNAVAILABLE if status >= 500 else exits.USAGE


def connect(data: Path | None) -> Client:
    """A client by ASSAY_URL and ASSAY_API_KEY, else by the data folder's client file."""
    from assay.settings import load

    settings = load({"data": str(data)} if data is not None else {})
    kept = _kept(settings.client_file)
    url = settings.url or kept.get("url") or DEFAULT_URL
    key = settings.api_key or kept.get("apiKey", "")
    if not key:
        exits.fail(
            f"no API key: set ASSAY_API_KEY or run `assay init` ({settings.client_file} has none).",
            exits.REFUSED,
        )
    return Client(url, key)


def _kept(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    found: dict[str, str] = json.loads(path.read_text())
    return found


def kept_url(path: Path) -> str:
    """The server address that a client file keeps, or nothing."""
    return _kept(path).get("url", "")


async def follow(
    client: Client, chat: str, on_text: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """Wait for the newest answer of a conversation, telling its growth as it comes."""
    told = 0
    while True:
        messages = (await client.get(f"/v1/chat/{chat}", limit=2))["messages"]
        newest: dict[str, Any] = next(one for one in messages if one["role"] == "assistant")
        if newest["status"] in FINAL:
            return newest
        lines = [line for line in str(newest["text"]).split("\n\n") if line]
        if len(lines) < told:
            told = 0
        if on_text is not None:
            for line in lines[told:]:
                on_text(line)
        told = len(lines)
        await asyncio.sleep(_POLL)
