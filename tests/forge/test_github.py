"""What is GitHub's own: checks and annotations, Apps, reviews, what its token may not do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from assay.forge import (
    Annotation,
    AppSecret,
    CheckResult,
    Conclusion,
    FileStatus,
    Given,
    Level,
    Stance,
    TokenSecret,
    github,
)
from assay.forge.errors import AppKeyInvalid, ForgeUnavailable, PermissionMissing, TokenRefused
from tests.forge.conftest import HEAD, TOKEN, Place
from tests.forge.github_site import Token
from tests.forge.test_contract import CHECK, RESULT, review


def key_pair() -> tuple[str, str]:
    """A private key and its public half."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = made.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


PRIVATE, PUBLIC = key_pair()


@pytest.fixture
def app(hub: Place) -> Place:
    """The same GitHub, seen by an App."""
    hub.site.app_key = PUBLIC
    secret = AppSecret("77", PRIVATE, "4242")
    return replace(hub, forge=github(hub.site.url, secret, patience=1.5))


def findings(count: int) -> tuple[Annotation, ...]:
    return tuple(
        Annotation("src/f0.js", n + 1, n + 1, Level.FAILURE, f"Finding {n}", "It broke.")
        for n in range(count)
    )


async def test_an_app_gets_one_token_and_keeps_it(app: Place) -> None:
    for _ in range(3):
        await app.forge.read_pull(app.ref)
    assert app.site.issued == 1
    tokens = {a.headers["authorization"] for a in app.site.asked if "/repos/" in a.path}
    assert tokens == {"Bearer ghs_installation_token_1"}
    await app.forge.close()


async def test_an_app_finds_its_installation_by_the_repository(app: Place) -> None:
    forge = github(app.site.url, AppSecret("77", PRIVATE), "acme/shop")
    await forge.read_pull(app.ref)
    assert [a.path for a in app.site.asked if "access_tokens" in a.path] == [
        "/api/v3/app/installations/4242/access_tokens"
    ]
    await forge.close()
    await app.forge.close()


async def test_a_token_about_to_end_is_fetched_anew(app: Place) -> None:
    app.site.token_life = timedelta(minutes=2)
    await app.forge.read_pull(app.ref)
    await app.forge.read_pull(app.ref)
    assert app.site.issued == 2
    await app.forge.close()


async def test_a_token_that_was_revoked_is_fetched_anew_once(app: Place) -> None:
    await app.forge.read_pull(app.ref)
    del app.site.tokens["ghs_installation_token_1"]
    assert (await app.forge.read_pull(app.ref)).title == "A change"
    assert app.site.issued == 2
    app.site.fail("GET", "/pulls/7", 401, times=9)
    with pytest.raises(TokenRefused):
        await app.forge.read_pull(app.ref)
    assert app.site.issued == 3
    await app.forge.close()


async def test_another_apps_key_is_refused(app: Place) -> None:
    forge = github(app.site.url, AppSecret("77", key_pair()[0], "4242"))
    with pytest.raises(TokenRefused):
        await forge.read_pull(app.ref)
    await forge.close()
    await app.forge.close()


def test_a_key_that_is_none_is_told_at_once() -> None:
    with pytest.raises(AppKeyInvalid):
        github("https://github.com", AppSecret("77", "no key", "1"))


