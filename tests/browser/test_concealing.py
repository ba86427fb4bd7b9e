"""A secret that a page prints cannot be read in a picture or in a frame of the trace."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from assay.browser.model import Action, ActionKind
from assay.browser.pool import PlaywrightPool
from assay.browser.port import SessionOptions
from tests.browser.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Of one length, and written in a font where every letter is as wide: hidden, they look the same.
SECRETS = ("Wander-lust77", "Meadow:LARK21")
PAGE = """<style>* {{ font: 20px monospace; caret-color: transparent }}
p {{ color: red !important; -webkit-text-fill-color: red }}</style>
<p id=parsed>Your key is {0}.</p><p id=later></p><p id=changed>none yet</p>
<div id=tree></div><input value="{0}">
<script>
const more = document.createElement('b'); more.textContent = '{0} and {0}';
document.querySelector('#later').append(more);
document.querySelector('#changed').firstChild.data = 'now {0}';
document.querySelector('#tree').innerHTML = '<ul><li>{0}</li></ul>';
document.title = 'shown';
</script>"""


async def _pictures(pool: PlaywrightPool, site: Site, folder: Path, told: str) -> list[bytes]:
    """The screenshot and the last frame of the trace of a page that prints ``told``."""
    site.pages["/"] = PAGE.format(told)
    options = SessionOptions(
        site.url, frozenset({site.host}), secrets=(*SECRETS, "unused"), evidence=folder
    )
    async with pool.session(options) as session:
        await session.perform(Action(ActionKind.NAVIGATE, value="/"))
        seen = await session.observe()
        assert told in seen.text
        picture = await session.screenshot("end")
        assert picture is not None
    with zipfile.ZipFile(folder / "trace.zip") as archive:
        frames = [name for name in archive.namelist() if name.endswith(".jpeg")]
        assert frames
        last = archive.read(max(frames, key=lambda name: name.rsplit("-", 1)[-1]))
    return [picture.read_bytes(), last]


async def test_pictures_of_two_secrets_are_the_same(
    pool: PlaywrightPool, site: Site, tmp_path: Path
) -> None:
    first, second = [
        await _pictures(pool, site, tmp_path / str(number), secret)
        for number, secret in enumerate(SECRETS)
    ]
    other = await _pictures(pool, site, tmp_path / "other", "Public-word-9")
    assert first[0] == second[0]
    assert first[0] != other[0]
    assert first[1] == second[1]
    assert first[1] != other[1]


async def test_the_page_itself_is_not_changed(
    pool: PlaywrightPool, site: Site, tmp_path: Path
) -> None:
    site.pages["/"] = f"<p>{SECRETS[0]}</p><p>other</p>"
    options = SessionOptions(site.url, frozenset({site.host}), secrets=SECRETS, evidence=tmp_path)
    async with pool.session(options) as session:
        await session.perform(Action(ActionKind.NAVIGATE, value="/"))
        found = await session.page.evaluate(
            "[document.documentElement.outerHTML, Object.keys(globalThis).join()]"
        )
    assert f"<head></head><body><p>{SECRETS[0]}</p><p>other</p></body>" in found[0]
    assert "conceal" not in found[1]
