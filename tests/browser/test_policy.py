"""Documents stay on the project's hosts; everything else only reaches public addresses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assay.browser.errors import HostRefused, NavigationFailed
from assay.browser.model import Action, ActionKind
from assay.browser.policy import HostPolicy
from assay.kernel.addresses import parse_host
from tests.browser.conftest import Open
from tests.browser.site import Answer, Site

in_browser = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def other() -> Iterator[Site]:
    site = Site()
    site.pages["/"] = "<h1>Other</h1>"
    yield site
    site.close()


@in_browser
async def test_documents_of_other_hosts_are_refused_by_name(visit: Open, other: Site) -> None:
    page = await visit(
        f"<a href='{other.url}/'>Leave</a><form action='{other.url}/'><button>Post</button></form>",
        {"/away": Answer(status=302, headers={"Location": other.url + "/"})},
    )
    for action in (
        Action(ActionKind.NAVIGATE, value=other.url + "/"),
        Action(ActionKind.NAVIGATE, value="/away"),
        Action(ActionKind.FETCH, value="/away"),
        Action(ActionKind.NAVIGATE, value="file:///etc/passwd"),
    ):
        with pytest.raises(HostRefused) as refused:
            await page.session.perform(action)
        assert refused.value.host in {other.host, "file:"}
    await page.go("/")
    for role, name in (("link", "Leave"), ("button", "Post")):
        with pytest.raises(HostRefused) as refused:
            await page.act(ActionKind.CLICK, role, name)
        assert refused.value.host == other.host
        await page.look()
        assert "Other" not in page.seen.text
    assert other.asked == []


@in_browser
async def test_private_addresses_of_others_are_not_reached(visit: Open, other: Site) -> None:
    named = other.url.replace("127.0.0.1", "localhost")
    page = await visit(
        f"<img src='{other.url}/a.png'><img src='{named}/b.png'><iframe src='{named}/'></iframe>"
        f"<script>fetch('{other.url}/c', {{mode: 'no-cors'}}).catch(() => 1);"
        f"new WebSocket('{other.url.replace('http', 'ws')}/d')</script>"
        "<img src='http://169.254.169.254/latest/meta-data/'>"
    )
    assert page.seen.status == 200
    assert other.asked == []


@in_browser
async def test_allowed_hosts_load_from_each_other(visit: Open, site: Site, other: Site) -> None:
    other.pages["/api"] = Answer(b"42", headers={"Access-Control-Allow-Origin": "*"})
    page = await visit(
        f"<p id=out></p><script>fetch('{other.url}/api').then((r) => r.text())"
        ".then((t) => { out.textContent = 'got ' + t })</script>",
        allowed_hosts=frozenset({other.host, site.host}),
    )
    assert "got 42" in page.seen.text


@in_browser
async def test_a_name_is_resolved_before_it_is_reached(visit: Open, site: Site) -> None:
    site.pages["/"] = "<h1>By name</h1>"
    by_name = site.host.replace("127.0.0.1", "localhost")
    page = await visit("<h1>By name</h1>", allowed_hosts=frozenset({site.host, by_name}))
    await page.session.perform(Action(ActionKind.NAVIGATE, value=f"http://{by_name}/"))
    assert "By name" in (await page.look()).text
    policy = frozenset({site.host, "nowhere.invalid"})
    lost = await visit("x", allowed_hosts=policy)
    with pytest.raises(NavigationFailed):
        await lost.session.perform(Action(ActionKind.NAVIGATE, value="http://nowhere.invalid/"))


def test_rules_about_addresses() -> None:
    policy = HostPolicy(frozenset({"example.com", "10.0.0.5:8000", "169.254.169.254"}))
    public, private = parse_host("93.184.216.34"), parse_host("10.0.0.5")
    metadata = parse_host("169.254.169.254")
    assert public and private and metadata  # noqa: PT018
    assert policy.connection("cdn.example.net", 443, public)
    assert policy.connection("10.0.0.5", 8000, private)
    assert policy.connection("example.com", 443, private)
    assert not policy.connection("10.0.0.5", 8001, private)
    assert not policy.connection("rebound.example.net", 80, private)
    assert not policy.connection("169.254.169.254", 80, metadata)
    assert not policy.connection("example.com", 80, metadata)
    assert policy.direct() == ["10.0.0.5:8000"]
