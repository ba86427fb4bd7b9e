"""Secrets given in messages and configs are nowhere to be found afterwards, in no form."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.assistant.doubles import Provider, Reply, serving
from tests.journeys.leaky import leaky
from tests.journeys.process import Process, answers
from tests.journeys.searching import Search

GATE = ("gatekeeper", "G4te~pass*word")
MEMBERS = {
    "mia@example.com": "M1a&pass+word/9",
    "noor@example.com": "N00r=pass?word#3",
    "kai@example.com": "K4i$pass!word_8",
}
SECRETS = {
    "http authentication": GATE[1],
    **MEMBERS,
    "colon": "C0lon:pass-word%5",
    "slash": "Sl4sh~pass^word",
    "credentials line": "Cr3ds*pass=word",
    "json": "J5on+pass&word",
    "token": "tok_9aBc8dEf7gHi6jKl5",
    "config": 'Quo"ted\\pass/w0rd',
    "unused config": "Unu5ed&value=here",
    "model": "M0del+talk&word",
}
WRONG = "not-the-right-one-1"
CASE = """Create a test "A member signs in".
Preconditions: noor@example.com is registered.
Username: noor@example.com
Password: N00r=pass?word#3
Steps:
1. Open /login
2. Enter "noor@example.com" in the "Email" field
3. Enter "N00r=pass?word#3" in the "Password" field
4. Click "Sign in"
Expected: "Welcome back" is shown."""
ASIDES = (
    "List my tests. The login is user: ada@example.com, password: C0lon:pass-word%5",
    "Help. Credentials: bob@example.com / Sl4sh~pass^word",
    "Help. creds=eve@example.com:Cr3ds*pass=word",
    'List my tests. {{"username": "joe@example.com", "password": "J5on+pass&word"}}',
    "Help. The API token is tok_9aBc8dEf7gHi6jKl5",
)
FIRST = (
    f"Create one login test for http://{GATE[0]}:{GATE[1]}@{{site}}/login with user"
    " mia@example.com and password M1a&pass+word/9, then run it"
)
REFUSED = f'Create one test: log in as mia@example.com with the wrong password "{WRONG}"'
WORK = (FIRST, CASE, "Run all tests", REFUSED)
KAI = 'Create one login test as kai@example.com with the password "K4i$pass!word_8" and run it'


async def _posted(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code in {201, 202}, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _talk(client: httpx.AsyncClient, *texts: str) -> list[dict[str, Any]]:
    """One conversation; gives its messages once every answer is there."""
    chat = ""
    for text in texts:
        path = f"/v1/chat/{chat}" if chat else "/v1/chat"
        chat = (await _posted(client, path, {"message": text}))["shortId"]
    return await answers(client, chat, len(texts), 600)


@pytest.mark.timeout(1500)
async def test_no_secret_is_left_anywhere(tmp_path: Path) -> None:
    search = Search(SECRETS)
    process = Process(tmp_path / "data", {"ASSAY_LOG_LEVEL": "DEBUG"})
    process.init()
    with leaky(GATE, MEMBERS) as site:
        try:
            process.start("--no-demo")
            await process.ready()
            async with process.client() as client:
                _worked(await _talk(client, *(text.format(site=site) for text in WORK)))
                applications = (await client.get("/v1/applications")).json()["applications"]
                for name in ("config", "unused config"):
                    values = {"username": f"{name} user", "password": SECRETS[name]}
                    body = {"name": name, "kind": "usernamePassword", "values": values}
                    if name == "config":
                        body["applicationShortId"] = applications[0]["shortId"]
                    await _posted(client, "/v1/configs", body)
                await _talk(client, *(text.format() for text in ASIDES))
                await _read_everything(client, search)
            await _pages(process, search)
            _files(process, search, tmp_path / "copy")
        finally:
            process.stop()
        search.folder(process.data)
        with serving(
            Reply(calls=(("create_tests", {"features": ["login"]}),)),
            Reply(calls=(("run_tests", {"which": "recent"}),)),
            Reply("Done."),
        ) as provider:
            await _with_a_model(process, provider, search)
        assert len(provider.bodies) >= 2
        for sent in provider.raw_bodies:
            search.look("a request to the model", sent.encode())
    _files(process, search, tmp_path / "last")
    assert search.looked_at > 200
    assert not search.found, "\n".join(dict.fromkeys(search.found))


def _worked(messages: list[dict[str, Any]]) -> None:
    """The secrets were really used, or there was nothing to hide."""
    said = [message for message in messages if message["role"] == "assistant"]
    for message in said:
        assert message["status"] == "COMPLETED", message["text"]
    # Two of them, run once more at the end of the first conversation.
    assert "2 of 2 tests passed" in said[2]["text"], said[2]["text"]
    # What is said to be wrong is data of the test, not a secret.
    assert WRONG in messages[-2]["text"]


async def _with_a_model(process: Process, provider: Provider, search: Search) -> None:
    environ = {"ASSAY_MODEL": "gpt-x", "ASSAY_MODEL_URL": provider.url, "ASSAY_MODEL_KEY": "k"}
    again = Process(process.data, {**environ, "ASSAY_LOG_LEVEL": "DEBUG"})
    again.key = process.key
    try:
        again.start("--no-demo")
        await again.ready()
        async with again.client() as client:
            mentioned = "List my tests; the password of zoe@example.com is M0del+talk&word"
            await _talk(client, KAI, mentioned)
            await _read_everything(client, search)
    finally:
        again.stop()


async def _read_everything(client: httpx.AsyncClient, search: Search) -> None:
    """Every answer of the API that tells of what was given."""
    paths = ["/v1/applications", "/v1/projects", "/v1/test-cases?limit=100"]
    tests = (await client.get(paths[-1])).json()["testCases"]
    for test in tests:
        paths.append(f"/v1/test-cases/{test['id']}")
        paths.append(f"/v1/chat/{test['conversationShortId']}?limit=100")
        paths += [f"/v1/run/{run['runShortId']}?testCases=all" for run in test["proof"]["runs"]]
    for application in (await client.get(paths[0])).json()["applications"]:
        paths.append(f"/v1/applications/{application['shortId']}/environments")
    for path in dict.fromkeys(paths):
        answer = await client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        search.look(f"GET {path}", answer.content)


async def _pages(process: Process, search: Search) -> None:
    """Every page of the dashboard that can be reached by links from its first one."""
    link = re.search(r"http\S+/sign-in\?token=\S+", process.errors.read_text())
    assert link is not None
    async with httpx.AsyncClient(follow_redirects=True, timeout=30) as browser:
        first = await browser.get(link[0])
        assert first.status_code == 200
        waiting, seen = ["/"], {"/"}
        while waiting and len(seen) < 150:
            path = waiting.pop(0)
            page = await browser.get(process.url + path)
            search.look(f"page {path}", page.content)
            if "html" not in page.headers["content-type"]:
                continue
            for found in re.findall(r'(?:href|src)="(/[^"#]*)', page.text):
                if found not in seen and not found.startswith(("/static", "/sign-out")):
                    seen.add(found)
                    waiting.append(found)
    assert len(seen) > 8


def _files(process: Process, search: Search, copy: Path) -> None:
    """Logs, database with its write-ahead log as they are now, and evidence."""
    shutil.copytree(process.data, copy)
    search.look("standard output", process.log.read_bytes())
    search.look("standard error", process.errors.read_bytes())
    search.folder(copy)
    search.database(copy / "assay.db")
    assert list(copy.rglob("trace.zip")), "no evidence was kept"
