"""Steps that say where: what they name, the links that may be meant, and the ends of lists."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assay.browser.model import Observation
from assay.cases.dated import End, at_end
from assay.cases.reading_dates import read_dates
from assay.cases.whereabouts import (
    Extreme,
    Named,
    Own,
    Where,
    is_at,
    links_to,
    own_links,
    read_where,
)
from tests.cases.paper import Paper

READ: list[tuple[str, Where | None]] = [
    ("project Apollo", Named("Apollo", "project", "project Apollo")),
    ("the page About us", Named("About us", "page", "the page About us")),
    ("Channel Announcements", Named("Announcements", "channel", "Channel Announcements")),
    ("team ops/night", Named("ops/night", "team", "team ops/night")),
    ("guides:install", Named("guides:install")),
    ("acme/website", Named("acme/website")),
    ("my account", Own("account")),
    ("own user profile", Own("user profile")),
    ("the earliest", Extreme("old")),
    ("most recent invoice", Extreme("new", "invoice")),
    ("the last one", Extreme("last")),
    ("profile", None),  # of whom?
    ("first order", None),
    ("First name", None),
    ("order number", None),
    ("poll 4", None),
    ("10:30", None),
    ("Terms of use", None),
    ("New Project", None),
]


@pytest.mark.parametrize(("said", "where"), READ, ids=[said for said, _ in READ])
def test_what_words_name(said: str, where: Where | None) -> None:
    assert read_where(said) == where


def test_a_quoted_name_needs_no_capital_letter() -> None:
    assert read_where("tag urgent") is None
    assert read_where("tag urgent", ("urgent",)) == Named("urgent", "tag", "tag urgent")


def _link(page: Paper, name: str, href: str, **more: object) -> str:
    return page.node("link", name, tag="a", href=href, interactive=True, **more)


def _groups() -> Paper:
    page = Paper("/groups", "Groups")
    _link(page, "Groups", "/groups", landmark="navigation")
    _link(page, "Writers", "/groups/1")
    _link(page, "Editors (4)", "/groups/2")
    _link(page, "Editors-in-chief", "/groups/3")
    return page


def _names(page: Observation, where: Where | None) -> list[str]:
    assert isinstance(where, Named)
    return [node.name for node in links_to(page, where)]


def test_only_the_named_one_of_its_kind_is_meant() -> None:
    page = _groups().seen()
    assert _names(page, read_where("group Editors")) == ["Editors (4)"]
    assert _names(page, read_where("group Painters")) == []


def test_of_one_name_the_link_whose_address_tells_the_kind() -> None:
    page = Paper("/", "Studio")
    _link(page, "Apollo", "/people/apollo")
    wanted = _link(page, "Apollo", "/projects/7")
    named = read_where("project Apollo")
    assert isinstance(named, Named)
    assert [node.ref for node in links_to(page.seen(), named)] == [wanted]


def test_what_is_called_by_all_of_the_words_comes_first() -> None:
    page = Paper("/", "Shop")
    _link(page, "History", "/about/history")
    _link(page, "Order History", "/orders")
    assert _names(page.seen(), read_where("Order History")) == ["Order History"]


def test_a_name_with_separators_is_in_the_address_or_title() -> None:
    page = Paper("/index.php?title=Main:Home&lang=en", "Handbook")
    _link(page, "Install", "/index.php?title=Tools:Install&lang=en")
    _link(page, "History", "/index.php?title=Guides:Install&action=history&lang=en")
    wanted = _link(page, "Installing", "/index.php?title=Guides:Install&lang=en")
    titled = _link(page, "How to upgrade", "/p/77", title="Guides:Upgrade")
    path = _link(page, "Website", "/code/acme/website")
    _link(page, "Issues", "/code/acme/website/issues")
    seen = page.seen()
    for name, ref in (
        ("guides:install", wanted),
        ("Guides:Upgrade", titled),
        ("acme/website", path),
    ):
        assert [node.ref for node in links_to(seen, Named(name))] == [ref]
    assert links_to(seen, Named("guides:remove")) == []


def test_the_page_of_a_thing_knows_itself() -> None:
    assert is_at(Paper("/wiki/Guides:Install", "x").seen(), Named("guides:install"))
    assert not is_at(Paper("/w?id=guides:install&do=edit", "x").seen(), Named("guides:install"))
    assert is_at(Paper("/p/7", "Apollo – Studio").seen(), Named("Apollo", "project"))
    assert not is_at(Paper("/p", "Projects").seen(), Named("Apollo", "project"))


def _people() -> Paper:
    page = Paper("/people", "People")
    _link(page, "ann", "/u/ann", landmark="navigation")
    for name in ("bea", "ann"):
        row = page.node("row", "", tag="tr", text=f"{name} Profile")
        _link(page, name, f"/u/{name}", row=row, row_text=f"{name} Profile")
        _link(page, "Profile", f"/u/{name}/about", row=row, row_text=f"{name} Profile")
    return page


def test_ones_own_page_is_never_that_of_another() -> None:
    own = Own("profile")
    assert [node.href for node in own_links(_people().seen(), own, ("ann",))] == ["/u/ann"]
    assert own_links(_people().seen(), own, ()) == []
    page = _people()
    wanted = _link(page, "My profile", "/me", landmark="banner")
    _link(page, "Update profile", "/me/edit", landmark="banner")
    assert [node.ref for node in own_links(page.seen(), own, ("ann",))] == [wanted]


def _versions(dates: Sequence[str], *, pages: bool = False, stamps: Sequence[int] = ()) -> Paper:
    page = Paper("/file/versions", "Versions")
    page.heading("Versions")
    box = page.node("list", "", tag="ul")
    for at, date in enumerate(dates):
        text = f"{date} plan.txt by ann"
        row = page.node("listitem", "", tag="li", text=text, parent=box)
        stamp = f"&at={stamps[at]}" if stamps else ""
        _link(page, "compare", f"/file?diff={at}{stamp}", text="", row=row, row_text=text)
        _link(page, f"plan {at}", f"/file?version={at}{stamp}", row=row, row_text=text)
    if pages:
        _link(page, "Older versions", "/file/versions?page=2")
    return page


DOWN = ("3 May 2024 10:00", "3 May 2024 09:00", "28 April 2024 12:00")


@pytest.mark.parametrize(
    ("dates", "end", "name"),
    [
        (DOWN, "old", "plan 2"),
        (DOWN, "new", "plan 0"),
        (DOWN, "last", "plan 2"),
        (tuple(reversed(DOWN)), "old", "plan 0"),
        ((DOWN[1], DOWN[0], DOWN[2]), "new", "plan 1"),
        (("2024-05-03", "2024-05-01", "2024-05-01"), "old", "plan 2"),
        (("2 hours ago", "yesterday", "3 days ago"), "old", "plan 2"),
        (("2024-05-01", "2024-05-01", "2024-05-01"), "old", None),  # they tell nothing
        (("2024-05-01", "2024-05-03", "2024-05-03"), "new", "plan 2"),
        (("yesterday", "2024-05-01"), "old", None),
        (("04/05/2024", "03/06/2024"), "old", None),  # two days each may be meant
        (("04/05/2024", "03/06/2024", "13/05/2024"), "old", "plan 0"),
        (("04/05/2024", "03/06/2024", "05/13/2024"), "old", "plan 1"),
    ],
)
def test_the_row_at_an_end(dates: Sequence[str], end: End, name: str | None) -> None:
    assert _told(_versions(dates), end) == name


def _told(page: Paper, end: End, noun: str = "") -> str | None:
    told = at_end(page.seen(), end, noun)
    assert told is not None
    assert told.link is not None or told.reason
    return told.link.name if told.link is not None else None


def test_dates_alike_are_told_apart_by_the_seconds_in_the_addresses() -> None:
    page = _versions(["1 May 2024"] * 3, stamps=(1714550430, 1714550420, 1714550410))
    assert _told(page, "old") == "plan 2"


def test_a_list_that_goes_on_tells_only_its_near_end() -> None:
    page = _versions(DOWN, pages=True)
    assert _told(page, "new") == "plan 0"
    assert _told(page, "old") is None


def test_the_noun_must_be_that_of_the_list() -> None:
    page = _versions(DOWN)
    assert _told(page, "old", "version") == "plan 2"
    assert _told(page, "old", "invoice") is None
    assert at_end(Paper("/", "Empty").seen(), "old") is None


def test_dates_as_people_write_them() -> None:
    said = "Sent May 3rd, 2024 at 2:05 pm, read 4.5.2024 08:00, due 2024/05/06"
    assert [f"{date:%m-%d %H:%M}" for date in read_dates(said)] == [
        "05-03 14:05",
        "05-04 08:00",
        "05-06 00:00",
    ]
    assert read_dates("version 1.2.3 of 31 June 2024") == ()
