"""What a change touches, and which tests that reaches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assay.atlas.model import State
from assay.browser.model import ActionKind, Fingerprint, Locator, LocatorBundle, LocatorKind
from assay.cases.model import (
    Assertion,
    AssertionKind,
    CaseStatus,
    ExpectedEffect,
    Proof,
    Step,
    TestCase,
)
from assay.reviews.classify import kind_of
from assay.reviews.clues import Clues, CopyEdit, clues_of
from assay.reviews.impact import (
    RELATED,
    addresses,
    drafts_of,
    feature_of,
    made,
    nested,
    plan,
    same_route,
)
from assay.reviews.model import FileKind
from assay.reviews.reading import read_change
from assay.reviews.testing import with_edits


def diff(path: str, old: str, new: str) -> str:
    return f"--- a/{path}\n+++ b/{path}\n@@ -1,3 +1,3 @@\n <div>\n-{old}\n+{new}\n </div>\n"


def clues(path: str, old: str, new: str) -> Clues:
    return clues_of(read_change(diff(path, old, new)))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("README.md", FileKind.DOCS),
        ("docs/a/b.rst", FileKind.DOCS),
        ("LICENSE", FileKind.DOCS),
        ("requirements.txt", FileKind.USER_FACING),
        ("public/robots.txt", FileKind.USER_FACING),
        ("content/posts/hello.md", FileKind.USER_FACING),
        ("shop/views.py", FileKind.USER_FACING),
        ("shop/tests/test_views.py", FileKind.TESTS),
        ("shop/tests.py", FileKind.TESTS),
        ("src/cart.test.tsx", FileKind.TESTS),
        ("src/latest.py", FileKind.USER_FACING),
        ("src/contest/views.py", FileKind.USER_FACING),
        (".github/workflows/ci.yml", FileKind.INFRASTRUCTURE),
        ("Dockerfile", FileKind.INFRASTRUCTURE),
        ("deploy/app.yaml", FileKind.INFRASTRUCTURE),
        ("src/Dockerfiles.tsx", FileKind.USER_FACING),
        ("package-lock.json", FileKind.GENERATED),
        ("static/app.min.js", FileKind.GENERATED),
        ("static/site.css", FileKind.STYLES),
        ("shop/api/orders.py", FileKind.API),
        ("venv/lib/python3.11/site-packages/framework/forms.py", FileKind.USER_FACING),
    ],
)
def test_what_a_file_is_to_users(path: str, kind: FileKind) -> None:
    assert kind_of(path) is kind


@pytest.mark.parametrize(
    ("path", "old", "new", "edits"),
    [
        ("a.html", "<h1>Sign in</h1>", "<h1>Log in</h1>", [("Sign in", "Log in")]),
        (
            "a.py",
            'return error("No such poll.")',
            'return error("No poll here.")',
            [("No such poll.", "No poll here.")],
        ),
        (
            "a.jsx",
            "<button title='Go'>Send {count}</button>",
            "<button title='Go'>Post {count}</button>",
            [("Send", "Post")],
        ),
        ("a.jsx", "\t\tActive", "\t\tOpen", [("Active", "Open")]),
        ("a.jsx", "\tClear ({this.n})", "\tEmpty ({this.n})", [("Clear (", "Empty (")]),
        # What is filled in is no wording.
        ("a.jsx", "\tClear ({this.n})", "\tClear ({this.m})", []),
        ("a.jsx", "\tshow({old})", "\tshow({fresh})", []),
        (
            "a.html",
            '<input placeholder="Your name">',
            '<input placeholder="Full name">',
            [("Your name", "Full name")],
        ),
        ("a.html", "<p>Don&#39;t wait</p>", "<p>Do not wait</p>", [("Don't wait", "Do not wait")]),
        ("a.py", "fail('None left')", 'fail("That\'s all")', [("None left", "That's all")]),
        # Not wording: another number, another condition, another class.
        ("a.py", 'rate = Decimal("100.0")', 'rate = Decimal("1000.0")', []),
        ("a.html", "<p>3 left</p>", "<p>4 left</p>", []),
        ("a.py", "if a != b:", 'if a == "":', []),
        ("a.html", '<div class="big">', '<div class="bigger">', []),
    ],
)
def test_copy_edits(path: str, old: str, new: str, edits: list[tuple[str, str]]) -> None:
    assert clues(path, old, new).copy_edits == tuple(CopyEdit(*edit) for edit in edits)


def test_routes_and_names_are_read_from_hunks() -> None:
    found = clues(
        "urls.py", 'path("polls/<int:pk>/vote/", vote)', 'path("polls/<int:pk>/cast/", v)'
    )
    assert found.files[0].routes == ("/polls/*/vote", "/polls/*/cast")
    found = clues(
        "a.html", '<form action="/checkout/pay">', '<form action="/checkout/pay" id="pay">'
    )
    assert found.files[0].routes == ("/checkout/pay",)
    assert found.files[0].names == ("pay",)


def test_credentials_in_a_diff_are_no_clues() -> None:
    found = clues("conf.py", 'API_TOKEN = "tr0ub4dor-and-3"', 'API_TOKEN = "correct-horse-9"')
    told = repr(found)
    assert "tr0ub4dor" not in told
    assert "correct-horse" not in told


@pytest.mark.parametrize(
    ("wanted", "route", "same"),
    [
        ("/polls/*/vote", "/polls/7/vote/", True),
        ("/vote", "/polls/7/vote", True),
        ("/polls/*/vote", "/polls/7/results", False),
        ("/*", "/anything", False),
        ("/checkout", "/cart", False),
    ],
)
def test_routes_match_by_their_end(wanted: str, route: str, same: bool) -> None:
    assert same_route(wanted, route) is same


def bundle(name: str, role: str = "button") -> LocatorBundle:
    return LocatorBundle(
        Locator(LocatorKind.ROLE, role, name), (), Fingerprint(role, name, role), name
    )


def case(name: str, *steps: Step, goal: str = "") -> TestCase:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return TestCase(
        id=name,
        short_id=f"test_{name}",
        project_id="p",
        application_id="a",
        turn_id=None,
        name=name,
        goal=goal,
        expected_result="",
        status=CaseStatus.ENABLED,
        steps=steps,
        proof=Proof(),
        baseline=(),
        created_at=now,
        updated_at=now,
    )


VOTE = case(
    "Cast a vote",
    Step(1, "Open /polls/3/", ActionKind.NAVIGATE, value="/polls/3/"),
    Step(
        2,
        "Click “Vote”",
        ActionKind.CLICK,
        bundle("Vote"),
        effect=ExpectedEffect(requests=("POST /polls/*/vote/",)),
    ),
    Step(
        3,
        "See “Thanks for voting”",
        assertion=Assertion(AssertionKind.TEXT, text="Thanks for voting"),
    ),
)
SEARCH = case("Search the catalogue", Step(1, "Open /search", ActionKind.NAVIGATE, value="/search"))
PAGES = case("Pagination of the list", Step(1, "Open /list", ActionKind.NAVIGATE, value="/list"))


@pytest.mark.parametrize(
    ("path", "old", "new", "first", "word"),
    [
        (
            "urls.py",
            'path("<int:pk>/vote/", a)',
            'path("<int:pk>/vote/", b)',
            "Cast a vote",
            "requests",
        ),
        (
            "a.html",
            "<p>Thanks for voting</p>",
            "<p>Thank you</p>",
            "Cast a vote",
            "Thanks for voting",
        ),
        ("lib/paginator.py", "bottom = n", "bottom = n + 1", "Pagination of the list", "paginator"),
        ("shop/search.py", "a = 1", "a = 2", "Search the catalogue", "search"),
    ],
)
def test_the_test_that_a_change_reaches_comes_first_with_its_reason(
    path: str, old: str, new: str, first: str, word: str
) -> None:
    chosen = plan(clues(path, old, new), [VOTE, SEARCH, PAGES], [FileKind.USER_FACING], "")
    assert chosen.selections[0].name == first
    assert chosen.selections[0].score >= RELATED
    assert word in chosen.selections[0].reason
    assert not chosen.gaps
    # The others run as a safety net, and say so.
    assert {one.score for one in chosen.selections[1:]} <= {0.0, 0.3}
    assert len(chosen.selections) == 3


def test_what_no_test_reaches_is_a_gap_with_words_to_ask_for() -> None:
    found = clues("shop/wishlist.py", 'path("wishlist/", a)', 'path("wishlist/", b)')
    chosen = plan(found, [VOTE], [FileKind.USER_FACING], "")
    assert [(gap.file, gap.feature) for gap in chosen.gaps] == [("shop/wishlist.py", "wishlist")]


def test_a_test_is_reworded_where_it_reads_and_not_where_it_types() -> None:
    steps = (
        Step(1, "Type Vote", ActionKind.TYPE, bundle("Vote", "textbox"), value="Vote"),
        Step(2, "See “Vote”", assertion=Assertion(AssertionKind.TEXT, text="Vote now")),
    )
    changed = with_edits(steps, (CopyEdit("Vote", "Cast"),))
    assert changed[0].value == "Vote"
    assert changed[0].target is not None
    assert changed[0].target.primary.name == "Cast"
    assert changed[1].assertion is not None
    assert changed[1].assertion.text == "Cast now"
    assert with_edits(steps, (CopyEdit("Other", "Cast"),)) == steps


@pytest.mark.parametrize(
    ("path", "old", "feature"),
    [
        ("shop/wishlist.py", "a = 1", "shop wishlist"),
        (
            "venv/lib/site-packages/forum/user/forms.py",
            'Same("confirm", "Your nicknames")',
            "confirm nicknames",
        ),
        ("venv/lib/site-packages/forum/pages.py", "invite(guest)", "invite guest"),
        ("venv/lib/site-packages/forum/voucher/rates.py", "a = 1", "voucher rates"),
    ],
)
def test_what_a_gap_is_called(path: str, old: str, feature: str) -> None:
    assert feature_of(clues(path, old, f"{old} ").files[0]) == feature


@pytest.mark.parametrize(
    ("expected", "put"),
    [
        ("That is not right", "They do not match"),
        ("is not right", "They do not match."),
        ("right", "right"),
    ],
    ids=["without its stop", "a part of it", "any word"],
)
def test_a_message_that_a_test_expects_in_part_is_reworded(expected: str, put: str) -> None:
    steps = (Step(1, "See it", assertion=Assertion(AssertionKind.TEXT, text=expected)),)
    edit = CopyEdit("That is not right.", "They do not match.")
    assert with_edits(steps, (edit,))[0].assertion == Assertion(AssertionKind.TEXT, text=put)


def test_pages_that_no_link_led_to_are_looked_for_by_convention() -> None:
    django = clues("shop/polls/templates/polls/results.html", "<p>a</p>", "<p>b</p>")
    assert addresses(django, ()) == ["/results", "/polls", "/shop"]
    router = clues("src/app/basket/page.tsx", "<p>a</p>", "<p>b</p>")
    assert addresses(router, (page("http://x/", ""),)) == ["/basket"]
    # Where a page of it is known, nothing has to be looked for.
    assert addresses(router, (page("http://x/basket/7", ""),)) == []


def test_new_pages_are_at_the_routes_that_the_change_brings() -> None:
    added = clues("shop/gifts/urls.py", "a = 1", 'path("ideas/", views.ideas), path("<id>/x/", x)')
    assert made(added) == ["/ideas", "/gifts/ideas"]
    # Opening an address must not end the session or delete anything.
    ending = 'path("logout/", x), path("account/delete/", y)'
    assert made(clues("shop/users/urls.py", "a = 1", ending)) == []
    assert addresses(clues("accounts/logout/views.py", "a = 1", "a = 2"), ()) == ["/accounts"]


def test_pages_below_a_record_are_looked_for_by_the_names_of_their_files() -> None:
    known = (page("http://x/polls/", ""), page("http://x/polls/3/", ""), page("http://x/7", ""))
    results = clues("shop/polls/templates/polls/results.html", "<p>a</p>", "<p>b</p>")
    assert nested(results, known) == ["/polls/3/results"]
    assert nested(results, (*known, page("http://x/polls/3/results/", ""))) == []
    assert nested(clues("shop/polls/views.py", "a = 1", "a = 2"), known) == []
    # Opening an address must not delete anything.
    assert nested(clues("shop/polls/delete.html", "<p>a</p>", "<p>b</p>"), known) == []


def test_drafts_that_a_change_reaches_are_worth_following() -> None:
    votes = clues("polls/views.py", 'path("vote/", a)', 'path("vote/", b)')
    other = replace(SEARCH, steps=(*SEARCH.steps, *PAGES.steps))
    drafts = [PAGES, other, VOTE]
    assert drafts_of(votes, drafts, tested=True) == [VOTE]
    assert drafts_of(votes, drafts, tested=False) == [VOTE, other]
    assert drafts_of(votes, drafts, tested=False, most=1) == [VOTE]
    last = replace(VOTE.steps[-1], text="Click “Delete account”", action=ActionKind.CLICK)
    assert drafts_of(votes, [replace(VOTE, steps=(*VOTE.steps, last))], tested=False) == []


def page(url: str, title: str) -> State:
    return State(url, url, title, "", "page", "", 0)
