"""From a webhook to what GitLab shows: the status, the one note, the approval."""

from __future__ import annotations

import asyncio

import pytest

from assay.chats.model import Answer
from assay.chats.turns import TurnContext
from assay.storage import Database
from tests.forge.conftest import HEAD, Place
from tests.publishing import payloads
from tests.publishing.desk import Desk, approve, open_desk, verdict_answer

NEXT = "c" * 40


def statuses(desk: Desk) -> list[tuple[str, str]]:
    """Commit and state of each status."""
    return [(one["sha"][0], one["status"]) for one in desk.site.project().statuses]


async def test_an_opened_merge_request_is_reviewed_and_told(mirror: Desk, lab: Place) -> None:
    await mirror.hook("Merge Request Hook", payloads.merge("open"))
    (done,) = await mirror.settled()
    assert statuses(mirror) == [("a", "success")]
    (note,) = lab.pull.notes
    assert "**Approved**: 3 of 3 tests passed." in note["body"]
    assert lab.pull.approvers == ["assay-bot"]
    assert [one["name"] for one in lab.pull.awards] == ["eyes"]
    async with mirror.database.read() as session:
        page = await mirror.chats.read(session, done.conversation_id or "")
    assert page.conversation.source.value == "gitlab"


@pytest.mark.parametrize(
    ("verdict", "state"),
    [("changesRequested", "failed"), ("couldNotVerify", "failed"), ("nothingToTest", "success")],
)
async def test_each_verdict_has_its_state(
    mirror: Desk, lab: Place, verdict: str, state: str
) -> None:
    async def script(turn: TurnContext) -> Answer:
        return verdict_answer(verdict)

    mirror.assistant.script = script
    lab.pull.approvers = ["assay-bot"]
    await mirror.hook("Merge Request Hook", payloads.merge("open"))
    await mirror.settled()
    assert statuses(mirror) == [("a", state)]
    # What an earlier commit was approved for does not hold for one that fails.
    assert (lab.pull.approvers == []) == (verdict == "changesRequested")


async def test_a_newer_push_ends_the_older_review(mirror: Desk, lab: Place) -> None:
    async def script(turn: TurnContext) -> Answer:
        if len(mirror.assistant.seen) == 1:
            await asyncio.sleep(60)
        return verdict_answer("approved")

    mirror.assistant.script = script
    await mirror.hook("Merge Request Hook", payloads.merge("open"))
    await mirror.until(lambda found: bool(found) and found[0].started)
    assert statuses(mirror) == [("a", "running")]
    lab.pull.head = NEXT
    await mirror.hook("Merge Request Hook", payloads.merge("update", NEXT, oldrev=HEAD))
    await mirror.settled(2)
    assert statuses(mirror) == [("a", "failed"), ("c", "success")]
    assert len(lab.pull.notes) == 1


async def test_an_update_of_words_alone_starts_nothing(mirror: Desk) -> None:
    await mirror.hook("Merge Request Hook", payloads.merge("update"))
    assert not await mirror.dealt_with()


async def test_only_members_can_ask(mirror: Desk, lab: Place) -> None:
    lab.site.members = {1: 20}
    await mirror.hook("Note Hook", payloads.note("@assay review", number=1))
    await mirror.hook("Note Hook", payloads.note("@assay review", user=5, number=2))
    assert not await mirror.dealt_with()
    lab.site.members = {1: 30}
    await mirror.hook("Note Hook", payloads.note("@assay review", number=3))
    await mirror.settled()


async def test_a_deployment_brings_the_preview(sqlite_database: Database, lab: Place) -> None:
    async with open_desk(sqlite_database, lab.site, preview="") as desk:
        desk.assistant.script = approve
        await desk.hook("Merge Request Hook", payloads.merge("open"))
        await desk.until(lambda found: bool(found) and found[0].started)
        assert statuses(desk) == [("a", "running")]
        deployed = {
            "object_kind": "deployment",
            "status": "success",
            "environment_external_url": "https://x.preview.test",
            "commit_url": f"https://x.test/acme/web/shop/-/commit/{HEAD}",
            "project": {"path_with_namespace": "acme/web/shop"},
        }
        await desk.hook("Deployment Hook", deployed)
        await desk.settled()
        assert statuses(desk) == [("a", "success")]


async def test_a_forge_that_fails_for_a_while_gets_everything_once(
    mirror: Desk, lab: Place
) -> None:
    for method, part in (
        ("POST", "/statuses/"),
        ("POST", "/notes"),
        ("PUT", "/notes/"),
        ("POST", "/approve"),
        ("POST", "/award_emoji"),
    ):
        lab.site.fail(method, part, 502, after=True)
        lab.site.fail(method, part, 503)
    await mirror.hook("Merge Request Hook", payloads.merge("open"))
    await mirror.settled()
    assert statuses(mirror) == [("a", "success")]
    assert (len(lab.pull.notes), lab.pull.approvers) == (1, ["assay-bot"])
