"""What every forge behind the port promises: the same tests for GitHub and GitLab."""

from __future__ import annotations

import pytest

from assay.forge import (
    CheckResult,
    CheckStart,
    Conclusion,
    FileStatus,
    Given,
    NativeReview,
    Provider,
    PullRef,
    PullState,
    Stance,
    TokenSecret,
    forge_of,
)
from assay.forge.errors import (
    ForgeLimited,
    ForgeUnavailable,
    HeadMoved,
    PermissionMissing,
    PullNotFound,
    TokenRefused,
)
from assay.kernel.errors import AppError
from tests.forge.conftest import HEAD, PATCH, TOKEN, Place, github_files, gitlab_files

CHECK = CheckStart(
    name="Assay / PR Review",
    head_sha=HEAD,
    external_id="publication-1",
    details_url="https://assay.test/p/shop/chat/chat_1",
    title="Reviewing",
    summary="Started.",
)
RESULT = CheckResult(Conclusion.FAILURE, "Changes requested", "One test failed.")


def review(stance: Stance, marker: str = "mark-1") -> NativeReview:
    return NativeReview(stance, HEAD, marker, f"<!-- {marker} -->\nOne test failed.")


async def test_a_pull_request_is_read(place: Place) -> None:
    pull = await place.forge.read_pull(place.ref)
    assert (pull.title, pull.description) == ("A change", "What it does.")
    assert (pull.head_sha, pull.author, pull.from_fork) == (HEAD, "ada", False)
    assert (pull.state, pull.draft) == (PullState.OPEN, False)
    assert (pull.head_branch, pull.base_branch) == ("feature", "main")
    assert pull.url.startswith(place.site.url)


@pytest.mark.parametrize("closed", ["closed", "merged"])
async def test_closed_merged_drafts_and_forks_are_told(place: Place, closed: str) -> None:
    place.state(closed)
    place.pull.draft = True
    place.fork()
    pull = await place.forge.read_pull(place.ref)
    assert pull.state == PullState(closed)
    assert pull.draft
    assert pull.from_fork


async def test_an_empty_description_is_empty(place: Place) -> None:
    name = "body" if place.ref.provider is Provider.GITHUB else "description"
    setattr(place.pull, name, None)
    assert (await place.forge.read_pull(place.ref)).description == ""


@pytest.mark.parametrize("count", [0, 3, 100, 101, 250])
async def test_every_page_of_files_is_read(place: Place, count: int) -> None:
    made = github_files if place.ref.provider is Provider.GITHUB else gitlab_files
    place.pull.files = made(count)
    change = await place.forge.read_change(place.ref)
    assert [file.path for file in change.files] == [f"src/f{n}.js" for n in range(count)]
    assert change.diff.count("diff --git ") == count
    assert not change.omitted
    assert not change.truncated


async def test_hunks_get_the_lines_that_name_their_file(place: Place) -> None:
    change = await place.forge.read_change(place.ref)
    head = "diff --git a/src/f0.js b/src/f0.js\n--- a/src/f0.js\n+++ b/src/f0.js\n"
    assert change.diff.startswith(head + PATCH + "\n")
    file = change.files[0]
    assert (file.status, file.added, file.removed) == (FileStatus.MODIFIED, 1, 1)


async def test_a_head_that_moves_while_reading_is_read_again(place: Place) -> None:
    part = "/files" if place.ref.provider is Provider.GITHUB else "/diffs"
    place.site.run_before("GET", part, lambda: setattr(place.pull, "head", "c" * 40))
    change = await place.forge.read_change(place.ref)
    assert change.pull.head_sha == "c" * 40


async def test_a_head_that_never_rests_is_an_answer(place: Place) -> None:
    part = "/files" if place.ref.provider is Provider.GITHUB else "/diffs"
    heads = iter("cdefghij")

    def push() -> None:
        place.pull.head = next(heads) * 40

    for _ in range(5):
        place.site.run_before("GET", part, push)
    with pytest.raises(HeadMoved):
        await place.forge.read_change(place.ref)


async def test_the_open_pull_requests_of_a_commit_are_found(place: Place) -> None:
    assert await place.forge.open_pulls_of(place.ref.repository, HEAD) == [7]
    place.state("closed")
    assert await place.forge.open_pulls_of(place.ref.repository, HEAD) == []


async def test_one_comment_is_made_and_then_edited(place: Place) -> None:
    first = await place.forge.comment(place.ref, "mark-c", "<!-- mark-c -->\nStarted.")
    again = await place.forge.comment(place.ref, "mark-c", "<!-- mark-c -->\nStarted.")
    ended = await place.forge.comment(place.ref, "mark-c", "<!-- mark-c -->\nDone.", first)
    assert first == again == ended
    assert [one["body"] for one in place.comments()] == ["<!-- mark-c -->\nDone."]


async def test_a_comment_that_somebody_deleted_is_made_again(place: Place) -> None:
    first = await place.forge.comment(place.ref, "mark-c", "<!-- mark-c -->\nStarted.")
    (place.pull.comments if hasattr(place.pull, "comments") else place.pull.notes).clear()
    second = await place.forge.comment(place.ref, "mark-c", "<!-- mark-c -->\nDone.", first)
    assert second != first
    assert [one["body"] for one in place.comments()] == ["<!-- mark-c -->\nDone."]


async def test_a_copied_marker_does_not_take_the_comment_over(place: Place) -> None:
    first = await place.forge.comment(place.ref, "mark-c", "<!-- mark-c -->\nStarted.")
    await place.forge.comment(place.ref, "quote", "quote of <!-- mark-c -->")
    assert await place.forge.comment(place.ref, "mark-c", "<!-- mark-c -->\nDone.") == first
    assert len(place.comments()) == 2


