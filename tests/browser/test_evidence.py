"""What is recorded holds no secret, in no form."""

from __future__ import annotations

import base64
import json
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from assay.browser.model import Action, ActionKind
from assay.browser.pool import PlaywrightPool
from assay.browser.port import SessionOptions
from tests.browser.site import Answer, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECRET = 'tr0ub4dor & "3"/ü'
FORMS = (
    SECRET.encode(),
    quote(SECRET, safe="").encode(),
    json.dumps(SECRET)[1:-1].encode(),
    base64.b64encode(SECRET.encode()),
)
PAGE = """
<h1>Sign in</h1><form method=post action=/in><label>Name <input name=user></label>
<label>Password <input type=password name=pw></label><label>Key <input name=key></label>
<button>Sign in</button></form>
<script>console.error('boot'); document.querySelector('form').addEventListener('submit', () =>
console.error('sent ' + document.querySelector('[name=pw]').value))</script>
"""


def _everything(folder: Path) -> dict[str, bytes]:
    """Every file of the folder and every entry of the trace."""
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(found) == 4
    with zipfile.ZipFile(folder / "trace.zip") as archive:
        assert archive.testzip() is None
        return found | {name: archive.read(name) for name in archive.namelist()}


async def test_no_secret_in_trace_console_or_requests(
    pool: PlaywrightPool, site: Site, tmp_path: Path
) -> None:
    site.pages["/"] = PAGE
    site.pages["/in"] = lambda asked: Answer(
        f"<p>Hello, your key is {SECRET}</p>".encode(), headers={"X-Body": "yes"}
    )
    options = SessionOptions(
        site.url, frozenset({site.host}), secrets=(SECRET,), names=("ann",), evidence=tmp_path
    )
    async with pool.session(options) as session:
        await session.perform(Action(ActionKind.NAVIGATE, value="/"))
        seen = await session.observe()
        fields = {node.dom_name: node.ref for node in seen.nodes if node.dom_name}
        await session.perform(Action(ActionKind.TYPE, fields["user"], "ann"))
        await session.perform(Action(ActionKind.TYPE, fields["pw"], SECRET, secret=True))
        await session.perform(Action(ActionKind.TYPE, fields["key"], SECRET, secret=True))
        button = next(node.ref for node in seen.nodes if node.role == "button")
        effect = await session.perform(Action(ActionKind.CLICK, button))
        picture = await session.screenshot("end")
        assert picture is not None
        assert any("sent" in line for line in effect.console_errors)
        await session.perform(Action(ActionKind.NAVIGATE, value="/?token=" + quote(SECRET)))
    found = _everything(tmp_path)
    assert {"console.json", "end.png", "requests.json", "trace.zip"} <= set(found)
    assert any(name.endswith(".trace") for name in found)
    assert b"ann" in b"".join(found.values())
    for name, content in found.items():
        assert not [form for form in FORMS if form in content], name


async def test_no_folder_no_evidence(pool: PlaywrightPool, site: Site) -> None:
    site.pages["/"] = "<p>x</p>"
    async with pool.session(SessionOptions(site.url, frozenset({site.host}))) as session:
        await session.perform(Action(ActionKind.NAVIGATE, value="/"))
        assert await session.screenshot("end") is None
