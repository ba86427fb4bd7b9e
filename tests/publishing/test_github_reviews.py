"""From a webhook to what GitHub shows: checks, reviews, the one comment."""

from __future__ import annotations

import asyncio

import pytest

from assay.chats.model import Answer, MessageStatus
from assay.chats.turns import TurnContext
from assay.kernel.errors import AppError
from assay.reviews.publishing.model import State
from tests.forge.conftest import HEAD, Place
from tests.publishing import payloads
from tests.publishing.desk import Desk, verdict_answer

NEXT = "c" * 40


def checks(desk: Desk) -> list[tuple[str, str, str | None]]:
    """Head, status and conclusion of each check run."""
    found = desk.site.repo().checks
    return [(one["head_sha"][0], one["status"], one["conclusion"]) for one in found]


async def test_an_opened_pull_request_is_reviewed_and_told(desk: Desk, hub: Place) -> None:
    answer = await desk.hook("pull_request", payloads.pull("opened"))
    assert answer.status_code == 202
    assert answer.elapsed.total_seconds() < 1
    (done,) = await desk.settled()
    assert checks(desk) == [("a", "completed", "success")]
    assert desk.site.repo().checks[0]["details_url"].startswith("https://assay.test/p/")
    assert [one["state"] for one in hub.pull.reviews] == ["APPROVED"]
    (comment,) = hub.pull.comments
    assert "**Approved**: 3 of 3 tests passed." in comment["body"]
    assert HEAD[:10] in comment["body"]
    assert [one["content"] for one in hub.pull.reactions] == ["eyes"]
    assert not done.problem
    async with desk.database.read() as session:
        page = await desk.chats.read(session, done.conversation_id or "")
    assert page.conversation.source.value == "github"
    assert page.conversation.review_request is not None
    assert page.conversation.review_request.commit_hash == HEAD
    assert "Review the GitHub pull request" in page.messages[-1].text


@pytest.mark.parametrize(
    ("verdict", "conclusion", "reviews"),
    [
        ("changesRequested", "failure", ["CHANGES_REQUESTED"]),
        ("couldNotVerify", "neutral", []),
        ("nothingToTest", "skipped", []),
    ],
)
async def test_each_verdict_has_its_conclusion(
    quick: Desk, hub: Place, verdict: str, conclusion: str, reviews: list[str]
) -> None:
    async def script(turn: TurnContext) -> Answer:
        finding = {"title": "Cart is empty", "file": "src/f0.js", "line": 2, "blocking": True}
        return verdict_answer(verdict, findings=[finding])

    quick.assistant.script = script
    await quick.hook("pull_request", payloads.pull("opened"))
    await quick.settled()
    assert checks(quick) == [("a", "completed", conclusion)]
    assert [one["state"] for one in hub.pull.reviews] == reviews
    (told,) = quick.site.repo().annotations.values()
    assert [(one["path"], one["start_line"], one["title"]) for one in told] == [
        ("src/f0.js", 2, "Cart is empty")
    ]


async def test_the_check_is_in_progress_while_the_review_works(quick: Desk, hub: Place) -> None:
    go_on = asyncio.Event()

    async def script(turn: TurnContext) -> Answer:
        await go_on.wait()
        return verdict_answer("approved")

    quick.assistant.script = script
    await quick.hook("pull_request", payloads.pull("opened"))
    await quick.until(lambda found: bool(found) and found[0].started)
    assert checks(quick) == [("a", "in_progress", None)]
    assert f"Reviewing `{HEAD[:10]}`" in hub.pull.comments[0]["body"]
    go_on.set()
    await quick.settled()
    assert len(hub.pull.comments) == 1


async def test_a_newer_push_ends_the_older_review_and_starts_anew(desk: Desk, hub: Place) -> None:
    async def script(turn: TurnContext) -> Answer:
        if len(desk.assistant.seen) == 1:
            await asyncio.sleep(60)
        return verdict_answer("approved")

    desk.assistant.script = script
    await desk.hook("pull_request", payloads.pull("opened"))
    await desk.until(lambda found: bool(found) and found[0].started)
    hub.pull.head = NEXT
    await desk.hook("pull_request", payloads.pull("synchronize", NEXT))
    newer, older = await desk.settled(2)
    assert checks(desk) == [("a", "completed", "neutral"), ("c", "completed", "success")]
    assert (older.head_sha, newer.head_sha) == (HEAD, NEXT)
    (comment,) = hub.pull.comments
    assert NEXT[:10] in comment["body"]
    assert [(one["state"], one["commit_id"]) for one in hub.pull.reviews] == [("APPROVED", NEXT)]
    async with desk.database.read() as session:
        page = await desk.chats.read(session, older.conversation_id or "")
    assert page.messages[0].status is MessageStatus.CANCELLED


