"""The dashboard's pages: who gets in, what is shown, what is refused, and that nothing runs."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from assay.cases import service as cases
from assay.cases.model import CaseStatus
from assay.web.dashboard import router
from tests.web.dashboard_seed import HOSTILE, Seeded, seed, sign_in, sign_in_link


class _Seen(HTMLParser):
    """Elements and handlers that would run something."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.bad.append("inline script")
        if tag in {"iframe", "object", "embed", "style", "base"}:
            self.bad.append(tag)
        for name, value in attrs:
            if name.startswith(("on", "hx-on")) or name == "style":
                self.bad.append(name)
            if name in {"href", "src", "action"} and (value or "").lower().startswith("javascript"):
                self.bad.append(f"{name}={value}")
        if tag == "img" and (given.get("src") or "").startswith("http"):
            self.bad.append("foreign picture")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def looked_at(html: str) -> str:
    """The text of a page, after making sure that nothing in it would run."""
    seen = _Seen()
    seen.feed(html)
    assert seen.bad == []
    return " ".join(" ".join(seen.text).split())


def token_in(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', html)
    assert found
    return found[1]


@pytest.fixture
async def pages(site: Any) -> Any:
    """A site that has the dashboard."""
    site.app.include_router(router)
    return site


@pytest.fixture
async def full(pages: Any) -> Seeded:
    """The own project with one of everything."""
    return await seed(pages)


@pytest.fixture
async def person(pages: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who signed in with the key of the own project."""
    client = await sign_in(pages, "own")
    yield client
    await client.aclose()


async def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(
    pages: Any, full: Seeded
) -> None:
    for path in full.pages():
        answer = await pages.client.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in?next=%2F")
    answer = await pages.client.get(f"{full.base}/chat/{full.chat}?before=3")
    form = await pages.client.get(answer.headers["location"])
    assert f'value="{full.base}/chat/{full.chat}?before=3"' in form.text
    data = {"key": pages.keys["own"], "next": f"{full.base}/chat/{full.chat}"}
    answer = await pages.client.post("/sign-in", data=data)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{full.base}/chat/{full.chat}"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert (await pages.client.get(answer.headers["location"])).status_code == 200


async def test_a_link_signs_in_once(pages: Any, full: Seeded) -> None:
    link = await sign_in_link(pages, "own")
    answer = await pages.client.get(link)
    assert answer.status_code == 303
    assert (await pages.client.get("/")).status_code == 200
    # Opened again by somebody who is in already, it is no obstacle; to anybody else it is spent.
    assert (await pages.client.get(link)).status_code == 303
    pages.client.cookies.clear()
    again = await pages.client.get(link)
    assert again.status_code == 401
    assert "used" in again.text


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "evil", ""],
)
async def test_sign_in_never_leads_elsewhere(pages: Any, wanted: str) -> None:
    answer = await pages.client.post("/sign-in", data={"key": pages.keys["own"], "next": wanted})
    assert answer.headers["location"] == "/"


async def test_a_wrong_key_and_a_foreign_form_do_not_sign_in(pages: Any) -> None:
    answer = await pages.client.post("/sign-in", data={"key": "ask_wrong", "next": "/"})
    assert answer.status_code == 401
    assert "not known" in answer.text
    answer = await pages.client.post(
        "/sign-in", data={"key": pages.keys["own"]}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert not pages.client.cookies


async def test_every_page_is_shown_and_nothing_on_it_runs(
    full: Seeded, person: httpx.AsyncClient
) -> None:
    for path in full.pages()[:13]:
        answer = await person.get(path)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        text = looked_at(answer.text)
        assert "alert(1)" in text or path.endswith("/events"), path


async def test_the_conversation_shows_messages_tests_proof_and_evidence(
    full: Seeded, person: httpx.AsyncClient
) -> None:
    answer = await person.get(f"{full.base}/chat/{full.chat}")
    text = looked_at(answer.text)
    assert "<strong>Hi</strong>" in answer.text
    for words in (
        "Title <script>",
        "3 of 3 undisturbed replays were green; 1 of 1 faults",
        "Not checked by any step A clause",
        "“Welcome” is shown",
        "When step 3 went wrong",
    ):
        assert words in text, words
    assert f"/artifacts/{full.artifact}" in answer.text
    assert f"{full.base}/runs/{full.run}" in answer.text
    assert "sse-connect" not in answer.text


async def test_a_run_shows_what_was_seen(full: Seeded, person: httpx.AsyncClient) -> None:
    answer = await person.get(f"{full.base}/runs/{full.run}")
    text = looked_at(answer.text)
    for words in ("went wrong", "I saw <script>", "GET /x 500", "Done on similar elements"):
        assert words in text, words
    assert "/trace-viewer/index.html?trace=/artifacts/runs/" in answer.text
    proof = looked_at((await person.get(f"{full.base}/runs/{full.proof_run}")).text)
    assert "A fault was put into the page on purpose" in proof


async def test_foreign_things_are_not_found(pages: Any, person: httpx.AsyncClient) -> None:
    for name in ("other", "foreign"):
        theirs = await seed(pages, name)
        own = f"/p/{pages.projects['own'].slug}"
        for path in theirs.pages()[1:-1]:
            assert (await person.get(path)).status_code == 404, path
            if path.startswith("/p/") and path.count("/") > 3:
                moved = path.replace(theirs.base, own, 1)
                assert (await person.get(moved)).status_code == 404, moved
    for path in ("/p/none", f"{own}/chat/chat_x", f"{own}/chat/%3Cx%3E", f"{own}/runs/x"):
        answer = await person.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"].startswith("text/html")
        looked_at(answer.text)


async def test_a_session_ends_with_its_key_and_by_signing_out(
    pages: Any, person: httpx.AsyncClient
) -> None:
    assert (await person.get("/")).status_code == 200
    await person.post("/sign-out")
    assert (await person.get("/")).status_code == 303


async def test_forms_need_the_token_of_the_session(
    pages: Any, full: Seeded, person: httpx.AsyncClient
) -> None:
    url = f"{full.base}/chat"
    token = token_in((await person.get("/")).text)
    for csrf in ("", "0" * 64):
        answer = await person.post(url, data={"message": "help", "csrf": csrf})
        assert answer.status_code == 403
    answer = await person.post(
        url, data={"message": "help", "csrf": token}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    answer = await person.post(
        url, data={"message": "help", "csrf": token}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    answer = await person.post(url, data={"message": "help", "csrf": token})
    assert answer.status_code == 303
    shown = await person.get(answer.headers["location"])
    assert "sse-connect" in shown.text
    assert "on this page" in looked_at(shown.text)
    empty = await person.post(url, data={"message": "   ", "csrf": token})
    assert empty.status_code == 400


async def test_messages_are_added_and_work_is_cancelled(
    full: Seeded, person: httpx.AsyncClient
) -> None:
    url = f"{full.base}/chat/{full.chat}"
    token = token_in((await person.get(url)).text)
    answer = await person.post(url, data={"message": "now run it", "csrf": token})
    assert answer.status_code == 303
    headers = {"HX-Request": "true"}
    parts = await person.post(url, data={"message": "and again", "csrf": token}, headers=headers)
    assert parts.status_code == 200
    assert 'hx-swap-oob="true"' in parts.text
    assert "and again" in looked_at(parts.text)
    ended = await person.post(f"{url}/cancel", data={"csrf": token}, headers=headers)
    assert "sse-connect" not in ended.text
    assert "Cancelled." in looked_at(ended.text)


async def test_asking_for_news_says_nothing_when_there_is_none(
    full: Seeded, person: httpx.AsyncClient
) -> None:
    shown = (await person.get(f"{full.base}/chat/{full.chat}")).text
    found = re.search(r'hx-get="([^"]+)"', shown)
    assert found
    assert (await person.get(found[1])).status_code == 204
    assert (await person.get(found[1] + "0")).status_code == 200


async def test_a_person_can_enable_and_disable_a_test(
    pages: Any, full: Seeded, person: httpx.AsyncClient
) -> None:
    url = f"{full.base}/tests/{full.draft.short_id}"
    before = await person.get(url)
    assert "you vouch for it" in looked_at(before.text)
    token = token_in(before.text)
    for status in (CaseStatus.ENABLED, CaseStatus.DISABLED):
        answer = await person.post(f"{url}/status", data={"status": status.value, "csrf": token})
        assert answer.headers["location"] == url
        async with pages.assay.database.read() as session:
            found = await cases.by_ids(session, [full.draft.id])
        assert found[0].status is status
    wrong = await person.post(f"{url}/status", data={"status": "golden", "csrf": token})
    assert wrong.status_code == 400


async def test_evidence_is_given_as_what_it_is(full: Seeded, person: httpx.AsyncClient) -> None:
    picture = await person.get(f"/artifacts/{full.artifact}")
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in picture.headers["content-security-policy"]
    trace = await person.get(f"/artifacts/runs/{full.run}/{full.test.short_id}/trace.zip")
    assert trace.headers["content-type"] == "application/octet-stream"
    assert trace.headers["content-disposition"].startswith("attachment")
    for path in (
        f"runs/{full.run}/../../secret.key",
        f"runs/{full.run}/%2e%2e/%2e%2e/assay.db",
        f"runs/{full.run}/none/end.png",
        "secret.key",
        f"runs/{full.run}",
    ):
        assert (await person.get(f"/artifacts/{path}")).status_code == 404, path


async def test_static_files_are_open_and_stay_inside(pages: Any, person: httpx.AsyncClient) -> None:
    for name in ("app.css", "app.js", "icon.svg"):
        answer = await pages.client.get(f"/static/{name}?v=1")
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/none.css", "/static/"):
        assert (await pages.client.get(path)).status_code == 404, path
    viewer = await person.get("/trace-viewer/index.html")
    assert viewer.status_code == 200
    assert "Trace Viewer" in viewer.text


def test_the_hostile_text_is_hostile() -> None:
    with pytest.raises(AssertionError):
        looked_at(HOSTILE)
