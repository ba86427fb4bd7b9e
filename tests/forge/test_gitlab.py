"""What is GitLab's own: statuses, approvals, old versions, Bearer tokens, a relative root."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from assay.forge import (
    AppSecret,
    CheckResult,
    Conclusion,
    FileStatus,
    Given,
    Stance,
    TokenSecret,
    gitlab,
)
from assay.forge.errors import AppKeyInvalid, ForgeUnavailable
from tests.forge.conftest import HEAD, PATCH, TOKEN, Place
from tests.forge.test_contract import CHECK, review


def odd(**given: object) -> dict[str, object]:
    base = {"old_path": "a.js", "new_path": "a.js", "a_mode": "100644", "b_mode": "100644"}
    more = {"diff": "", "new_file": False, "renamed_file": False, "deleted_file": False}
    return {**base, **more, **given}


async def test_a_bearer_token_goes_in_its_own_header(lab: Place) -> None:
    forge = gitlab(lab.site.url, TokenSecret(TOKEN, bearer=True))
    await forge.read_pull(lab.ref)
    assert lab.site.asked[-1].headers["authorization"] == f"Bearer {TOKEN}"
    assert "private-token" not in lab.site.asked[-1].headers
    await forge.close()


async def test_versions_without_the_paged_list_are_read(lab: Place) -> None:
    lab.site.old = True
    change = await lab.forge.read_change(lab.ref)
    assert len(change.files) == 3
    assert PATCH in change.diff


async def test_a_relative_root_is_a_part_of_the_address(lab: Place) -> None:
    lab.site.prefix = "/git/api/v4"
    forge = gitlab(f"{lab.site.url}/git", TokenSecret(TOKEN))
    assert (await forge.read_pull(lab.ref)).title == "A change"
    await forge.close()


async def test_a_merge_request_being_prepared_is_told(lab: Place) -> None:
    lab.pull.head = None
    with pytest.raises(ForgeUnavailable, match="still prepares"):
        await lab.forge.read_pull(lab.ref)


async def test_odd_files_are_named_and_headed(lab: Place) -> None:
    lab.pull.files = [
        odd(old_path="big.js", new_path="big.js", too_large=True),
        odd(old_path="folded.js", new_path="folded.js", collapsed=True),
        odd(old_path="old.js", new_path="new.js", renamed_file=True, diff=PATCH + "\n"),
        odd(old_path="gone.js", new_path="gone.js", deleted_file=True, diff="@@ -1 +0,0 @@\n-a\n"),
        odd(
            old_path="made.js",
            new_path="made.js",
            new_file=True,
            diff="@@ -0,0 +1,3 @@\n+++ x\n+--- y\n+@@ -1 +1 @@\n",
        ),
        odd(old_path="x.png", new_path="x.png", diff="Binary files a/x.png and b/x.png differ\n"),
    ]
    change = await lab.forge.read_change(lab.ref)
    assert change.omitted == ("big.js", "folded.js")
    kinds = [file.status for file in change.files]
    assert kinds[2:5] == [FileStatus.RENAMED, FileStatus.REMOVED, FileStatus.ADDED]
    assert (change.files[4].added, change.files[4].removed) == (3, 0)
    assert "rename from old.js\nrename to new.js\n" in change.diff
    assert "--- /dev/null\n+++ b/made.js\n" in change.diff
    assert "Binary files a/x.png and b/x.png differ\n" in change.diff


@pytest.mark.parametrize(
    ("conclusion", "state"),
    [
        (Conclusion.SUCCESS, "success"),
        (Conclusion.SKIPPED, "success"),
        (Conclusion.FAILURE, "failed"),
        (Conclusion.NEUTRAL, "failed"),
    ],
)
async def test_a_status_runs_then_ends(lab: Place, conclusion: Conclusion, state: str) -> None:
    check = await lab.forge.start_check(lab.ref, CHECK)
    (row,) = lab.site.project().statuses
    assert (row["status"], row["sha"], row["name"]) == ("running", HEAD, "Assay / PR Review")
    await lab.forge.finish_check(lab.ref, CHECK, check, CheckResult(conclusion, "So", "So."))
    (row,) = lab.site.project().statuses
    assert (row["status"], row["description"]) == (state, "So")


async def test_a_second_review_of_a_commit_runs_and_ends_again(lab: Place) -> None:
    for link, conclusion in (("1", Conclusion.FAILURE), ("2", Conclusion.SUCCESS)):
        check = replace(CHECK, details_url=f"https://assay.test/chat/{link}")
        started = await lab.forge.start_check(lab.ref, check)
        await lab.forge.finish_check(lab.ref, check, started, CheckResult(conclusion, "So", ""))
    assert [row["status"] for row in lab.site.project().statuses] == ["failed", "success"]


async def test_a_status_that_another_attempt_ended_stays(lab: Place) -> None:
    check = await lab.forge.start_check(lab.ref, CHECK)
    lab.site.fail("POST", "/statuses/", 500, after=True)
    with pytest.raises(ForgeUnavailable):
        await lab.forge.finish_check(
            lab.ref, CHECK, check, CheckResult(Conclusion.SUCCESS, "So", "")
        )
    await lab.forge.finish_check(lab.ref, CHECK, check, CheckResult(Conclusion.FAILURE, "No", ""))
    assert [row["status"] for row in lab.site.project().statuses] == ["success"]


async def test_a_status_ends_in_the_pipeline_where_it_runs(lab: Place) -> None:
    check = await lab.forge.start_check(lab.ref, CHECK)
    lab.site.new_pipeline(HEAD)
    await lab.forge.finish_check(lab.ref, CHECK, check, CheckResult(Conclusion.SUCCESS, "So", ""))
    assert [row["status"] for row in lab.site.project().statuses] == ["success"]


async def test_a_status_that_is_just_being_changed_is_a_passing_refusal(lab: Place) -> None:
    check = await lab.forge.start_check(lab.ref, CHECK)
    lab.site.fail("POST", "/statuses/", 409, body={"message": "Another update is in progress"})
    ended = CheckResult(Conclusion.SUCCESS, "So", "")
    with pytest.raises(ForgeUnavailable):
        await lab.forge.finish_check(lab.ref, CHECK, check, ended)
    await lab.forge.finish_check(lab.ref, CHECK, check, ended)
    assert [row["status"] for row in lab.site.project().statuses] == ["success"]


async def test_what_is_not_as_described_is_refused(lab: Place) -> None:
    """The stand-in's own check: both directions see what the description does not have."""
    url = f"{lab.site.url}/api/v4/projects/acme%2Fweb%2Fshop"
    headers = {"PRIVATE-TOKEN": TOKEN}
    async with httpx.AsyncClient(headers=headers) as client:
        wrong = [
            await client.post(f"{url}/statuses/{HEAD}", json={"state": "green"}),
            await client.post(f"{url}/statuses/{HEAD}", json={"state": "success", "color": "red"}),
            await client.post(f"{url}/merge_requests/7/notes", json={}),
            await client.get(f"{url}/merge_requests/seven"),
            await client.get(f"{url}/merge_requests/7/diffs", params={"per_page": 500}),
            await client.get(f"{url}/merge_requests/7/diffs", params={"size": 5}),
        ]
    assert [answer.status_code for answer in wrong] == [422] * 6
    assert len(lab.site.problems) == 6
    lab.pull.files = [{"new_path": "a.js"}]
    with pytest.raises(ForgeUnavailable):
        await lab.forge.read_change(lab.ref)
    assert "'old_path' is a required property" in lab.site.problems[-1]
    lab.site.problems.clear()


