"""What the client commands need of the public HTTP API; its errors end a command by exit code."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from assay.cli.errors import KeyRefused, RequestRefused, ServerUnavailable
from assay.settings import load

DEFAULT_URL = "http://127.0.0.1:8080"
FINAL = {"COMPLETED", "FAILED", "CANCELLED"}
# An answer of long work grows at most twice a second; reading it costs the server 15 ms.
_FIRST_POLL, _POLL = 0.25, 0.6
_QUICK = 5.0
_TIMEOUT = 30.0
# A server that is started again goes on with what it had begun, so a follower waits for it.
_PATIENCE = 30.0

Json = dict[str, Any]


class Client:
    """A caller of the API. Raises ServerUnavailable, KeyRefused or RequestRefused."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self._http = httpx.AsyncClient(
            base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=_TIMEOUT
        )

    async def get(self, path: str, **query: str | int) -> Json:
        """GET JSON."""
        return await self._send("GET", path, params=query)

    async def post(self, path: str, body: Json | None = None) -> Json:
        """POST JSON."""
        return await self._send("POST", path, json=body or {})

    async def delete(self, path: str) -> Json:
        """DELETE; what comes back is empty."""
        return await self._send("DELETE", path)

    async def load(self, path: str, query: Sequence[tuple[str, str]]) -> bytes:
        """GET a file."""
        return (await self._answer("GET", path, params=query)).content

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def _send(self, method: str, path: str, **options: Any) -> Json:
        return self._json(await self._answer(method, path, **options))

    async def _answer(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            answer = await self._http.request(method, path, **options)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServerUnavailable(
                f"no server answers at {self.url} ({type(error).__name__}). Start one with "
                "`assay up`, or set ASSAY_URL."
            ) from error
        if answer.status_code >= 400:
            raise _refusal(answer)
        return answer

    def _json(self, answer: httpx.Response) -> Json:
        if answer.status_code == 204:
            return {}
        try:
            found = answer.json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ServerUnavailable(f"what answers at {self.url} is no Assay. Set ASSAY_URL.")
        return found


def _refusal(answer: httpx.Response) -> KeyRefused | RequestRefused | ServerUnavailable:
    try:
        message = str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        message = f"the server answered {answer.status_code}."
    if answer.status_code in {401, 403}:
        return KeyRefused(message)
    if answer.status_code >= 500:
        return ServerUnavailable(message)
    wait = answer.headers.get("retry-after", "")
    return RequestRefused(message, retry_after=float(wait) if wait.isdigit() else None)


def connect(data: Path | None) -> Client:
    """A client by ASSAY_URL and ASSAY_API_KEY, else by the data folder's client file."""
    settings = load({"data": str(data)} if data is not None else {})
    known = kept(settings.client_file)
    key = settings.api_key or known.get("apiKey", "")
    if not key:
        raise KeyRefused(
            f"there is no API key: {settings.client_file} keeps none. Set ASSAY_API_KEY, or "
            "run `assay init` or `assay keys create`."
        )
    return Client(settings.url or known.get("url") or DEFAULT_URL, key)


def kept(path: Path) -> dict[str, str]:
    """What a client file keeps, ``url`` and ``apiKey``; nothing when it is not there."""
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return {name: str(value) for name, value in found.items()} if isinstance(found, dict) else {}


async def follow(
    client: Client,
    chat: str,
    on_text: Callable[[str], None] | None = None,
    *,
    message: str | None = None,
) -> Json:
    """Wait until an answer of a conversation is final, telling its growth as it comes.

    ``message`` is the answer's id; without one the newest answer that is there now is followed.
    """
    told = _Told(on_text)
    started = time.monotonic()
    while True:
        found = await _patiently(client, chat)
        answers = [one for one in found["messages"] if one["role"] == "assistant"]
        answer: Json = next((one for one in answers if one["id"] == message), answers[0])
        message = answer["id"]
        if answer["status"] in FINAL:
            return answer
        told.show(str(answer["text"]))
        quick = time.monotonic() - started < _QUICK
        await asyncio.sleep(_FIRST_POLL if quick else _POLL)


class _Told:
    """Which paragraphs of a growing text were shown; the last one only once it stays as it is."""

    def __init__(self, on_text: Callable[[str], None] | None) -> None:
        self._on_text = on_text
        self._count = 0
        self._last = ""

    def show(self, text: str) -> None:
        parts = [part for part in text.split("\n\n") if part]
        whole = len(parts) if parts and parts[-1] == self._last else len(parts) - 1
        self._last = parts[-1] if parts else ""
        # After a restart the text may start again.
        self._count = min(self._count, len(parts))
        for part in parts[self._count : whole]:
            if self._on_text is not None:
                self._on_text(part)
        self._count = max(self._count, whole)


async def _patiently(client: Client, chat: str) -> Json:
    """Read a conversation, over a restart of the server and over its limits."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return await client.get(f"/v1/chat/{chat}", limit=20)
        except ServerUnavailable:
            if time.monotonic() > end:
                raise
            await asyncio.sleep(1.0)
        except RequestRefused as error:
            if error.retry_after is None:
                raise
            await asyncio.sleep(error.retry_after)
