"""What both stand-ins share: requests, faults, paging, and a real server on the loopback."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, unquote

import uvicorn

from tests.forge.described import Description


@dataclass
class Asked:
    """One request that a stand-in got."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any

    @property
    def writes(self) -> bool:
        return self.method != "GET"


@dataclass
class Answer:
    """What a stand-in answers."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Fault:
    """An answer to give instead of the true one, for the first ``times`` requests that match."""

    method: str
    part: str
    answer: Answer | Callable[[], None]
    times: int = 1
    after: bool = False


def _echo(asked: Asked, answer: Answer) -> Answer:
    """The same refusal, in words that repeat what was asked with."""
    names = ("authorization", "private-token")
    sent = {name: asked.headers[name] for name in names if name in asked.headers}
    body = {"message": f"No: {sent}", "errors": [sent], "error": list(sent.values())}
    headers = {**answer.headers, "x-accepted-github-permissions": f"checks={sent}"}
    return Answer(answer.status, body, headers)


class Site:
    """A stateful forge. Every request and every good answer is held against its published
    description; ``problems`` are those that break it. With ``echoes`` refusals repeat the token."""

    prefix = ""

    def __init__(self, described: Description) -> None:
        self.described = described
        self.asked: list[Asked] = []
        self.faults: list[Fault] = []
        self.problems: list[str] = []
        self.echoes = False
        self.url = ""
        self._last_id = 100

    def new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def fail(
        self,
        method: str,
        part: str,
        status: int,
        *,
        body: Any = None,
        times: int = 1,
        after: bool = False,
        **headers: str,
    ) -> None:
        """Answer so; ``after``: only once the request has had its effect."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        words = {"message": "made to fail"} if body is None else body
        self.faults.append(Fault(method, part, Answer(status, words, named), times, after))

    def run_before(self, method: str, part: str, work: Callable[[], None]) -> None:
        """Do something when the next request that matches arrives, such as a push."""
        self.faults.append(Fault(method, part, work))

    def writes(self, part: str = "") -> list[Asked]:
        """The requests that wrote."""
        return [one for one in self.asked if one.writes and part in one.path]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            event = await receive()
            body += event.get("body", b"")
            if not event.get("more_body"):
                break
        raw = scope["raw_path"].decode().partition("?")[0]
        query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
        headers = {k.decode().lower(): v.decode() for k, v in scope["headers"]}
        asked = Asked(scope["method"], raw, query, headers, json.loads(body) if body else None)
        self.asked.append(asked)
        answer = self._answer(asked, raw, body)
        out = b"" if answer.body is None else json.dumps(answer.body).encode()
        answer.headers.setdefault("content-type", "application/json; charset=utf-8")
        pairs = [(k.lower().encode(), v.encode()) for k, v in answer.headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
        await send({"type": "http.response.body", "body": out})

    def _answer(self, asked: Asked, raw: str, body: bytes) -> Answer:
        fault = self._fault(asked)
        if fault is not None and isinstance(fault.answer, Answer) and self.echoes:
            fault = replace(fault, answer=_echo(asked, fault.answer))
        if fault is not None and callable(fault.answer):
            fault.answer()
            fault = None
        if fault is not None and not fault.after and isinstance(fault.answer, Answer):
            return fault.answer
        if not raw.startswith(self.prefix):
            return Answer(404, {"message": "Not Found"})
        path = raw[len(self.prefix) :]
        problem = self._request_problem(asked, path, body)
        if problem:
            self.problems.append(problem)
            return Answer(422, {"message": problem})
        answer = self.refused(asked) or self.handle(
            asked, [unquote(p) for p in path.split("/")[1:]]
        )
        if answer.status < 400:
            self._check_answer(asked, path, answer)
        if fault is not None and isinstance(fault.answer, Answer):
            return fault.answer
        return answer

    def _fault(self, asked: Asked) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and fault.method == asked.method and fault.part in asked.path:
                fault.times -= 1
                return fault
        return None

    def _request_problem(self, asked: Asked, path: str, body: bytes) -> str:
        return self.described.request_problem(asked.method, path, asked.query.items(), body)

    def _check_answer(self, asked: Asked, path: str, answer: Answer) -> None:
        raw = json.dumps(answer.body).encode() if answer.body is not None else b""
        problem = self.described.answer_problem(asked.method, path, answer.status, raw)
        if problem:
            self.problems.append(problem)

    def refused(self, asked: Asked) -> Answer | None:
        raise NotImplementedError

    def handle(self, asked: Asked, parts: list[str]) -> Answer:
        raise NotImplementedError


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """A real server on the loopback; gives its address."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen()
    config = uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
    task = asyncio.get_running_loop().create_task(server.serve(sockets=[sock]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        sock.close()
