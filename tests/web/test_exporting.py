"""Exporting over the API and from a test's page: a zip that anybody can run, to whom it belongs."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import httpx

from tests.web.conftest import Site, said
from tests.web.dashboard_seed import seed, sign_in


def files_of(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert "attachment" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


async def test_named_tests_are_exported_whatever_they_say(site: Site) -> None:
    full = await seed(site)
    for style, ending in (("pytest", ".py"), ("playwright", ".spec.ts")):
        query: dict[str, Any] = {"format": style, "testCase": [full.test.short_id, full.draft.id]}
        files = files_of(await site.send("GET", "/v1/test-cases/export", params=query))
        tests = [name for name in files if name.startswith("test_") or name.endswith(".spec.ts")]
        assert len(tests) == 2
        assert all(name.endswith(ending) for name in tests)
        assert "README.md" in files
        for name, text in files.items():
            # What a test is called or expects is text of others: it may not become code.
            if name.endswith(".py"):
                compile(text, name, "exec")
            assert "\nalert(" not in text


async def test_all_are_the_enabled_ones(site: Site) -> None:
    said(await site.send("GET", "/v1/test-cases/export"), 404, "no enabled test")
    full = await seed(site)
    await site.send("PATCH", f"/v1/test-cases/{full.test.id}", {"status": "enabled"})
    files = files_of(await site.send("GET", "/v1/test-cases/export"))
    assert sum(1 for name in files if name.startswith("test_")) == 1
    application = {"application": full.application}
    assert files == files_of(await site.send("GET", "/v1/test-cases/export", params=application))


async def test_what_is_refused(site: Site) -> None:
    full = await seed(site)
    path = "/v1/test-cases/export"
    said(await site.send("GET", path, params={"format": "cobol"}), 400, "format")
    said(await site.send("GET", path, params={"testCase": "test_AbCdEf123456"}), 404, "test")
    foreign = await site.send("GET", path, params={"testCase": full.test.id}, key="foreign")
    said(foreign, 404, "test")
    said(await site.send("GET", path, key=None), 401)


async def test_a_test_page_offers_its_export(site: Site) -> None:
    from assay.web.dashboard import router

    site.app.include_router(router)
    full = await seed(site)
    person = await sign_in(site, "own")
    url = f"{full.base}/tests/{full.test.short_id}"
    shown = (await person.get(url)).text
    for style in ("pytest", "playwright"):
        assert f'href="{url}/export?format={style}"' in shown
        files = files_of(await person.get(f"{url}/export", params={"format": style}))
        assert "README.md" in files
    stranger = await site.client.get(f"{url}/export")
    assert stranger.status_code in {303, 401, 403}
