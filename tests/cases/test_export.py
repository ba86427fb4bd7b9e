"""Exported tests run by themselves: every kind of step passes, and fails on a broken page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import pytest_asyncio

from assay.browser.model import ActionKind
from assay.browser.pool import PlaywrightPool
from assay.cases.export import Format, Setting, export, setting_of
from assay.cases.model import AssertionKind, TestCase
from assay.cases.sessions import session_options
from tests.browser.site import Site
from tests.cases import kinds_page
from tests.cases.exported import plain_environ, put, under_playwright, under_pytest

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(420)]


@dataclass
class Made:
    """Tests recorded on the page of all kinds, and the browser they were recorded with."""

    cases: list[TestCase]
    setting: Setting
    browser: str


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def made(site: Site) -> AsyncIterator[Made]:
    kinds_page.fill(site)
    pool = PlaywrightPool()
    where = kinds_page.target(site)
    cases: list[TestCase] = []
    async with pool.session(session_options(where)) as session:
        cases += await kinds_page.record_assertions(session, site)
    async with pool.session(session_options(where)) as session:
        cases += await kinds_page.record_sign_ins(session, site)
    async with pool.session(session_options(where)) as session:
        cases.append(await kinds_page.record_actions(session, site))
    browser = str(pool.path)
    await pool.close()
    yield Made(cases, setting_of(where), browser)


def environ(made: Made, site: Site) -> dict[str, str]:
    account = {"ANN_USERNAME": kinds_page.ADDRESS, "ANN_PASSWORD": kinds_page.PASSWORD}
    return plain_environ(made.browser, site.url) | account


RUNNERS = {Format.PYTEST: under_pytest, Format.PLAYWRIGHT: under_playwright}


async def test_no_kind_of_step_is_forgotten(made: Made) -> None:
    steps = [step for case in made.cases for step in case.steps]
    assert {step.action for step in steps if step.action} == set(ActionKind)
    asserted = {step.assertion.kind for step in steps if step.assertion}
    assert asserted == set(AssertionKind)


@pytest.mark.parametrize("style", list(Format))
async def test_every_kind_passes_and_is_red_on_a_broken_page(
    made: Made, site: Site, tmp_path: Path, style: Format
) -> None:
    files = export(made.cases, made.setting, style)
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    put(files, whole)
    kinds_page.fill(site)
    passed, failed, said = await RUNNERS[style](whole, environ(made, site))
    assert failed == set(), said
    assert len(passed) == len(made.cases), said

    asserting = [case for case in made.cases if case.name[0].isdigit()]
    put(export(asserting, made.setting, style), broken, quick=True)
    if style is Format.PYTEST:
        with (broken / "conftest.py").open("a") as conftest:
            conftest.write(
                "\n\nfrom playwright.sync_api import expect\n\nexpect.set_options(timeout=500)\n"
            )
    else:
        config = (broken / "playwright.config.ts").read_text()
        config = config.replace("testDir: '.',", "testDir: '.',\n  expect: { timeout: 500 },")
        (broken / "playwright.config.ts").write_text(config)
    kinds_page.fill(site, broken=True)
    try:
        passed, failed, said = await RUNNERS[style](broken, environ(made, site))
    finally:
        kinds_page.fill(site)
    # Where the page is does not depend on what it shows.
    placed = {name for name in passed if name.rpartition("url")[1]}
    assert passed == placed, said
    assert len(failed) == len(asserting) - len(placed), said


async def test_no_secret_is_written_and_what_it_is_called_is_told(made: Made) -> None:
    for style in Format:
        files = export(made.cases, made.setting, style)
        for name, content in files.items():
            assert kinds_page.PASSWORD.encode() not in content, name
        readme = files["README.md"].decode()
        assert "`ANN_PASSWORD`" in readme
        assert "`ANN_USERNAME`" in readme
        assert files["files/paper one.txt"] == b"words\n"


async def test_a_literal_that_is_a_secret_is_read_from_the_environment(made: Made) -> None:
    case = next(one for one in made.cases if "signs in" in one.name)
    steps = tuple(
        replace(step, value=kinds_page.PASSWORD) if "password" in step.value else step
        for step in case.steps
    )
    files = export([replace(case, steps=steps)], made.setting, Format.PYTEST)
    code = next(text.decode() for name, text in files.items() if name.startswith("test_"))
    assert 'env("ANN_PASSWORD")' in code
    assert kinds_page.PASSWORD not in "".join(text.decode() for text in files.values())


async def test_what_is_written_reads_well(made: Made) -> None:
    files = export(made.cases, made.setting, Format.PYTEST)
    python_files = {name: text.decode() for name, text in files.items() if name.endswith(".py")}
    for name, text in python_files.items():
        compile(text, name, "exec")
        if name.startswith(("test_", "pages")):
            assert not re.search(r"\.(nth|first|last)\b", text), name
            assert "sleep" not in text, name
            assert "{{" not in text, name
            assert "wait_for_timeout" not in text, name
            assert "import assay" not in text
            assert all(len(line) <= 120 for line in text.splitlines()), name
    assert "def sign_in_as_ann(page: Page) -> None:" in python_files["pages.py"]
    signing = [text for text in python_files.values() if "sign_in_as_ann(page)" in text]
    assert len(signing) == 2


async def test_a_test_that_asserts_nothing_fails(made: Made) -> None:
    case = made.cases[0]
    empty = replace(case, steps=case.steps[:1])
    python_code = export([empty], made.setting, Format.PYTEST)
    assert any(b"pytest.fail(" in text for text in python_code.values())
    assert any(
        b"throw new Error(" in t for t in export([empty], made.setting, Format.PLAYWRIGHT).values()
    )
