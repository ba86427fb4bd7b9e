"""Tests that chat wrote on the sample shop stay green there, and go red on a broken one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from assay_shop.faults import Fault
from tests.cases.shop_site import Shop, running_shop
from tests.journeys.serving import Api, running_assay

pytestmark = [
    pytest.mark.journey,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(1200),
]

# Features only: no message names a fault.
MESSAGES = ("Create tests for login and checkout", "Create tests for the profile")
REPEATS = 2
SECONDS = 600.0


@dataclass
class Written:
    """A shop, and the tests that were written on it by chat."""

    api: Api
    shop: Shop
    application: str
    tests: list[dict[str, Any]]

    async def run(self, url: str) -> list[dict[str, Any]]:
        """Run all tests on the shop at this address."""
        place = {"applicationShortId": self.application, "environment": {"url": url}}
        ids = [test["id"] for test in self.tests]
        found = await self.api.run({"testCaseIds": ids, "applications": [place]}, SECONDS)
        rows: list[dict[str, Any]] = found["runTestCases"]
        return rows


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def written(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Written]:
    data: Path = tmp_path_factory.mktemp("assay")
    with running_shop() as shop:
        async with running_assay(data) as api:
            made = await api.post("/v1/applications", {"name": "Shop", "url": shop.url})
            application = made["shortId"]
            await api.post(
                "/v1/configs",
                {
                    "name": "shopper",
                    "kind": "usernamePassword",
                    "applicationShortId": application,
                    "values": {"username": shop.email, "password": shop.password},
                },
            )
            tests: list[dict[str, Any]] = []
            for message in MESSAGES:
                chat = await api.post("/v1/chat", {"message": message})
                answer = await api.answer(chat["shortId"], SECONDS)
                assert answer["status"] == "COMPLETED", answer["text"]
                found = await api.get("/v1/test-cases", conversation=chat["shortId"])
                tests += reversed(found["testCases"])
            yield Written(api, shop, application, tests)


async def test_every_test_that_chat_wrote_is_proven(written: Written) -> None:
    assert len(written.tests) >= 6
    drafts = {
        test["name"]: test["lastReason"]
        for test in written.tests
        if not test["proof"]["proven"] or test["status"] != "enabled"
    }
    assert drafts == {}


async def test_a_shop_without_faults_is_green_each_time(written: Written) -> None:
    for _ in range(REPEATS):
        rows = await written.run(written.shop.url)
        red = [row["evaluationThought"] for row in rows if row["verdict"] != "passed"]
        assert red == []


@pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.value)
async def test_a_planted_fault_is_noticed_at_a_step(written: Written, fault: Fault) -> None:
    with running_shop(fault.value) as broken:
        rows = await written.run(broken.url)
    red = [row for row in rows if row["verdict"] == "failed"]
    assert red, [row["evaluationThought"] for row in rows]
    for row in red:
        failed = row["steps"][-1]
        assert failed["number"] == row["failedStep"]
        assert not failed["ok"]
        assert failed["seen"]
        assert row["evaluationThought"].startswith(f"Step {row['failedStep']} (“")
