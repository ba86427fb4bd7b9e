"""A scripted Chat API over real HTTP, to see how the client commands end with each answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
# Gives status and body of a request; the number counts the requests of the same method.
Script = Callable[[str, str, int], tuple[int, Json]]
URL = "http://assay.test/p/x/chat/chat_AbCdEf"


def conversation(status: str, text: str = "the answer", **more: Any) -> Json:
    """A conversation whose newest answer has this status."""
    verdict = more.pop("verdict", None)
    outcome = {"verdict": verdict, "testCaseIds": [], "runShortIds": []}
    answer = {"id": "a", "role": "assistant", "text": text, "status": status, "outcome": outcome}
    asked = {"id": "u", "role": "user", "text": "asked", "status": "COMPLETED"}
    return {"shortId": "chat_AbCdEf", "url": URL, "messages": [answer, asked], **more}


ACCEPTED = {"shortId": "chat_AbCdEf", "url": URL, "messages": []}


class Api(ThreadingHTTPServer):
    """The server; ``seen`` holds what was asked of it."""

    daemon_threads = True

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script
        self.seen: list[tuple[str, str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Api

    def _answer(self) -> None:
        size = int(self.headers.get("Content-Length", "0"))
        body = json.loads(self.rfile.read(size)) if size else None
        path = self.path.partition("?")[0]
        count = sum(1 for one in self.server.seen if one[0] == self.command)
        self.server.seen.append((self.command, path, body))
        status, found = self.server.script(self.command, path, count)
        content = json.dumps(found).encode()
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "1")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _answer  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return


@contextmanager
def api(script: Script) -> Iterator[Api]:
    """The server for as long as the block lasts."""
    server = Api(script)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def finishing(final: Json, *, after: int = 0, growing: str = "Looking.") -> Script:
    """Accepts a message, is at work for some reads, and then gives the final conversation."""

    def script(method: str, path: str, count: int) -> tuple[int, Json]:
        if method == "POST":
            return 202, ACCEPTED
        return 200, final if count >= after else conversation("PARTIAL", growing)

    return script
