"""A dashboard with tests, runs and a conversation whose every text is hostile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import httpx

from assay import accounts
from assay.atlas import service as atlas
from assay.atlas.model import AppMap, Field, Finding, FindingKind, Form, Purpose, State
from assay.browser.model import ActionKind, Fingerprint, Locator, LocatorBundle, LocatorKind
from assay.cases import service as cases
from assay.cases.model import (
    Assertion,
    AssertionKind,
    CaseStatus,
    Draft,
    Proof,
    ProofRun,
    Step,
    TestCase,
    Verdict,
)
from assay.chats import store as chats_store
from assay.chats.model import MessageStatus, Outcome
from assay.kernel import clock, ids
from assay.projects import targets
from assay.projects.model import Place
from assay.runs import certifying
from assay.runs import store as runs_store
from assay.runs.certificate import Disturbed
from assay.runs.disturbing import DisturbanceKind
from assay.runs.heals import HealRecord, HealStatus, old_mark_of
from assay.runs.model import Purpose as RunPurpose
from assay.runs.model import Run, RunResult, RunStatus
from assay.storage import WriteSession

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
COOKIE = "assay_session"


@dataclass
class Seeded:
    """What was put into a project, by the names that addresses use."""

    base: str
    chat: str
    chat_id: str
    test: TestCase
    draft: TestCase
    run: str
    proof_run: str
    application: str
    artifact: str
    heal: str

    def pages(self) -> list[str]:
        """Every page of the project."""
        return [
            "/",
            self.base,
            f"{self.base}/chat",
            f"{self.base}/chat/{self.chat}",
            f"{self.base}/chat/{self.chat}/events",
            f"{self.base}/chat/{self.chat}/parts",
            f"{self.base}/tests",
            f"{self.base}/tests/{self.test.short_id}",
            f"{self.base}/tests/{self.draft.short_id}",
            f"{self.base}/runs",
            f"{self.base}/runs/{self.run}",
            f"{self.base}/runs/{self.proof_run}",
            f"{self.base}/apps/{self.application}",
            f"/artifacts/{self.artifact}",
            "/trace-viewer/index.html",
        ]


async def sign_in(site: Any, key: str) -> httpx.AsyncClient:
    """A browser of a person who signed in with one of the site's keys."""
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(site.app, raise_app_exceptions=False),
        base_url="http://assay.test",
    )
    answer = await client.post("/sign-in", data={"key": site.keys[key], "next": "/"})
    assert answer.status_code == 303, answer.text
    assert COOKIE in client.cookies
    return client


async def sign_in_link(site: Any, project: str) -> str:
    """The address of a new one-time link of a project's organisation."""
    async with site.assay.database.write() as session:
        token = await accounts.create_sign_in_link(session, site.organisations[project].id)
    return f"/sign-in?token={token}"


def button(name: str) -> LocatorBundle:
    """The locators of a button."""
    primary = Locator(LocatorKind.ROLE, "button", name)
    return LocatorBundle(primary, (), Fingerprint("button", name, "button"), name)


async def _steadiness(session: WriteSession, test: TestCase, run: str) -> str:
    """A certificate with a break, and a heal that waits; gives the heal's id."""
    made = await certifying.begin(session, test, replays=2, seed=3)
    replays = (
        Disturbed(0, None, 3, Verdict.PASSED),
        Disturbed(1, DisturbanceKind.CPU, 3, Verdict.PASSED),
        Disturbed(
            2, DisturbanceKind.LATE, 4, Verdict.FAILED, f"Step 3 {HOSTILE}", 3, run_short_id=run
        ),
    )
    now = clock.now()
    await runs_store.save_certificate(
        session, made.id, at=now, status=RunStatus.COMPLETED, replays=replays, ended=True
    )
    heal = HealRecord(
        id=ids.new_uuid(),
        short_id=ids.new_short_id("heal"),
        project_id=test.project_id,
        test_case_id=test.id,
        step=2,
        step_text=test.steps[1].text,
        mark="m" * 64,
        old_mark=old_mark_of(test.steps[1]),
        wanted="button “Sign in”",
        found=f"button “Log in {HOSTILE}”",
        score=0.82,
        margin=0.3,
        bundle=button("Log in"),
        status=HealStatus.WAITING,
        run_short_id=run,
        environment="",
        times=1,
        created_at=now,
        seen_at=now,
    )
    assert await runs_store.insert_heal(session, heal)
    return heal.short_id


def _steps() -> tuple[Step, ...]:
    return (
        Step(1, f"Open “/” {HOSTILE}", action=ActionKind.NAVIGATE),
        Step(2, "Click “Sign in”", action=ActionKind.CLICK, target=button("Sign in")),
        Step(
            3, f"“Welcome” is shown {HOSTILE}", assertion=Assertion(AssertionKind.TEXT, "Welcome")
        ),
    )


