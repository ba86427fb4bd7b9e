"""Two environments side by side: what is a regression, what is noise, what the change explains."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.reviews.clues import clues_of
from assay.reviews.compare import compare
from assay.reviews.differences import Difference, Triple
from assay.reviews.model import FindingKind
from assay.reviews.reading import read_change
from assay.reviews.views import Place, Row, View

ROWS = tuple(Row(f"Poll {letter}", f"/polls/{letter}") for letter in "abcdef")
BASE = View(
    path="/polls",
    landed="/polls",
    status=200,
    title="Polls",
    lines=("Polls", "Total 12 votes", "Sign in to vote"),
    controls=("button “Search”", "link “Sign in”", "textbox “Term”"),
    lists=(ROWS,),
    tree=("heading of level 1 “Polls”", "img “Our house”"),
    states=(("button “Search”", ()), ("textbox “Term”", ("required",))),
    places=(Place("button “Search”", (10, 20, 80, 30)), Place("textbox “Term”", (10, 60, 200, 30))),
    asked=("GET /polls 200", "GET /api/polls 200"),
    storage=("cookie session (HttpOnly)", "local storage draft"),
)
PLAIN = "--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n"


def differences(preview: View, diff: str = PLAIN, again: View = BASE) -> list[Difference]:
    # A page that is alike shows that both environments hold the same data.
    same = replace(BASE, path="/about", landed="/about")
    other = replace(BASE, path="/help", landed="/help")
    triples = [Triple(BASE, again, preview), Triple(same, same, same), Triple(other, other, other)]
    return compare(triples, clues_of(read_change(diff)))


def regressions(preview: View, diff: str = PLAIN, again: View = BASE) -> list[FindingKind]:
    return [one.kind for one in differences(preview, diff, again) if one.regression]


def edit(old: str, new: str, path: str = "x.html") -> str:
    return f"--- a/{path}\n+++ b/{path}\n@@ -1 +1 @@\n-<p>{old}</p>\n+<p>{new}</p>\n"


def test_equal_pages_do_not_differ() -> None:
    assert differences(BASE) == []


def test_a_page_that_answers_an_error_is_a_regression() -> None:
    assert regressions(replace(BASE, status=500)) == [FindingKind.PAGE_BROKEN]
    assert regressions(replace(BASE, problem="it does not open")) == [FindingKind.PAGE_BROKEN]


def test_new_console_errors_and_failed_requests_are_regressions() -> None:
    preview = replace(BASE, console=("TypeError: x is undefined",), requests=("GET /api 500",))
    assert regressions(preview) == [FindingKind.CONSOLE_ERROR, FindingKind.REQUEST_FAILED]


def test_noise_of_the_base_is_none() -> None:
    noisy = replace(BASE, console=("Slow: took 12 ms",), lines=(*BASE.lines, "Loaded in 31 ms"))
    preview = replace(BASE, console=("Slow: took 99 ms",), lines=(*BASE.lines, "Loaded in 7 ms"))
    triple = Triple(replace(noisy, lines=(*BASE.lines, "Loaded in 30 ms")), noisy, preview)
    assert compare([triple], clues_of(read_change(PLAIN))) == []


def test_a_control_that_is_gone_is_a_regression_unless_the_change_says_so() -> None:
    preview = replace(BASE, controls=BASE.controls[1:])
    assert regressions(preview) == [FindingKind.CONTROL_MISSING]
    assert regressions(preview, edit("Search", "Find")) == []


def test_a_reworded_control_is_explained_by_the_hunk() -> None:
    preview = replace(
        BASE,
        controls=("button “Search”", "link “Log in”", "textbox “Term”"),
        lines=("Polls", "Total 12 votes", "Log in to vote"),
    )
    assert differences(preview, edit("Sign in", "Log in")) == []
    assert regressions(preview) == [FindingKind.CONTROL_MISSING]


def test_a_control_that_the_change_gives_another_name_is_there() -> None:
    named = "button “Find a poll”"
    preview = replace(
        BASE,
        controls=(named, *BASE.controls[1:]),
        places=(Place(named, (12, 20, 80, 30)), BASE.places[1]),
    )
    diff = "--- a/x.js\n+++ b/x.js\n@@ -1 +1,2 @@\n a = 1\n+b.title = 'Find a poll'\n"
    (told,) = [one for one in differences(preview, diff) if "another name" in one.title]
    assert (told.kind, told.regression) == (FindingKind.CONTROL_CHANGED, False)
    assert regressions(preview, diff) == []
    assert regressions(preview) == [FindingKind.CONTROL_MISSING]
    elsewhere = replace(preview, places=(Place(named, (12, 300, 80, 30)), BASE.places[1]))
    assert regressions(elsewhere, diff) == [FindingKind.CONTROL_MISSING]


def test_another_number_in_the_same_words() -> None:
    preview = replace(BASE, lines=("Polls", "Total 11 votes", "Sign in to vote"))
    assert regressions(preview) == [FindingKind.CONTENT_CHANGED]
    # Where the data differ on most pages, it is only told.
    other = replace(BASE, lines=("Something", "else", "altogether"))
    everywhere = [
        Triple(BASE, BASE, preview),
        *(Triple(replace(BASE, path=f"/{n}"), replace(BASE, path=f"/{n}"), other) for n in "ab"),
    ]
    found = compare(everywhere, clues_of(read_change(PLAIN)))
    assert FindingKind.CONTENT_CHANGED not in {one.kind for one in found if one.regression}


def test_a_missing_row_needs_its_own_page_as_a_proof() -> None:
    preview = replace(BASE, lists=(ROWS[1:],))
    found = [one for one in differences(preview) if one.kind is FindingKind.CONTENT_MISSING]
    assert [(one.needs, one.regression) for one in found] == [(("/polls/a",), True)]
    # Rows that are there instead need one as well: both sides must have both records.
    swapped = replace(BASE, lists=((*ROWS[1:], Row("Poll x", "/polls/x")),))
    found = [one for one in differences(swapped) if one.kind is FindingKind.CONTENT_MISSING]
    assert [one.needs for one in found] == [("/polls/a", "/polls/x")]
    # Nothing proves a row that leads nowhere.
    bare = replace(BASE, lists=(tuple(Row(row.text) for row in ROWS),))
    less = replace(bare, lists=(bare.lists[0][1:],))
    found = compare([Triple(bare, bare, less)], clues_of(read_change(PLAIN)))
    assert not [one for one in found if one.regression]


def test_links_to_records_that_are_not_there_are_data() -> None:
    base = replace(BASE, links=(("link “Sign in”", "/login"),))
    triple = Triple(base, base, replace(BASE, controls=("button “Search”", "textbox “Term”")))
    found = compare([triple], clues_of(read_change(PLAIN)))
    assert [(one.kind, one.needs) for one in found] == [(FindingKind.CONTROL_MISSING, ("/login",))]


def test_a_count_is_no_regression_where_the_rows_are_others() -> None:
    preview = replace(
        BASE, lines=("Polls", "Total 11 votes", "Sign in to vote"), lists=(ROWS[:-1],)
    )
    assert FindingKind.CONTENT_CHANGED not in regressions(preview)


def test_times_and_versions_are_no_regressions() -> None:
    base = replace(BASE, lines=("Last seen 5:41 p.m.", "Version 1.2.3", "Done in 12 ms"))
    preview = replace(BASE, lines=("Last seen 5:42 p.m.", "Version 1.2.4", "Done in 15 ms"))
    same = replace(BASE, path="/about")
    triples = [Triple(base, base, preview), Triple(same, same, same), Triple(same, same, same)]
    assert not [one for one in compare(triples, clues_of(read_change(PLAIN))) if one.regression]


def test_a_preview_without_our_account_is_no_regression() -> None:
    preview = replace(BASE, landed="/login", wall=True, controls=(), lines=(), lists=())
    assert regressions(preview) == []


def test_another_order_of_the_same_rows_is_a_regression() -> None:
    preview = replace(BASE, lists=(tuple(reversed(ROWS)),))
    assert regressions(preview) == [FindingKind.CONTENT_CHANGED]


def test_another_order_of_a_list_that_goes_on_is_a_regression() -> None:
    more = tuple(Row(f"Poll {letter}", f"/polls/{letter}") for letter in "gh")
    turned = replace(BASE, lists=((*more[::-1], *ROWS[:0:-1]),))
    assert regressions(turned) == [FindingKind.CONTENT_CHANGED]
    # Something was done to one record on one side.
    bumped = replace(BASE, lists=((more[0], ROWS[-1], *ROWS[:-1]),))
    assert regressions(bumped) == []


def test_new_texts_and_controls_are_no_regressions() -> None:
    preview = replace(
        BASE,
        lines=(*BASE.lines, "Share this page"),
        controls=(*BASE.controls, "button “Share”"),
        lists=((*ROWS, Row("Poll g", "/polls/g")),),
    )
    assert regressions(preview) == []


def test_a_control_in_a_list_or_with_another_role_is_still_there() -> None:
    inside = replace(BASE, controls=BASE.controls[1:], rowed=("button “Search”",))
    assert regressions(inside) == []
    link = replace(BASE, controls=("link “Search”", *BASE.controls[1:]))
    assert regressions(link) == []


def test_what_counts_on_one_page_is_not_hidden_by_another() -> None:
    walled = replace(BASE, controls=BASE.controls[1:], wall=True)
    base, less = (replace(one, path="/b", landed="/b") for one in (BASE, inside_less()))
    triples = [Triple(BASE, BASE, walled), Triple(base, base, less)]
    found = compare(triples, clues_of(read_change(PLAIN)))
    assert [one.path for one in found if one.regression] == ["/b"]


def inside_less() -> View:
    return replace(BASE, controls=BASE.controls[1:])


def test_a_page_that_leads_to_another_place_each_time_tells_nothing() -> None:
    again = replace(BASE, landed="/polls/7")
    assert differences(replace(BASE, landed="/polls/9"), again=again) == []
    assert differences(replace(BASE, landed="/polls/")) == []


def test_a_page_that_leads_elsewhere_is_a_regression_unless_the_change_names_it() -> None:
    preview = replace(BASE, landed="/login")
    assert regressions(preview) == [FindingKind.CONTENT_CHANGED]
    named = '--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-go("/polls")\n+redirect("/login")\n'
    assert regressions(preview, named) == []


def lines(old: str, new: str) -> str:
    return f"--- a/x.jsx\n+++ b/x.jsx\n@@ -1 +1 @@\n-{old}\n+{new}\n"


def test_a_control_that_cannot_be_used_any_more_is_a_regression() -> None:
    preview = replace(BASE, states=(("button “Search”", ("disabled",)), BASE.states[1]))
    rewritten = lines("<button disabled={!term}>", "<button disabled={term}>")
    assert regressions(preview, rewritten) == [FindingKind.CONTROL_CHANGED]
    # Who brings the condition means it, and without one the data may be why.
    assert regressions(preview, lines("<button>", "<button disabled={!term}>")) == []
    assert regressions(preview) == []
    # A state that is not the same at two looks at the base is of the moment.
    again = replace(BASE, states=preview.states)
    assert differences(preview, rewritten, again=again) == []
    other = replace(BASE, states=(BASE.states[0], ("textbox “Term”", ())))
    assert [(one.kind, one.regression) for one in differences(other)] == [
        (FindingKind.CONTROL_CHANGED, False)
    ]


def test_a_control_that_is_out_of_reach_is_a_regression() -> None:
    search, term = BASE.places
    for reached in (replace(search, covered=True), replace(search, outside=True)):
        assert regressions(replace(BASE, places=(reached, term))) == [FindingKind.LAYOUT_CHANGED]
    covered = replace(BASE, places=(replace(search, covered=True), term))
    # What was out of reach before, or at one of two looks, is none of the change.
    assert differences(covered, again=covered) == []
    # What only moved under a bar can be scrolled out from under it.
    moved = replace(search, box=(10, 300, 80, 30), covered=True)
    assert regressions(replace(BASE, places=(moved, term))) == []


def test_what_stands_elsewhere_is_told() -> None:
    search, term = BASE.places
    preview = replace(BASE, places=(replace(search, box=(10, 20, 160, 30)), term))
    (told,) = differences(preview)
    assert (told.kind, told.regression) == (FindingKind.LAYOUT_CHANGED, False)
    assert told.seen == "button “Search” (80×30 at 10, 20, now 160×30 at 10, 20)"
    # A few pixels are the fonts'.
    assert differences(replace(BASE, places=(replace(search, box=(14, 20, 82, 30)), term))) == []


@pytest.mark.parametrize(
    ("preview", "title", "seen"),
    [
        (replace(BASE, tree=BASE.tree[:1]), "structure", "img “Our house”: no longer there"),
        (replace(BASE, asked=BASE.asked[:1]), "for less", "GET /api/polls 200: not asked for"),
        (replace(BASE, asked=(*BASE.asked, "GET /api/x 200")), "for more", "GET /api/x 200: asked"),
        (replace(BASE, storage=BASE.storage[:1]), "keeps less", "local storage draft: no longer"),
        (replace(BASE, storage=(*BASE.storage, "cookie ad")), "keeps more", "cookie ad: kept now"),
    ],
)
def test_what_lies_beneath_is_told(preview: View, title: str, seen: str) -> None:
    (told,) = differences(preview)
    assert title in told.title
    assert seen in told.seen
    assert not told.regression


def test_a_cookie_that_scripts_can_read_now_is_a_regression() -> None:
    preview = replace(BASE, storage=("cookie session", "local storage draft"))
    script = lines("cookie(httponly=True)", "cookie()")
    assert regressions(preview, script) == [FindingKind.STORAGE_CHANGED]
    # The settings of two environments may differ by right.
    assert regressions(preview) == []


def _dated(first: int, *, down: bool = False) -> tuple[Row, ...]:
    days = range(first, first + 6)
    return tuple(
        Row(f"Visit 2024-05-{day:02} Ann", f"/visits/{day}", (f"2024-05-{day:02}", "Ann"))
        for day in (reversed(days) if down else days)
    )


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (_dated(1), _dated(20, down=True), [FindingKind.CONTENT_CHANGED]),
        (_dated(20, down=True), _dated(1), [FindingKind.CONTENT_CHANGED]),
        (_dated(1), _dated(20), []),  # other visits in the same order
        (_dated(1), _dated(20, down=True)[:4], []),  # four may stand so by chance
    ],
)
def test_a_list_that_goes_on_and_begins_at_its_other_end_is_a_regression(
    before: tuple[Row, ...], after: tuple[Row, ...], told: list[FindingKind]
) -> None:
    base = replace(BASE, lists=(before,))
    triple = Triple(base, base, replace(BASE, lists=(after,)))
    found = compare([triple], clues_of(read_change(PLAIN)))
    assert [one.kind for one in found if one.regression] == told


def test_a_record_that_the_preview_lists_others_in_place_of_may_be_no_data_of_its_own() -> None:
    record = replace(BASE, path="/polls/a", landed="/polls/a", lists=())
    gone = Triple(record, record, replace(record, status=404))

    def judged(preview: View) -> list[FindingKind]:
        found = compare([Triple(BASE, BASE, preview), gone], clues_of(read_change(PLAIN)))
        return [one.kind for one in found if one.regression]

    others = tuple(Row(f"Poll {letter}", f"/polls/{letter}") for letter in "qrstuv")
    assert judged(replace(BASE, lists=(others,))) == []
    assert judged(BASE) == [FindingKind.PAGE_BROKEN]
    assert FindingKind.PAGE_BROKEN in judged(replace(BASE, lists=()))


ADA, BO, CY = ("ada", "How do I brew?"), ("bo", "With time."), ("cy", "Hot.")
POSTS = ("Tea", *ADA, "#1", *BO, "#2", *CY, "#3", "End")
OTHER_WAY = ("Tea", *CY, "#1", *BO, "#2", *ADA, "#3", "End")
ROUND = ("Tea", *CY, "#1", *ADA, "#2", *BO, "#3", "End")
SWAP = (
    "--- a/t.html\n+++ b/t.html\n@@ -1,2 +1,2 @@\n-<p>{{ note }}</p>\n <hr>\n+<p>{{ note }}</p>\n"
)


@pytest.mark.parametrize(
    ("now", "diff", "told"),
    [
        (OTHER_WAY, PLAIN, [FindingKind.CONTENT_CHANGED]),
        (OTHER_WAY, SWAP, []),  # the change moves lines
        (ROUND, PLAIN, [FindingKind.CONTENT_CHANGED]),
        ((*OTHER_WAY[:-3], "Anew", "#3", "End"), PLAIN, []),  # other texts
        (("Tea", "End", *POSTS[1:-1]), PLAIN, []),  # one that moved
    ],
)
def test_texts_in_another_order_are_a_regression(
    now: tuple[str, ...], diff: str, told: list[FindingKind]
) -> None:
    base = replace(BASE, lines=POSTS)
    found = compare(
        [Triple(base, base, replace(BASE, lines=now)), *[Triple(BASE, BASE, BASE)] * 2],
        clues_of(read_change(diff)),
    )
    assert [one.kind for one in found if one.regression] == told
