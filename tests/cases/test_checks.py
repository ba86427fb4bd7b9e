"""Every kind of assertion, when it holds and what it says when it does not."""

from __future__ import annotations

import pytest

from assay.browser.model import Download, Fingerprint, Locator, LocatorBundle, LocatorKind
from assay.cases.checks import evaluate, url_matches
from assay.cases.extracting import extract
from assay.cases.facts import Facts
from assay.cases.find import sketch
from assay.cases.model import Assertion, AssertionKind, Extraction
from tests.cases.paper import Paper

K = AssertionKind


def shop() -> Paper:
    page = Paper("/orders/?page=2", "Orders | Shop")
    page.heading("Orders")
    page.line("You don\u2019t have  any drafts. Total: 122.00")
    page.table(
        ["id", "price", "city"],
        [["1", "9.50", "Oslo"], ["2", "12.00", "Oslo"], ["3", "1,100.00", "Oslo"]],
        dom_id="orders",
    )
    page.field("Name", "Ann")
    page.node("checkbox", "Newsletter", states=frozenset({"checked"}), tag="input")
    page.node("button", "Save", states=frozenset({"disabled"}), tag="button")
    page.list(["milk", "bread"], states=["struck", ""])
    return page


def check(assertion: Assertion, page: Paper | None = None, **facts: object) -> tuple[bool, str]:
    found = evaluate(assertion, (page or shop()).seen(), Facts(**facts))  # type: ignore[arg-type]
    return found.ok, found.seen


def target(role: str, name: str) -> LocatorBundle:
    seen = shop().seen()
    node = next(n for n in seen.nodes if n.role == role and (not name or n.name == name))
    return sketch(seen, node)


TABLE = target("table", "")
LIST = target("list", "")


@pytest.mark.parametrize(
    "assertion",
    [
        Assertion(K.TEXT, text="you don't have any drafts"),
        Assertion(K.NO_TEXT, text="22.00"),
        Assertion(K.VISIBLE, target=target("button", "Save")),
        Assertion(K.COUNT, number=3, scope=TABLE),
        Assertion(K.COUNT, number=1, scope=LIST, state="struck"),
        Assertion(K.COUNT, relative_to="before", delta=1, scope=TABLE),
        Assertion(K.VALUE, text="Ann", target=target("textbox", "Name")),
        Assertion(K.CHECKED, target=target("checkbox", "Newsletter")),
        Assertion(K.DISABLED, target=target("button", "Save")),
        Assertion(K.URL, text="/orders/?page=2"),
        Assertion(K.URL, text="/orders/"),
        Assertion(K.NOT_URL, text="/login/"),
        Assertion(K.TITLE, text="Orders"),
        Assertion(K.CELL, row="2", column="price", text="12.00"),
        Assertion(K.CELL, row="2", column="price", relative_to="price", delta=2),
        Assertion(K.EVERY_ROW, text="Oslo", column="city", exact=True, scope=TABLE),
        Assertion(K.SORTED, column="price", order="ascending", scope=TABLE),
        Assertion(K.FIRST_ROW, text="1", column="id", exact=True, scope=TABLE),
        Assertion(K.STATUS, number=200),
        Assertion(
            K.ANY_OF, options=(Assertion(K.STATUS, number=403), Assertion(K.TEXT, text="Orders"))
        ),
    ],
    ids=lambda item: item.kind.value,
)
def test_what_is_there_holds(assertion: Assertion) -> None:
    ok, seen = check(assertion, variables={"before": "2", "price": "10"}, status=200)
    assert ok, seen


