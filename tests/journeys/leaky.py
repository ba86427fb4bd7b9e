"""A site that does everything wrong with a password once it has one: prints, logs and sends it."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, quote, urlsplit

LOGIN = """<!doctype html><html lang=en><title>Members</title><h1>Members</h1>{said}
<form method=post action=/login><label>Email <input name=email type=email required></label>
<label>Password <input name=password type=password required></label>
<button>Sign in</button></form></html>"""
HOME = """<!doctype html><html lang=en><title>Home</title><h1>Welcome back</h1>
<p>You are {email}.</p><p id=told></p><label>Your key <input name=key></label>
<a href="/login">Sign out</a>
<script>
const word = {word};
document.querySelector('#told').textContent = 'Signed in with ' + word;
document.querySelector('input').value = word;
localStorage.setItem('word', word);
console.error('signed in with ' + word);
fetch('/missing?password=' + encodeURIComponent(word));
fetch('/echo', {{method: 'POST', body: JSON.stringify({{password: word, again: btoa(word)}})}});
</script></html>"""


class _Handler(BaseHTTPRequestHandler):
    opens = ""
    members: ClassVar[dict[str, str]] = {}
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not self._let_in():
            return
        url = urlsplit(self.path)
        if url.path == "/home":
            word = parse_qs(url.query)["word"][0]
            email = next(name for name, own in self.members.items() if own == word)
            self._send(200, HOME.format(email=email, word=json.dumps(word)))
        elif url.path in {"/", "/login"}:
            self._send(200, LOGIN.format(said=""))
        else:
            self._send(404, f"<h1>Not found</h1><p>{url.query}</p>")

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if not self._let_in():
            return
        if urlsplit(self.path).path == "/echo":
            self._send(200, sent, "application/json")
            return
        form = {name: values[0] for name, values in parse_qs(sent).items()}
        word = form.get("password", "")
        if word and self.members.get(form.get("email", "")) == word:
            self._send(303, "", location=f"/home?word={quote(word, safe='')}")
        else:
            said = "<p role=alert>Wrong email or password.</p>"
            self._send(200, LOGIN.format(said=said))

    def _let_in(self) -> bool:
        if self.headers.get("Authorization") == self.opens:
            return True
        self._send(401, "<h1>Who are you?</h1>")
        return False

    def _send(self, status: int, text: str, kind: str = "text/html", location: str = "") -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="members"')
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        return None


@contextmanager
def leaky(gate: tuple[str, str], members: dict[str, str]) -> Iterator[str]:
    """Serves the site behind HTTP authentication; gives its address."""
    opens = "Basic " + base64.b64encode(":".join(gate).encode()).decode()
    handler = type("Handler", (_Handler,), {"opens": opens, "members": members})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
