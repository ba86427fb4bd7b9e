"""Tests that chat wrote on the sample shop run without Assay, and are red on a broken shop."""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from assay.browser.pool import PlaywrightPool
from assay_shop.faults import Fault
from tests.cases.exported import plain_environ, under_playwright, under_pytest
from tests.cases.shop_site import Shop, running_shop
from tests.journeys.serving import Api, running_assay

pytestmark = [
    pytest.mark.journey,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(900),
]
SECONDS = 600.0


@dataclass
class Exported:
    """A shop, and the folders that its tests were exported to."""

    shop: Shop
    browser: str
    tests: list[str]
    folders: dict[str, Path]

    def environ(self, url: str) -> dict[str, str]:
        account = {"SHOPPER_USERNAME": self.shop.email, "SHOPPER_PASSWORD": self.shop.password}
        return plain_environ(self.browser, url) | account


async def _export(api: Api, to: Path, style: str) -> list[str]:
    """``assay export``, as a person calls it."""
    command = [sys.executable, "-m", "assay.cli.main", "export", "--json"]
    done = await asyncio.to_thread(
        subprocess.run,
        [*command, "--to", str(to), "--format", style],
        env={**os.environ, **api.environ},
        capture_output=True,
        text=True,
        check=True,
    )
    files: list[str] = json.loads(done.stdout)["files"]
    return files


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def exported(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Exported]:
    data = tmp_path_factory.mktemp("assay")
    pool = PlaywrightPool()
    await pool.start()
    browser = str(pool.path)
    await pool.close()
    folders = {style: tmp_path_factory.mktemp(style) for style in ("pytest", "playwright")}
    with running_shop() as shop:
        async with running_assay(data) as api:
            made = await api.post("/v1/applications", {"name": "Shop", "url": shop.url})
            values = {"username": shop.email, "password": shop.password}
            config = {"name": "shopper", "kind": "usernamePassword", "values": values}
            await api.post("/v1/configs", {**config, "applicationShortId": made["shortId"]})
            chat = await api.post("/v1/chat", {"message": "Create tests for login and checkout"})
            answer = await api.answer(chat["shortId"], SECONDS)
            assert answer["status"] == "COMPLETED", answer["text"]
            found = await api.get("/v1/test-cases", conversation=chat["shortId"])
            enabled = [one["name"] for one in found["testCases"] if one["status"] == "enabled"]
            for style, folder in folders.items():
                files = await _export(api, folder, style)
                assert sorted(files) == sorted(
                    str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()
                )
            archive = await api.file("/v1/test-cases/export", format="pytest")
            names = zipfile.ZipFile(io.BytesIO(archive)).namelist()
            assert {name for name in names if name.startswith("test_")} == {
                path.name for path in folders["pytest"].glob("test_*.py")
            }
        yield Exported(shop, browser, enabled, folders)


async def test_all_pass_where_assay_cannot_be_imported(exported: Exported) -> None:
    env = exported.environ(exported.shop.url)
    assert len(exported.tests) >= 4
    for run, style in ((under_pytest, "pytest"), (under_playwright, "playwright")):
        passed, failed, said = await run(exported.folders[style], env)
        assert failed == set(), said
        assert len(passed) == len(exported.tests), said


async def test_no_password_is_in_any_file(exported: Exported) -> None:
    for folder in exported.folders.values():
        for path in folder.rglob("*"):
            if path.is_file() and "node_modules" not in path.parts:
                assert exported.shop.password.encode() not in path.read_bytes(), path


# Exported code watches for uncaught script errors, not for what a page writes to the console.
_SEEN = [fault for fault in Fault if fault is not Fault.CONSOLE_ERROR]


@pytest.mark.parametrize("fault", _SEEN, ids=lambda fault: fault.value)
async def test_a_planted_fault_turns_an_exported_test_red(exported: Exported, fault: Fault) -> None:
    with running_shop(fault.value) as broken:
        _, failed, said = await under_pytest(
            exported.folders["pytest"], exported.environ(broken.url), "-x"
        )
    assert failed, said