async def test_the_same_head_is_reviewed_once(quick: Desk) -> None:
    await quick.hook("pull_request", payloads.pull("opened"))
    await quick.hook("pull_request", payloads.pull("reopened"))
    await quick.settled()
    assert len(checks(quick)) == 1


@pytest.mark.parametrize("ending", ["crash", "refusal", "cancel"])
async def test_a_review_that_ends_otherwise_leaves_no_check_pending(
    quick: Desk, hub: Place, ending: str
) -> None:
    class Quota(AppError):
        kind = "limited"  # type: ignore[assignment]
        code = "quota"

    async def script(turn: TurnContext) -> Answer:
        if ending == "crash":
            raise RuntimeError("broken inside")
        if ending == "refusal":
            raise Quota("The model's quota is used up.")
        await asyncio.sleep(60)
        return verdict_answer("approved")

    quick.assistant.script = script
    await quick.hook("pull_request", payloads.pull("opened"))
    if ending == "cancel":
        await quick.until(lambda found: bool(found) and found[0].started)
        (one,) = await quick.publications()
        async with quick.database.write() as session:
            await quick.chats.cancel(session, one.conversation_id or "")
    await quick.settled()
    assert checks(quick) == [("a", "completed", "neutral")]
    assert "broken inside" not in hub.pull.comments[0]["body"]
    assert not hub.pull.reviews


async def test_a_preview_is_waited_for_and_then_tested(blind: Desk, hub: Place) -> None:
    await blind.hook("pull_request", payloads.pull("opened"))
    await blind.until(lambda found: bool(found) and found[0].started)
    assert checks(blind) == [("a", "in_progress", None)]
    assert "Waiting for a preview" in hub.pull.comments[0]["body"]
    await blind.hook(
        "deployment_status", payloads.deployed("https://x.preview.test", state="pending")
    )
    await blind.hook("deployment_status", payloads.deployed("https://x.preview.test"))
    (done,) = await blind.settled()
    assert checks(blind) == [("a", "completed", "success")]
    assert len(hub.pull.comments) == 1
    async with blind.database.read() as session:
        page = await blind.chats.read(session, done.conversation_id or "")
    assert len(page.conversation.choices) == 1


async def test_a_preview_alone_starts_a_review_too(blind: Desk) -> None:
    await blind.hook("deployment_status", payloads.deployed("https://x.preview.test"))
    await blind.settled()
    assert checks(blind) == [("a", "completed", "success")]


async def test_no_preview_in_time_is_neutral(blind: Desk, hub: Place) -> None:
    blind.triggers._wait = 0.5
    await blind.hook("pull_request", payloads.pull("opened"))
    await blind.settled()
    assert checks(blind) == [("a", "completed", "neutral")]
    assert "no preview environment was reported" in hub.pull.comments[0]["body"]


async def test_drafts_wait_until_they_are_ready(quick: Desk, hub: Place) -> None:
    hub.pull.draft = True
    await quick.hook("pull_request", payloads.pull("opened", draft=True))
    assert not await quick.dealt_with()
    hub.pull.draft = False
    await quick.hook("pull_request", payloads.pull("ready_for_review"))
    await quick.settled()
    assert checks(quick) == [("a", "completed", "success")]


async def test_a_fork_is_not_reviewed_unasked(quick: Desk, hub: Place) -> None:
    hub.pull.fork = "eve/shop"
    await quick.hook("pull_request", payloads.pull("opened"))
    await quick.settled()
    assert checks(quick) == [("a", "completed", "neutral")]
    assert not quick.assistant.seen
    await quick.hook("issue_comment", payloads.comment("@assay review"))
    await quick.settled(2)
    assert checks(quick)[1:] == [("a", "completed", "success")]


async def test_a_closed_pull_request_ends_its_review(quick: Desk, hub: Place) -> None:
    async def script(turn: TurnContext) -> Answer:
        await asyncio.sleep(60)
        return verdict_answer("approved")

    quick.assistant.script = script
    await quick.hook("pull_request", payloads.pull("opened"))
    await quick.until(lambda found: bool(found) and found[0].started)
    await quick.hook("pull_request", payloads.pull("closed"))
    await quick.settled()
    assert checks(quick) == [("a", "completed", "neutral")]


async def test_reviews_that_are_off_come_when_asked_for(shy: Desk, hub: Place) -> None:
    await shy.hook("pull_request", payloads.pull("opened"))
    assert not await shy.dealt_with()
    assert not shy.assistant.seen
    await shy.hook("issue_comment", payloads.comment("Hello @assay, have a look"))
    await shy.settled()
    assert checks(shy) == [("a", "completed", "success")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@assay re-run", []),
        ("@assay", []),
        ("@Assay: also check the checkout as a guest", ["also check the checkout as a guest"]),
        ("thanks\n@assay use https://other.preview.test please", ["use please"]),
    ],
)
async def test_a_comment_starts_a_review_with_what_it_says(
    quick: Desk, text: str, said: list[str]
) -> None:
    await quick.hook("pull_request", payloads.pull("opened"))
    await quick.settled()
    await quick.hook("issue_comment", payloads.comment(text))
    newest, _ = await quick.settled(2)
    async with quick.database.read() as session:
        page = await quick.chats.read(session, newest.conversation_id or "")
        where = await quick.triggers._reviewing.preview_of(session, newest.conversation_id or "")
    request = page.conversation.review_request
    assert request is not None
    assert request.context == (said[0] if said else None)
    other = "other" in text
    assert where == ("https://other.preview.test" if other else "https://pr-7.preview.test")


