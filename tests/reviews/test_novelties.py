"""What a change brings to an old page is found, used and written down as a case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assay.browser.pool import PlaywrightPool
from assay.projects.model import Target
from assay.reviews.clues import Clues, clues_of
from assay.reviews.novelties import Case, Fresh, fresh_of, use
from assay.reviews.reading import read_change
from assay.reviews.views import View
from tests.browser.site import Answer, Site, html
from tests.reviews.test_trials import Doing

in_browser = pytest.mark.asyncio(loop_scope="session")

BASE = View("/", "/", 200, "Things", lines=("Things", "Sign out"), controls=("link “Things”",))


def clues(*added: str, removed: str = "", path: str = "x.html") -> Clues:
    lines = [f"-{removed}"] if removed else []
    lines += [f"+{line}" for line in added]
    old = len(lines) - len(added)
    head = f"--- a/{path}\n+++ b/{path}\n@@ -{1 if old else 0},{old} +1,{len(added)} @@\n"
    return clues_of(read_change(head + "\n".join(lines) + "\n"))


def test_what_only_the_preview_shows_in_words_of_the_change_is_new() -> None:
    preview = replace(
        BASE,
        lines=("Things", "Sign out", "Opening hours", "12 visitors now"),
        controls=("link “Things”", "button “Show opening hours”", "button “Chat with us”"),
    )
    added = clues("<p>Opening hours</p>", "<button>Show opening hours</button>")
    assert fresh_of([(BASE, preview), (BASE, preview)], added) == [
        Fresh("/", "button “Show opening hours”", True),
        Fresh("/", "Opening hours", False),
    ]


def test_a_page_that_the_base_has_not_is_new_as_a_whole() -> None:
    missing = replace(BASE, path="/hours", status=404, lines=("Opening hours", "Not found"))
    there = replace(BASE, path="/hours", lines=("Opening hours", "Mon"), controls=())
    found = fresh_of([(missing, there)], clues("<h1>Opening hours</h1>"))
    assert found == [Fresh("/hours", "Opening hours", control=False)]
    assert fresh_of([(missing, missing)], clues("<h1>Opening hours</h1>")) == []


def test_other_words_for_the_same_are_not_new() -> None:
    preview = replace(BASE, lines=("Things", "Log out now"))
    reworded = clues("<p>Log out now</p>", removed="<p>Sign out</p>")
    assert fresh_of([(BASE, preview)], reworded) == []


PAGE = """<h1>Things</h1>{new}"""
HELP = """<button onclick="document.getElementById('help').hidden=false">Show help</button>
<p id=help hidden>Press Enter to add a thing.</p>"""
GO = "<form method=post action=/go>"
MESSAGE = "<label>Message <textarea name=m></textarea></label><button>Submit</button>"
WISH = """<form method=get action=/wish><label>Your wish <input name=wish></label>
<button>Tell us</button></form>"""


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    site.pages["/wish"] = Answer(html("<h1>Thank you for your wish</h1>"))
    yield site
    site.close()


async def used(pool: PlaywrightPool, site: Site, new: str, *fresh: str) -> list[Case]:
    site.pages["/"] = Answer(html(PAGE.format(new=new)))
    target = Target("p", "a", "app_x", "Things", "e", "e", site.url, frozenset({site.host}))
    things = [Fresh("/", text, "“" in text) for text in fresh]
    return list((await use(pool, target, things, clues(*new.splitlines()), Doing())).cases)


@in_browser
async def test_a_new_button_is_clicked(pool: PlaywrightPool, site: Site) -> None:
    (case,) = await used(pool, site, HELP, "button “Show help”")
    assert case.text.splitlines() == [
        "Steps:",
        "1. Open /",
        '2. Click "Show help"',
        'Expected: "Press Enter to add a thing." is shown',
    ]


@in_browser
async def test_the_fields_and_the_button_of_a_new_form_are_one_case(
    pool: PlaywrightPool, site: Site
) -> None:
    (case,) = await used(pool, site, WISH, "textbox “Your wish”", "button “Tell us”")
    lines = case.text.splitlines()
    assert lines[2].startswith('2. Enter "Trial ')
    assert lines[2].endswith(' in "Your wish"')
    assert lines[3:] == ['3. Click "Tell us"', 'Expected: "Thank you for your wish" is shown']


@in_browser
async def test_a_new_field_of_no_form_is_filled_in(pool: PlaywrightPool, site: Site) -> None:
    find = "<label>Find a thing <input oninput=\"found.textContent = 'Nothing found'\"></label>"
    (case,) = await used(pool, site, f"{find}<p id=found></p>", "textbox “Find a thing”")
    assert case.text.splitlines()[-1] == 'Expected: "Nothing found" is shown'


@in_browser
@pytest.mark.parametrize(
    ("new", "control"),
    [
        ("<button>Delete all</button>", "button “Delete all”"),
        (f"{GO}<button>Log out</button></form>", "button “Log out”"),
        (f"{GO}<button>Approve</button></form>", "button “Approve”"),
        (
            f"{GO}<label>Reason <input name=r></label><button>Delete account</button></form>",
            "textbox “Reason”",
        ),
        (
            f"{GO}<h2>Contact us</h2><label>Topic <input name=t></label>{MESSAGE}</form>",
            "textbox “Topic”",
        ),
    ],
)
async def test_what_destroys_or_reaches_people_is_looked_at_only(
    pool: PlaywrightPool, site: Site, new: str, control: str
) -> None:
    site.pages["/go"] = Answer(html("<h1>Done</h1>"))
    (case,) = await used(pool, site, new, control)
    assert case.text.splitlines()[1:-1] == ["1. Open /"]
    assert all(asked.path != "/go" for asked in site.asked)


@in_browser
async def test_a_new_text_is_expected(pool: PlaywrightPool, site: Site) -> None:
    (case,) = await used(pool, site, "<p>We are open.</p>", "We are open.")
    assert case.text.splitlines() == ["Steps:", "1. Open /", 'Expected: "We are open." is shown']
