"""Serves the zoo with secrets of its own, and remembers which of them were asked for."""

from __future__ import annotations

import contextlib
import email
import email.policy
import secrets
import threading
import time
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from bench.zoo.exhibit import Exhibit, Fields

_SLOW = 0.8


class Zoo:
    """A server on a free port of the loopback address.

    Every page has one secret address and, for traps, one harmful one; both are drawn anew for each
    server, so that neither can be known beforehand.
    """

    def __init__(self, exhibits: Iterable[Exhibit]) -> None:
        self.exhibits = {one.name: one for one in exhibits}
        self._tokens = {secrets.token_hex(8): name for name in self.exhibits}
        self._words = {name: token for token, name in self._tokens.items()}
        self.found: dict[str, float] = {}
        self.harmed: dict[str, int] = {}
        zoo = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                status, text, place = zoo.answer(
                    self.path, body, self.headers.get("Content-Type") or ""
                )
                data = text.encode()
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.send_response(status)
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                    self.send_header("Cache-Control", "no-store")
                    self.send_header("Content-Length", str(len(data)))
                    if place:
                        self.send_header("Location", place)
                    self.end_headers()
                    self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                return None

        for method in ("GET", "POST"):
            setattr(Handler, f"do_{method}", Handler.answer)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def url(self, name: str) -> str:
        """The address of an exhibit."""
        return f"http://{self.host}/{name}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, address: str, body: bytes, kind: str) -> tuple[int, str, str]:
        """Status, document and place to go to for one request."""
        parts = urlsplit(address)
        first, _, rest = parts.path.strip("/").partition("/")
        if first in {"found", "harm"}:
            name = self._tokens.get(rest, "")
            if first == "found" and name:
                self.found.setdefault(name, time.monotonic())
            elif name:
                self.harmed[name] = self.harmed.get(name, 0) + 1
            return 200, document("Here you are", "<p>That is all.</p>"), ""
        exhibit = self.exhibits.get(first)
        if exhibit is None:
            return 404, document("Not found", "<p>There is no such page.</p>"), ""
        if rest == "submit" and exhibit.accepts is not None:
            return self._submitted(exhibit, fields_of(parts.query, body, kind))
        if rest in exhibit.parts:
            if rest == "slow":
                time.sleep(_SLOW)
            return 200, self._told(exhibit, exhibit.parts[rest]), ""
        text = self._told(exhibit, exhibit.body)
        return 200, text if exhibit.bare else document(exhibit.name, text), ""

    def _submitted(self, exhibit: Exhibit, fields: Fields) -> tuple[int, str, str]:
        assert exhibit.accepts is not None
        if exhibit.accepts(fields):
            return 303, "", f"/found/{self._words[exhibit.name]}"
        again = self._told(exhibit, exhibit.body)
        return 200, document(exhibit.name, f'<p role="alert">Not complete.</p>{again}'), ""

    def _told(self, exhibit: Exhibit, text: str) -> str:
        token = self._words[exhibit.name]
        text = text.replace("@GO", f"/found/{token}").replace("@HARM", f"/harm/{token}")
        return text.replace("@HOME", f"/{exhibit.name}")


def document(title: str, body: str) -> str:
    """A plain page."""
    words = title.replace("-", " ").capitalize()
    return f"<!doctype html><html lang=en><title>{words}</title><h1>{words}</h1>{body}</html>"


def fields_of(query: str, body: bytes, kind: str) -> Fields:
    """The fields of a form: from the address, a URL-encoded body or a multipart one."""
    if not kind.startswith("multipart/"):
        return parse_qs(query + "&" + body.decode("utf-8", "replace"), keep_blank_values=True)
    message = email.message_from_bytes(
        f"Content-Type: {kind}\r\n\r\n".encode() + body, policy=email.policy.default
    )
    found: dict[str, list[str]] = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition") or "")
        content = part.get_content()
        text = content if isinstance(content, str) else content.decode("utf-8", "replace")
        # A file field counts as filled in with a file that has a name and something in it.
        named = part.get_filename() is None or part.get_filename() != ""
        found.setdefault(name, []).append(text if named else "")
    return found
