"""What Assay wrote, read back by other people's clients: githubkit and python-gitlab."""

from __future__ import annotations

import asyncio
from typing import Any

import gitlab as python_gitlab
from githubkit import GitHub

from assay.forge import AppSecret, Conclusion, Stance, github
from assay.forge.model import CheckResult
from tests.forge.conftest import HEAD, TOKEN, Place
from tests.forge.test_contract import CHECK, RESULT, review
from tests.forge.test_github import PRIVATE, PUBLIC, findings


async def test_githubkit_reads_what_was_written(hub: Place) -> None:
    hub.site.app_key = PUBLIC
    forge = github(hub.site.url, AppSecret("77", PRIVATE, "4242"))
    check = await forge.start_check(hub.ref, CHECK)
    result = CheckResult(RESULT.conclusion, RESULT.title, RESULT.summary, "Details.", findings(60))
    await forge.finish_check(hub.ref, CHECK, check, result)
    await forge.comment(hub.ref, "mark-c", "<!-- mark-c -->\nDone.")
    await forge.review(hub.ref, review(Stance.REQUEST_CHANGES))
    await forge.acknowledge(hub.ref)
    await forge.close()

    async with GitHub(TOKEN, base_url=f"{hub.site.url}/api/v3", http_cache=False) as other:
        where: dict[str, Any] = {"owner": "acme", "repo": "shop"}
        runs = (await other.rest.checks.async_list_for_ref(**where, ref=HEAD)).json()["check_runs"]
        assert [(r["name"], r["status"], r["conclusion"]) for r in runs] == [
            ("Assay / PR Review", "completed", "failure")
        ]
        assert runs[0]["output"]["summary"] == "One test failed."
        told = await other.rest.checks.async_list_annotations(
            **where, check_run_id=runs[0]["id"], per_page=100
        )
        assert [one.title for one in told.parsed_data] == [f"Finding {n}" for n in range(60)]
        (comment,) = (
            await other.rest.issues.async_list_comments(**where, issue_number=7)
        ).parsed_data
        assert comment.body == "<!-- mark-c -->\nDone."
        reviews = (await other.rest.pulls.async_list_reviews(**where, pull_number=7)).parsed_data
        assert [(one.state, one.commit_id) for one in reviews] == [("CHANGES_REQUESTED", HEAD)]
        eyes = await other.rest.reactions.async_list_for_issue(**where, issue_number=7)
        assert [one.content for one in eyes.parsed_data] == ["eyes"]


async def test_python_gitlab_reads_what_was_written(lab: Place) -> None:
    check = await lab.forge.start_check(lab.ref, CHECK)
    await lab.forge.finish_check(
        lab.ref, CHECK, check, CheckResult(Conclusion.SUCCESS, "Approved", "")
    )
    await lab.forge.comment(lab.ref, "mark-c", "<!-- mark-c -->\nDone.")
    await lab.forge.review(lab.ref, review(Stance.APPROVE))
    await lab.forge.acknowledge(lab.ref)

    def read() -> None:
        other = python_gitlab.Gitlab(lab.site.url, private_token=TOKEN)
        project = other.projects.get("acme/web/shop")
        merge = project.mergerequests.get(7)
        assert merge.title == "A change"
        (note,) = merge.notes.list(get_all=True)
        assert note.body == "<!-- mark-c -->\nDone."
        (status,) = project.commits.get(HEAD, lazy=True).statuses.list(get_all=True)
        assert (status.status, status.name) == ("success", "Assay / PR Review")
        assert [one["user"]["username"] for one in merge.approvals.get().approved_by] == [
            "assay-bot"
        ]
        assert [one.name for one in merge.awardemojis.list(get_all=True)] == ["eyes"]
        other.session.close()

    await asyncio.to_thread(read)