async def test_approval_is_given_once_and_taken_back(lab: Place) -> None:
    assert await lab.forge.review(lab.ref, review(Stance.APPROVE)) is Given.GIVEN
    assert await lab.forge.review(lab.ref, review(Stance.APPROVE)) is Given.GIVEN
    assert lab.pull.approvers == ["assay-bot"]
    assert await lab.forge.review(lab.ref, review(Stance.COMMENT)) is Given.SAID_ONLY
    assert lab.pull.approvers == []
    assert await lab.forge.review(lab.ref, review(Stance.REQUEST_CHANGES)) is Given.SAID_ONLY


async def test_who_may_not_approve_is_no_failure(lab: Place) -> None:
    lab.site.tokens[TOKEN].may_approve = False
    assert await lab.forge.review(lab.ref, review(Stance.APPROVE)) is Given.NOT_PERMITTED


async def test_only_the_reviewed_head_is_approved(lab: Place) -> None:
    lab.pull.head = "c" * 40
    assert await lab.forge.review(lab.ref, review(Stance.APPROVE)) is Given.SAID_ONLY
    assert lab.pull.approvers == []


def test_an_app_is_no_way_into_gitlab() -> None:
    with pytest.raises(AppKeyInvalid):
        gitlab("https://gitlab.com", AppSecret("1", "key"))