@pytest.mark.parametrize("count", [0, 1, 50, 51, 120])
async def test_annotations_go_in_batches_of_fifty(app: Place, count: int) -> None:
    check = await app.forge.start_check(app.ref, CHECK)
    result = replace(RESULT, annotations=findings(count))
    await app.forge.finish_check(app.ref, CHECK, check, result)
    run = app.site.repo().checks[0]
    assert (run["status"], run["conclusion"]) == ("completed", "failure")
    told = app.site.repo().annotations[run["id"]]
    assert [one["title"] for one in told] == [f"Finding {n}" for n in range(count)]
    assert len(app.site.writes("/check-runs/")) == max(1, -(-count // 50))
    await app.forge.close()


async def test_annotations_go_on_where_they_were_cut_off(app: Place) -> None:
    check = await app.forge.start_check(app.ref, CHECK)
    result = replace(RESULT, annotations=findings(120))
    app.site.fail("PATCH", "/check-runs/", 500, after=True)
    with pytest.raises(ForgeUnavailable):
        await app.forge.finish_check(app.ref, CHECK, check, result)
    await app.forge.finish_check(app.ref, CHECK, check, result)
    run = app.site.repo().checks[0]
    assert run["status"] == "completed"
    assert len(app.site.repo().annotations[run["id"]]) == 120
    await app.forge.close()


async def test_a_check_is_in_progress_then_completed_and_single(app: Place) -> None:
    first = await app.forge.start_check(app.ref, CHECK)
    (run,) = app.site.repo().checks
    assert (run["status"], run["name"], run["head_sha"]) == (
        "in_progress",
        "Assay / PR Review",
        HEAD,
    )
    assert await app.forge.start_check(app.ref, CHECK) == first
    again = replace(CHECK, external_id="publication-1:2")
    assert await app.forge.start_check(app.ref, again) != first
    assert len(app.site.repo().checks) == 2
    await app.forge.close()


@pytest.mark.parametrize(
    ("conclusion", "state"),
    [
        (Conclusion.SUCCESS, "success"),
        (Conclusion.SKIPPED, "success"),
        (Conclusion.FAILURE, "failure"),
        (Conclusion.NEUTRAL, "error"),
    ],
)
async def test_a_token_without_checks_writes_a_commit_status(
    hub: Place, conclusion: Conclusion, state: str
) -> None:
    check = await hub.forge.start_check(hub.ref, CHECK)
    assert [s["state"] for s in hub.site.repo().statuses] == ["pending"]
    await hub.forge.finish_check(hub.ref, CHECK, check, CheckResult(conclusion, "So", "So."))
    await hub.forge.finish_check(hub.ref, CHECK, check, CheckResult(conclusion, "So", "So."))
    assert [s["state"] for s in hub.site.repo().statuses] == ["pending", state]
    assert {s["context"] for s in hub.site.repo().statuses} == {"Assay / PR Review"}
    assert not hub.site.repo().checks


@pytest.mark.parametrize(
    ("stance", "state"),
    [
        (Stance.APPROVE, "APPROVED"),
        (Stance.REQUEST_CHANGES, "CHANGES_REQUESTED"),
        (Stance.COMMENT, "COMMENTED"),
    ],
)
async def test_a_review_is_given_once(hub: Place, stance: Stance, state: str) -> None:
    assert await hub.forge.review(hub.ref, review(stance)) is Given.GIVEN
    assert await hub.forge.review(hub.ref, review(stance)) is Given.GIVEN
    (made,) = hub.pull.reviews
    assert (made["state"], made["commit_id"]) == (state, HEAD)


async def test_ones_own_pull_request_is_only_commented_on(hub: Place) -> None:
    hub.site.tokens[TOKEN] = Token("ada")
    given = await hub.forge.review(hub.ref, review(Stance.REQUEST_CHANGES))
    assert given is Given.SAID_ONLY
    assert [one["state"] for one in hub.pull.reviews] == ["COMMENTED"]


async def test_odd_files_are_named_and_headed(hub: Place) -> None:
    hub.pull.files = [
        {"filename": "big.js", "status": "modified", "additions": 9000, "changes": 9000},
        {
            "filename": "logo.png",
            "status": "modified",
            "additions": 0,
            "deletions": 0,
            "changes": 0,
        },
        {
            "filename": "new name.js",
            "status": "renamed",
            "previous_filename": "old.js",
            "changes": 2,
            "patch": "@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file",
        },
        {"filename": "gone.js", "status": "removed", "changes": 1, "patch": "@@ -1 +0,0 @@\n-a"},
        {"filename": 'q"t\t.js', "status": "added", "changes": 1, "patch": "@@ -0,0 +1 @@\n+a"},
        {"filename": "odd.js", "status": "changed", "additions": 0, "deletions": 0, "changes": 0},
    ]
    change = await hub.forge.read_change(hub.ref)
    assert change.omitted == ("big.js",)
    assert "Binary files a/logo.png and b/logo.png differ" in change.diff
    assert "rename from old.js\nrename to new name.js\n--- a/old.js\n+++ b/new name.js\t\n" in (
        change.diff
    )
    assert "deleted file mode 100644\n--- a/gone.js\n+++ /dev/null\n" in change.diff
    assert '+++ "b/q\\"t\\t.js"\n' in change.diff
    assert change.files[2].status is FileStatus.RENAMED
    assert change.files[2].old_path == "old.js"


async def test_a_list_of_files_that_github_cuts_is_told(hub: Place) -> None:
    hub.site.run_before("GET", "/files", hub.pull.files.pop)
    first = await hub.forge.read_change(hub.ref)
    assert not first.truncated
    full = hub.site._whole_pull
    hub.site._whole_pull = lambda *given: {**full(*given), "changed_files": 3001}
    assert (await hub.forge.read_change(hub.ref)).truncated


async def test_a_deleted_fork_is_a_fork(hub: Place) -> None:
    hub.pull.fork = None
    assert (await hub.forge.read_pull(hub.ref)).from_fork
    # GitHub does send null there, whatever its description says.
    assert len(hub.site.problems) == 1
    hub.site.problems.clear()


async def test_a_secondary_limit_is_no_missing_permission(hub: Place) -> None:
    words = {"message": "You have exceeded a secondary rate limit. Please wait."}
    hub.site.fail("GET", "/pulls/7", 403, body=words, retry_after="1")
    assert (await hub.forge.read_pull(hub.ref)).title == "A change"


async def test_the_permission_that_is_missing_is_named(hub: Place) -> None:
    hub.site.fail(
        "GET",
        "/pulls/7",
        403,
        body={"message": "Resource not accessible by personal access token"},
        x_accepted_github_permissions="pull_requests=read",
    )
    with pytest.raises(PermissionMissing, match="pull_requests=read"):
        await hub.forge.read_pull(hub.ref)


async def test_a_primary_limit_is_waited_for_until_its_reset(hub: Place) -> None:
    import time

    reset = str(int(time.time()) + 1)
    hub.site.fail("GET", "/pulls/7", 403, x_ratelimit_remaining="0", x_ratelimit_reset=reset)
    assert (await hub.forge.read_pull(hub.ref)).title == "A change"


async def test_nobody_reads_public_projects(hub: Place) -> None:
    hub.site.tokens[""] = Token("nobody", may_write=False)
    forge = github(hub.site.url, None)
    assert (await forge.read_pull(hub.ref)).title == "A change"
    assert "authorization" not in hub.site.asked[-1].headers
    await forge.close()
    assert TokenSecret("x") != TokenSecret("y")