async def seed(site: Any, project: str = "own") -> Seeded:
    """Fill a project of the site with one of everything."""
    owner, application = site.projects[project], site.applications[project]
    environment = site.environments[project]
    async with site.assay.database.write() as session:
        page = await site.assay.chats.create_conversation(session, owner, f"**Hi** {HOSTILE}")
        chat = page.conversation
        test = await _case(session, owner.id, application.id, chat.id, "good")
        draft = await _case(session, owner.id, application.id, chat.id, "draft")
        run = await _run(session, owner.id, chat.id, test, RunPurpose.RUN)
        proof_run = await _run(session, owner.id, chat.id, test, RunPurpose.PROOF)
        green = tuple(ProofRun(proof_run, None, Verdict.PASSED, None) for _ in range(3))
        red = ProofRun(proof_run, f"“Welcome” removed {HOSTILE}", Verdict.FAILED, 3, 3)
        test = await cases.save_proof(session, test, Proof((*green, red), (3,)))
        await cases.save_verdict(session, test.id, Verdict.FAILED, f"Step 3 {HOSTILE}")
        heal = await _steadiness(session, replace(test, status=CaseStatus.ENABLED), proof_run)
        target = await targets.target(session, site.assay.box, Place(application, environment))
        await atlas.keep(session, target, _map())
        await _answer(session, chat.id, run, test.id)
    artifact = f"runs/{run}/{test.short_id}/failed-step-3.png"
    await site.assay.artifacts.put(artifact, b"\x89PNG")
    await site.assay.artifacts.put(f"runs/{run}/{test.short_id}/trace.zip", b"PK")
    return Seeded(
        base=f"/p/{owner.slug}",
        chat=chat.short_id,
        chat_id=chat.id,
        test=test,
        draft=draft,
        run=run,
        proof_run=proof_run,
        application=application.short_id,
        artifact=artifact,
        heal=heal,
    )


async def _case(
    session: WriteSession, project_id: str, application_id: str, chat_id: str, key: str
) -> TestCase:
    draft = Draft(
        key=key,
        name=f"{key} {HOSTILE}",
        goal=f"Goal {HOSTILE}",
        expected_result=f"Expected {HOSTILE}",
        steps=_steps() if key == "good" else (replace(_steps()[0], text=f"Open {key}"),),
        unchecked=() if key == "good" else (f"A clause {HOSTILE}",),
        notes=(f"Note {HOSTILE}",),
    )
    case, _ = await cases.save_draft(
        session,
        draft,
        project_id=project_id,
        application_id=application_id,
        conversation_id=chat_id,
        turn_id=None,
    )
    return case


async def _run(
    session: WriteSession, project_id: str, chat_id: str, test: TestCase, purpose: RunPurpose
) -> str:
    now = clock.now()
    proof = purpose is RunPurpose.PROOF
    run = Run(
        id=ids.new_uuid(),
        short_id=ids.new_short_id("run"),
        project_id=project_id,
        conversation_id=chat_id,
        turn_id=None,
        trigger="CHAT",
        purpose=purpose,
        mutation=f"“Welcome” removed {HOSTILE}" if proof else None,
        status=RunStatus.COMPLETED,
        result=RunResult.FAILED,
        created_at=now,
        updated_at=now,
        test_count=1,
        environment=f"Default {HOSTILE}",
        finished_at=now,
    )
    await runs_store.insert_run(session, run, ids.new_uuid())
    folder = f"runs/{run.short_id}/{test.short_id}"
    await runs_store.insert_cases(
        session,
        [
            _done(
                run.id,
                test,
                []
                if proof
                else [
                    f"{folder}/failed-step-3.png",
                    f"{folder}/trace.zip",
                    f"{folder}/console.json",
                ],
            )
        ],
    )
    return run.short_id


def _done(run_id: str, test: TestCase, evidence: list[str]) -> dict[str, Any]:
    steps = [
        {"number": 1, "text": test.steps[0].text, "ok": True, "seconds": 0.5, "seen": "",
         "healed": False, "picture": ""},
        {"number": 2, "text": test.steps[1].text, "ok": True, "seconds": 1.5, "seen": "",
         "healed": True, "picture": ""},
        {"number": 3, "text": test.steps[2].text, "ok": False, "seconds": 5.0,
         "seen": f"I saw {HOSTILE}", "healed": False, "picture": "failed-step-3.png"},
    ]  # fmt: skip
    return {
        "id": ids.new_uuid(),
        "run_id": run_id,
        "test_case_id": test.id,
        "test_case_short_id": test.short_id,
        "position": 0,
        "name": test.name,
        "status": "COMPLETED",
        "verdict": "failed",
        "reason": f"Step 3: I saw {HOSTILE}",
        "failed_step": 3,
        "steps": steps,
        "heals": [{"step": 2, "intent": HOSTILE, "found": HOSTILE, "score": 0.9, "margin": 0.4}],
        "evidence": evidence,
        "console_errors": [f"Error {HOSTILE}"],
        "failed_requests": [f"GET /x 500 {HOSTILE}"],
        "seconds": 7.0,
    }


def _map() -> AppMap:
    field = Field(f"User {HOSTILE}", "textbox", "text", "username", True)
    return AppMap(
        states=(State("s1", f"/{HOSTILE}", f"T {HOSTILE}", "", "page", "f", 0, trail=(HOSTILE,)),),
        forms=(Form("f1", "s1", "/login", Purpose.LOGIN, f"Log {HOSTILE}", (field,), "Go"),),
        findings=(Finding(FindingKind.DEAD_CONTROL, f"Dead {HOSTILE}", "/x", HOSTILE, "fp"),),
        notes=(f"Note {HOSTILE}",),
    )


async def _answer(session: WriteSession, chat_id: str, run: str, test_id: str) -> None:
    """End the conversation's first turn as its worker would."""
    newest = (await chats_store.messages_of(session, chat_id, 1))[0]
    now = clock.now()
    outcome = chats_store.dump_outcome(Outcome(Verdict.FAILED, (test_id,), (run,)))
    await chats_store.change_message(
        session,
        newest.id,
        now,
        text=f"[bad](javascript:alert(1)) {HOSTILE} ![x](http://evil.example/x.png)",
        status=MessageStatus.COMPLETED.value,
        is_streaming=False,
        outcome=outcome,
    )
    await chats_store.change_conversation(
        session, chat_id, now, active_turn_id=None, title=f"Title {HOSTILE}"
    )
