"""``assay export``: what is asked of the server, what is written, and how it ends."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.cli.running import assay

KEY = "assay_" + "k" * 40


def packed() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("test_a.py", "def test_a() -> None: ...\n")
        archive.writestr("files/paper.txt", "words")
        archive.writestr("../outside.txt", "no")
    return sink.getvalue()


@contextmanager
def server(status: int = 200) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """A server that gives an archive; the list is what it was asked for."""
    asked: list[dict[str, list[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            assert parts.path == "/v1/test-cases/export"
            asked.append(parse_qs(parts.query))
            body = packed() if status == 200 else json.dumps({"message": "no such test"}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            return None

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}", asked
    finally:
        running.shutdown()
        running.server_close()


def test_the_archive_is_unpacked_into_the_folder_and_nowhere_else(tmp_path: Path) -> None:
    to = tmp_path / "new" / "suite"
    with server() as (url, asked):
        where = {"ASSAY_URL": url, "ASSAY_API_KEY": KEY}
        done = assay(
            "export", "--to", str(to), "--test", "test_1", "--test", "test_2",
            "--format", "playwright", "--app", "app_x", home=tmp_path, **where,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert asked == [
            {"format": ["playwright"], "testCase": ["test_1", "test_2"], "application": ["app_x"]}
        ]
        assert str(to) in done.stdout
        assert (to / "test_a.py").read_text().startswith("def test_a")
        assert (to / "files" / "paper.txt").read_text() == "words"
        assert not (tmp_path / "new" / "outside.txt").exists()
        again = assay("export", "--to", str(to), "--json", home=tmp_path, **where)
        assert json.loads(again.stdout)["folder"] == str(to)
        assert asked[1] == {"format": ["pytest"]}


def test_all_asks_for_all(tmp_path: Path) -> None:
    with server() as (url, asked):
        where = {"ASSAY_URL": url, "ASSAY_API_KEY": KEY}
        done = assay("export", "--to", str(tmp_path / "x"), "--test", "all", home=tmp_path, **where)
        assert done.returncode == 0
        assert asked == [{"format": ["pytest"]}]


def test_a_file_in_the_way_and_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with server(404) as (url, asked):
        where = {"ASSAY_URL": url, "ASSAY_API_KEY": KEY}
        taken = assay("export", "--to", str(tmp_path / "file"), home=tmp_path, **where)
        assert taken.returncode == 64
        assert "is a file" in taken.stderr
        assert asked == []
        refused = assay("export", "--to", str(tmp_path / "x"), home=tmp_path, **where)
        assert refused.returncode == 64
        assert "no such test" in refused.stderr
        assert not (tmp_path / "x").exists()