@pytest.mark.parametrize("association", ["NONE", "CONTRIBUTOR", "FIRST_TIMER"])
async def test_strangers_start_nothing(quick: Desk, association: str) -> None:
    await quick.hook("issue_comment", payloads.comment("@assay go", association=association))
    await quick.hook("issue_comment", payloads.comment("me@assay.test", number=2))
    await quick.hook("issue_comment", payloads.comment("<!-- assay: --> @assay", number=3))
    assert not await quick.dealt_with()


async def test_a_comment_can_stop_a_review(quick: Desk) -> None:
    async def script(turn: TurnContext) -> Answer:
        await asyncio.sleep(60)
        return verdict_answer("approved")

    quick.assistant.script = script
    await quick.hook("pull_request", payloads.pull("opened"))
    await quick.until(lambda found: bool(found) and found[0].started)
    await quick.hook("issue_comment", payloads.comment("@assay stop"))
    await quick.settled()
    assert checks(quick) == [("a", "completed", "neutral")]


async def test_a_check_can_be_run_again_from_github(quick: Desk, hub: Place) -> None:
    await quick.hook("pull_request", payloads.pull("opened"))
    await quick.settled()
    payload = payloads.example("check_run", "rerequested")
    payload["repository"]["full_name"] = "acme/shop"
    payload["check_run"]["external_id"] = quick.site.repo().checks[0]["external_id"]
    await quick.hook("check_run", payload)
    await quick.settled(2)
    assert checks(quick) == [("a", "completed", "success")] * 2
    assert len(hub.pull.comments) == 1


async def test_the_result_belongs_to_the_commit_that_was_read(quick: Desk) -> None:
    async def script(turn: TurnContext) -> Answer:
        return verdict_answer("approved", headCommit=NEXT)

    quick.assistant.script = script
    await quick.hook("pull_request", payloads.pull("opened"))
    await quick.settled()
    assert checks(quick) == [("a", "completed", "neutral"), ("c", "completed", "success")]


async def test_a_forge_that_fails_for_a_while_gets_everything_once(desk: Desk, hub: Place) -> None:
    for method, part in (
        ("POST", "/check-runs"),
        ("PATCH", "/check-runs/"),
        ("POST", "/reviews"),
        ("POST", "/comments"),
        ("PATCH", "/issues/comments/"),
        ("POST", "/reactions"),
    ):
        hub.site.fail(method, part, 502, after=True)
        hub.site.fail(method, part, 503)
    await desk.hook("pull_request", payloads.pull("opened"))
    await desk.settled()
    assert checks(desk) == [("a", "completed", "success")]
    assert (len(hub.pull.comments), len(hub.pull.reviews)) == (1, 1)
    assert "**Approved**" in hub.pull.comments[0]["body"]


async def test_what_a_token_may_not_do_is_noted_and_the_rest_is_done(
    quick: Desk, hub: Place
) -> None:
    hub.site.fail("POST", "/reviews", 403, times=99)
    hub.site.fail("POST", "/issues/7/comments", 403, times=99)
    await quick.hook("pull_request", payloads.pull("opened"))
    (done,) = await quick.settled()
    assert checks(quick) == [("a", "completed", "success")]
    assert "may not do this" in done.problem


async def test_hostile_words_reach_github_harmless(quick: Desk, hub: Place) -> None:
    text = (
        "**Approved**\n\n- @octocat <img src=x> <!-- assay:1 --> ![x](https://evil.test/a.png)\n"
        "/approve\n[win](https://evil.test) fixes #12 https://evil.test/x\n"
        "[evidence](https://assay.test/p/shop/runs/1)"
    )

    async def script(turn: TurnContext) -> Answer:
        return verdict_answer("approved", text)

    quick.assistant.script = script
    await quick.hook("pull_request", payloads.pull("opened"))
    await quick.settled()
    body = hub.pull.comments[0]["body"]
    for wrong in ("@octocat", "<img", "![x]", "\n/approve", "](https://evil", "#12", "://evil"):
        assert wrong not in body
    assert body.count("<!--") == 1
    assert "[evidence](https://assay.test/p/shop/runs/1)" in body
    assert (await quick.publications())[0].state is State.DONE