@pytest.mark.parametrize(
    ("assertion", "seen"),
    [
        (Assertion(K.TEXT, text="22.00"), "Orders"),
        (Assertion(K.TEXT, text="Total: 44.40"), "Total: 122.00"),
        (Assertion(K.TEXT, text="Enter your price"), "the page /orders/ shows “Orders”"),
        (Assertion(K.NO_TEXT, text="Orders"), "the page still shows “Orders”"),
        (Assertion(K.HIDDEN, target=target("button", "Save")), "the button “Save” is there"),
        (Assertion(K.COUNT, number=8, scope=TABLE), "3 items instead of 8"),
        (Assertion(K.COUNT, number=2, scope=LIST, state="struck"), "1 item struck instead of 2"),
        (Assertion(K.VALUE, text="Bob", target=target("textbox", "Name")), "has “Ann” instead"),
        (Assertion(K.UNCHECKED, target=target("checkbox", "Newsletter")), "is ticked"),
        (Assertion(K.ENABLED, target=target("button", "Save")), "is disabled"),
        (Assertion(K.URL, text="/orders/?page=3"), "the page is /orders/?page=2"),
        (Assertion(K.CELL, row="2", column="price", text="13.00"), "“12.00” instead of “13.00”"),
        (Assertion(K.EVERY_ROW, text="Rome", column="city", scope=TABLE), "3 of 3 rows do not"),
        (Assertion(K.SORTED, column="price", order="descending", scope=TABLE), "comes before"),
        (Assertion(K.FIRST_ROW, text="3", column="id", scope=TABLE), "the first row shows “1”"),
        (Assertion(K.STATUS, number=403), "the page answered with 200"),
    ],
    ids=lambda item: item.kind.value if isinstance(item, Assertion) else "",
)
def test_what_is_not_there_says_what_was_seen_instead(assertion: Assertion, seen: str) -> None:
    ok, said = check(assertion, status=200)
    assert not ok
    assert seen in said


def test_a_relative_number_that_was_never_read_does_not_hold() -> None:
    ok, said = check(Assertion(K.COUNT, relative_to="before", scope=TABLE))
    assert not ok
    assert "not read" in said


def test_absence_from_a_place_that_is_gone_is_judged_on_the_whole_page() -> None:
    gone = LocatorBundle(
        Locator(LocatorKind.CSS, "#gone"), (), Fingerprint("region", "gone", "div"), "gone"
    )
    assert check(Assertion(K.NO_TEXT, text="Oslo", scope=gone))[0] is False
    assert check(Assertion(K.TEXT, text="Oslo", scope=gone))[0] is False


def test_all_equal_values_are_in_no_order() -> None:
    assert check(Assertion(K.SORTED, column="city", scope=TABLE))[0] is False


def test_a_download_is_checked_by_its_lines_and_text() -> None:
    file = Download("a.csv", 20, "id,name\n1,Ann\n2,Bob\n")
    assert check(Assertion(K.DOWNLOAD, number=3, text="id,name"), downloads=(file,))[0]
    ok, said = check(Assertion(K.DOWNLOAD, number=2), downloads=(file,))
    assert not ok
    assert said == "the file has 3 lines instead of 2"


@pytest.mark.parametrize(
    ("url", "wanted", "fits"),
    [
        ("http://a/polls/3/", "/polls/*/", True),
        ("http://a/polls/3/results/", "/polls/*/results/", True),
        ("http://a/login?next=/x", "/login?next", True),
        ("http://a/login", "/login?next", False),
        ("http://a/x#/active", "/x#/active", True),
        ("http://a/x#/", "/x#/active", False),
        ("http://a/accounts/login/", "*login*", True),
    ],
)
def test_a_url_is_compared_by_path_and_the_query_that_is_asked_for(
    url: str, wanted: str, fits: bool
) -> None:
    assert url_matches(url, wanted) is fits


def test_values_are_read_from_rows_and_beside_elements() -> None:
    page = Paper()
    page.table(["Choice", "Votes"], [["Yes", "4 votes"], ["No", "7"]])
    item = page.node("listitem", "", text="book 6")
    page.node("link", "book", parent=item)
    seen = page.seen()
    link = sketch(seen, seen.nodes[-1])

    def same(template: str) -> str:
        return template

    def read(extraction: Extraction) -> str | None:
        return extract(extraction, seen, same)

    assert read(Extraction("v", "number_in_row", row="Yes", column="Votes")) == "4"
    assert read(Extraction("v", "number_in_row", row="Maybe")) is None
    assert read(Extraction("v", "number_near", target=link)) == "6"