async def test_the_comment_is_found_behind_many_others(place: Place) -> None:
    for number in range(120):
        await place.forge.comment(place.ref, f"m{number};", f"m{number};")
    first = await place.forge.comment(place.ref, "mark-c", "mark-c Started.")
    assert await place.forge.comment(place.ref, "mark-c", "mark-c Done.") == first
    assert len(place.comments()) == 121


async def test_an_answer_lost_after_a_write_doubles_nothing(place: Place) -> None:
    place.site.fail("POST", "/comments", 502, after=True)
    place.site.fail("POST", "/notes", 502, after=True)
    with pytest.raises(ForgeUnavailable):
        await place.forge.comment(place.ref, "mark-c", "mark-c Started.")
    await place.forge.comment(place.ref, "mark-c", "mark-c Started.")
    assert len(place.comments()) == 1


async def test_a_limit_is_waited_for(place: Place) -> None:
    place.site.fail("GET", "/7", 429, retry_after="1")
    assert (await place.forge.read_pull(place.ref)).title == "A change"


async def test_a_limit_that_lasts_says_for_how_long(place: Place) -> None:
    place.site.fail("GET", "/7", 429, retry_after="300")
    with pytest.raises(ForgeLimited) as told:
        await place.forge.read_pull(place.ref)
    assert told.value.retry_after == 300


async def test_a_short_illness_is_read_over(place: Place) -> None:
    place.site.fail("GET", "/7", 503, times=2)
    assert (await place.forge.read_pull(place.ref)).title == "A change"


async def test_a_token_that_is_refused_is_told(place: Place) -> None:
    place.site.tokens.clear()
    with pytest.raises(TokenRefused, match="expired or was revoked"):
        await place.forge.read_pull(place.ref)


async def test_what_is_not_there_is_told(place: Place) -> None:
    for repository, number in (("acme/none", 7), (place.ref.repository, 8)):
        ref = PullRef(place.ref.provider, place.ref.base_url, repository, number)
        with pytest.raises(PullNotFound):
            await place.forge.read_pull(ref)


async def test_a_missing_permission_is_told(place: Place) -> None:
    place.site.tokens[TOKEN].may_write = False
    with pytest.raises(PermissionMissing):
        await place.forge.comment(place.ref, "mark-c", "mark-c")
    with pytest.raises(PermissionMissing):
        await place.forge.start_check(place.ref, CHECK)
    assert await place.forge.review(place.ref, review(Stance.APPROVE)) is Given.NOT_PERMITTED


async def test_a_host_that_is_not_there_is_told(place: Place) -> None:
    forge = forge_of(place.ref.provider, "http://127.0.0.1:9", TokenSecret(TOKEN))
    with pytest.raises(ForgeUnavailable, match="cannot be reached"):
        await forge.read_pull(place.ref)
    await forge.close()


async def test_a_page_that_is_no_api_is_told(place: Place) -> None:
    place.site.fail("GET", "/7", 200, body="hello", content_type="text/html")
    with pytest.raises(ForgeUnavailable):
        await place.forge.read_pull(place.ref)


async def test_no_token_follows_a_redirect_to_another_host(place: Place) -> None:
    elsewhere = "http://localhost:9/steal"
    place.site.fail("GET", "/7", 302, location=elsewhere)
    with pytest.raises(ForgeUnavailable, match="gets no token"):
        await place.forge.read_pull(place.ref)


async def test_a_redirect_on_the_same_host_is_followed(place: Place) -> None:
    repo = place.ref.repository
    true = f"/repos/{repo}/pulls/7"
    if place.ref.provider is Provider.GITLAB:
        true = f"/projects/{repo.replace('/', '%2F')}/merge_requests/7"
    place.site.fail("GET", "/7", 301, location=place.site.prefix + true)
    assert (await place.forge.read_pull(place.ref)).title == "A change"


async def test_a_token_is_in_no_address_and_no_error(place: Place) -> None:
    await place.forge.read_change(place.ref)
    await place.forge.comment(place.ref, "mark-c", "mark-c")
    await place.forge.acknowledge(place.ref)
    errors: list[AppError] = []
    for status in (400, 401, 403, 404, 418, 429, 500):
        place.site.fail("GET", "/7", status, times=9, retry_after="99" if status == 429 else "")
        with pytest.raises(AppError) as told:
            await place.forge.read_pull(place.ref)
        errors.append(told.value)
        place.site.faults.clear()
    assert all(TOKEN not in f"{asked.path}{asked.query}" for asked in place.site.asked)
    assert all(TOKEN not in f"{e} {e.__cause__!r} {e.__context__!r}" for e in errors)
    assert TOKEN not in repr(TokenSecret(TOKEN))


async def test_eyes_are_put_once(place: Place) -> None:
    await place.forge.acknowledge(place.ref)
    await place.forge.acknowledge(place.ref)
    found = place.pull.reactions if hasattr(place.pull, "reactions") else place.pull.awards
    assert len(found) == 1
    comment = await place.forge.comment(place.ref, "mark-c", "mark-c")
    await place.forge.acknowledge(place.ref, comment)
    await place.forge.acknowledge(place.ref, comment)
    (kept,) = [v for k, v in place.comments()[0].items() if k in ("_reactions", "_awards")]
    assert len(kept) == 1


async def test_a_check_is_started_once_and_ends_once(place: Place) -> None:
    first = await place.forge.start_check(place.ref, CHECK)
    assert await place.forge.start_check(place.ref, CHECK) == first
    await place.forge.finish_check(place.ref, CHECK, first, RESULT)
    wrote = len(place.site.writes())
    await place.forge.finish_check(place.ref, CHECK, first, RESULT)
    assert len(place.site.writes()) == wrote
