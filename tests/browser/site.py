"""A small site of the tests' own: pages are set by path, requests are remembered."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Asked:
    """One request as the site saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Answer:
    """What a path answers with."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    more: Iterable[bytes] = ()  # what follows the body, as long as somebody reads it


Page = str | Answer | Callable[[Asked], Answer]


class Site:
    """Serves pages on a free port of the loopback address."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[Asked] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                asked = Asked(
                    self.command,
                    self.path,
                    {name.lower(): value for name, value in self.headers.items()},
                    self.rfile.read(length),
                )
                site.asked.append(asked)
                page = site.pages.get(self.path.partition("?")[0])
                if callable(page):
                    page = page(asked)
                if page is None:
                    page = Answer(b"not here", 404)
                if isinstance(page, str):
                    page = Answer(html(page))
                self.send_response(page.status)
                self.send_header("Content-Type", page.kind)
                if not page.more:
                    self.send_header("Content-Length", str(len(page.body)))
                for name, value in page.headers.items():
                    self.send_header(name, value)
                # A browser that has seen enough hangs up.
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.end_headers()
                    self.wfile.write(page.body)
                    for part in page.more:
                        self.wfile.write(part)

            def log_message(self, *args: object) -> None:
                return None

        for method in ("GET", "POST", "DELETE"):
            setattr(Handler, f"do_{method}", Handler.answer)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def html(body: str) -> bytes:
    if body.lstrip().lower().startswith("<!doctype"):
        return body.encode()
    return f"<!doctype html><html lang=en><body>{body}</body></html>".encode()
