"""The plain style: on the sample shop, on applications people use, and as its document says."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assay.browser.model import ActionKind
from assay.browser.pool import PlaywrightPool
from assay.cases.author import Author
from assay.cases.meaning import Meaning
from assay.cases.model import Draft
from assay.cases.plain import parse_case, parse_steps
from assay.cases.texts import in_quotes
from assay.kernel.progress import Silent
from assay.projects.model import ConfigKind, Credential, Target
from tests.browser.site import Site
from tests.cases.shop_site import Shop, running_shop
from tests.journeys.plain_cases import PlainCase, holds, plain_cases, written

pytestmark = pytest.mark.asyncio(loop_scope="session")

_DOCUMENT = Path(__file__).parents[2] / "docs" / "plain-style.md"
_APPS = os.environ.get("ASSAY_TEST_APPS", "")

# Every thing that the document's tables name, once or, where a place tells them apart, more often.
_PAGE = """<title>Cart of things</title><main><h1 data-kind=all>Things</h1>
<a href="/cart">Sizes</a>
<button onclick="out.textContent='Saved'">Save</button> <button id=report>Report</button>
<button>Menu</button><p id=out></p>
<label>City <input id=city value=York></label> <label>Search products <input type=search></label>
<label>Sort by <select><option>Featured<option>Price: low to high</select></label>
<label><input type=checkbox> I agree to the terms</label>
<label><input type=checkbox checked> Newsletter</label>
<label><input type=radio name=r> Express</label>
<label>Attachment <input type=file></label>
<div id=a draggable=true>Card A</div><div id=done>Done</div>
<a href="#one">Details</a> <a href="#two">Details</a>
<button onclick="out.textContent=confirm('Are you sure?')?'Gone':'Kept'">Ask</button>
<button onclick="out.textContent=prompt('Who?')">Name</button>
<section aria-label="Your orders"><button onclick="out.textContent='orders'">More</button></section>
<section aria-label="Other"><button onclick="out.textContent='other'">More</button></section>
<table><thead><tr><th>Product<th>Price<th>Do</thead><tbody>
<tr><td>Mug<td>$5.00<td><button onclick="out.textContent='mug'">Edit</button>
<tr><td>Wool throw<td>$79.00<td><button onclick="out.textContent='throw'">Edit</button>
<tr><td>Zinc tub<td>$90.00<td><button>Edit</button></tbody></table>
<button>Place order</button><button onclick="ask.showModal()">Remove it</button>
<dialog id=ask aria-label="Delete this product?"><form method=dialog>
<button onclick="out.textContent='deleted'">Delete</button><button>Cancel</button></form></dialog>
<iframe title="Delivery times" srcdoc="<label>Your postcode <input></label>"></iframe>
</main>"""


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with running_shop() as running:
        yield running


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    for path in ("/", "/cart", "/account"):
        site.pages[path] = _PAGE
    yield site
    site.close()


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return Meaning(embeddings=False)


def _target(url: str, *accounts: tuple[str, str]) -> Target:
    credentials = tuple(
        Credential(name, name, name.partition("@")[0], ConfigKind.USERNAME_PASSWORD, name, secret)
        for name, secret in accounts
    )
    host = urlsplit(url).netloc
    return Target(
        "p", "a", "app_x", "App", "e", "local", url, frozenset({host}), credentials=credentials
    )


def _shop_target(shop: Shop) -> Target:
    accounts = ((shop.email, shop.password), ("admin@example.com", "admin-Pass1"))
    return _target(shop.url + "/", *accounts)


async def _draft(text: str, pool: PlaywrightPool, target: Target) -> Draft:
    meaning = Meaning(embeddings=False)
    return await Author(pool, meaning).write(parse_case(text), target, Silent(), "plain")


@pytest.mark.parametrize("case", plain_cases("shop"), ids=lambda case: case.name)
async def test_on_the_shop(
    case: PlainCase, shop: Shop, pool: PlaywrightPool, meaning: Meaning
) -> None:
    await holds(case, pool, meaning, _shop_target(shop))


@contextmanager
def _running(name: str, folder: Path, port: int) -> Iterator[Target]:
    command = ["sh", str(Path(_APPS) / f"{name}.sh"), str(folder / name), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            about = json.loads(process.stdout.readline())
            accounts = [
                (about[user], about[secret])
                for user, secret in (("user", "password"), ("other_user", "other_password"))
                if about.get(user)
            ]
            yield _target(about["url"], *accounts)
        finally:
            process.terminate()
            process.wait(timeout=60)


@pytest.mark.skipif(not _APPS, reason="ASSAY_TEST_APPS names no folder of applications")
@pytest.mark.parametrize(
    ("name", "port"), [("djadmin", 7131), ("todomvc", 7132), ("oscar", 7133), ("datasette", 7134)]
)
async def test_on_applications_people_use(
    name: str, port: int, pool: PlaywrightPool, tmp_path: Path
) -> None:
    wrong = []
    with _running(name, tmp_path, port) as target:
        for case in plain_cases(name):
            try:
                await holds(case, pool, Meaning(embeddings=False), target)
            except AssertionError as error:
                wrong.append(f"{case.name}: {error}")
    assert wrong == []


@pytest.mark.parametrize(
    ("where", "line", "closest"),
    [
        ("/products/wool-throw", 'Click the button "Add to wishlist"', "Add to cart"),
        ("/products/wool-throw", 'Type "2" into "Quantity in stock"', "Quantity"),
        ("/products", 'Select "Price: by colour" in "Sort by"', "Price: low to high"),
        ("/products", 'Check "Only what is cheap"', "Only what is in stock"),
        ("/products/wool-throw", 'Type "x" into "Your postcode" in the frame "Map"', "Delivery"),
        ("/contact", 'Upload a file to "Photo"', "Attachment (optional)"),
    ],
)
async def test_what_is_not_there_fails_with_the_closest_named(
    shop: Shop, pool: PlaywrightPool, where: str, line: str, closest: str
) -> None:
    text = f'Create a test "x".\n1. Open "{where}"\n2. {line}\nExpected: the URL is "{where}"'
    draft = await _draft(text, pool, _shop_target(shop))
    shown = line.replace('"', "‘", 1).replace('"', "’", 1)
    assert draft.problem.startswith(f"Step 2 (“{shown.partition('’')[0]}’")
    assert closest in draft.problem
    assert any(closest in candidate for candidate in draft.candidates)
    assert [step.action for step in draft.steps] == [ActionKind.NAVIGATE]


async def test_a_row_that_is_not_there_fails_with_the_closest_rows(
    site: Site, pool: PlaywrightPool
) -> None:
    text = 'Create a test "x".\n1. Open the start page\n2. Click "Edit" in the row "Wool rug"'
    draft = await _draft(text, pool, _target(site.url + "/"))
    assert "the row “Wool rug”" in draft.problem
    assert draft.candidates[0] == "row “Wool throw”"
    assert len(draft.steps) == 1


async def test_a_name_that_fits_several_asks_which(site: Site, pool: PlaywrightPool) -> None:
    draft = await _draft(
        'Create a test "x".\n1. Open the start page\n2. Click "Edit"',
        pool,
        _target(site.url + "/"),
    )
    assert "more than one “Edit”" in draft.problem
    assert len(draft.steps) == 1


def _rows(heading: str, tables: int = 9) -> list[str]:
    """The lines in the second column of the tables below a heading of the document."""
    part = _DOCUMENT.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    part = "\n\n".join(part.split("\n\n")[:tables])
    lines = [row.split("|", 2)[2] for row in part.splitlines() if row.startswith("| ")]
    return [line for cell in lines for line in re.findall(r"`([^`]+)`", cell)]


# What each line of the tables reads as: verb, thing, place, value or key.
_MEANT = {
    'Open "/cart"': ("open", "", "", "/cart"),
    "Open the home page": ("open", "", "", "start"),
    'Click the button "Save"': ("click", "button Save", "", None),
    'Click "Save"': ("click", " Save", "", None),
    'Double-click "Report"': ("double_click", " Report", "", None),
    'Right-click "Report"': ("right_click", " Report", "", None),
    'Hover over "Menu"': ("hover", " Menu", "", None),
    'Type "Oxford" into "City"': ("type", " City", "", "Oxford"),
    'Type "Oxford"': ("type", "", "", "Oxford"),
    'Append " Town" to "City"': ("append", " City", "", " Town"),
    'Clear "City"': ("clear", " City", "", None),
    'Select "Price: low to high" in "Sort by"': ("select", " Sort by", "", "Price: low to high"),
    'Select "Express"': ("select", " Express", "", None),
    'Check "I agree to the terms"': ("check", " I agree to the terms", "", None),
    'Uncheck "Newsletter"': ("uncheck", " Newsletter", "", None),
    "Press Enter": ("press", "", "", "Enter"),
    'Press Escape in "Search products"': ("press", " Search products", "", "Escape"),
    'Upload a file to "Attachment"': ("upload", " Attachment", "", None),
    'Drag "Card A" onto "Done"': ("drag", " Card A", "", None),
    "Accept the dialog": ("confirm", "", "", None),
    "Dismiss the dialog": ("dismiss", "", "", None),
    "Go back": ("back", "", "", None),
    "Reload the page": ("reload", "", "", None),
    'Click "Edit" in the row "Wool throw"': ("click", " Edit", "row Wool throw", None),
    'Click "Delete" in the dialog "Delete this product?"': (
        "click",
        " Delete",
        "dialog Delete this product?",
        None,
    ),
    'Click "More" in the section "Your orders"': ("click", " More", "section Your orders", None),
    'Type "OX1" into "Your postcode" in the frame "Delivery times"': (
        "type",
        " Your postcode",
        "frame Delivery times",
        "OX1",
    ),
    'Click the second link "Details"': ("click", "link Details #2", "", None),
}


async def test_every_line_of_the_document_means_what_it_says() -> None:
    lines = [*_rows("A step"), *_rows("A place")]
    assert sorted(lines) == sorted(_MEANT)
    for line in lines:
        (clause,) = parse_steps(f"1. {line}")
        thing = clause.object
        named = f"{thing.role} {thing.text}" if thing is not None else ""
        named += f" #{thing.ordinal}" if thing is not None and thing.ordinal else ""
        place = f"{clause.place.kind} {clause.place.text}" if clause.place is not None else ""
        value = clause.path or clause.key or clause.value or ("start" if clause.start else None)
        assert (clause.verb.value, named, place, value) == _MEANT[line], line


async def test_every_step_of_the_document_works_on_a_page(site: Site, pool: PlaywrightPool) -> None:
    opens = {
        "dialog": 'Click "Remove it"',
        "Dismiss": 'Click "Remove it"',
        "Accept": 'Click "Ask"',
    }
    lines: list[str] = []
    for line in [*_rows("A step"), *_rows("A place")]:
        lead = next((lead for word, lead in opens.items() if word in line), None)
        lines += [lead, line] if lead is not None else [line]
        if line == 'Clear "City"':
            lines.append('Double-click "City"')
    numbered = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    text = f'Create a test "x".\n{numbered}\nExpected: the heading "Things" is shown'
    draft = await _draft(text, pool, _target(site.url + "/"))
    assert draft.problem == ""
    done = [
        (step.kind, step.target.fingerprint.name if step.target else "") for step in draft.steps
    ]
    for wanted in (
        ("upload", "Attachment"),
        ("check", "Express"),
        ("select", "Sort by"),
        ("type", "Your postcode"),
        ("click", "Delete"),
    ):
        assert wanted in done
    assert {"drag", "hover", "right_click", "double_click", "back", "reload"} <= {
        d[0] for d in done
    }


async def test_every_result_of_the_document_is_checked(site: Site, pool: PlaywrightPool) -> None:
    lines = _rows("An expected result", tables=1)
    state = [
        'Open "/account"',
        'Click "Ask"',
        'Click the button "Save"',
        'Type "Oxford" into "City"',
    ]
    asked = 'Expected: the dialog says "Are you sure?"'
    assert asked in lines
    steps = []
    for number, line in enumerate(state, 1):
        steps.append(f"{number}. {line}")
        steps += [asked] if line == 'Click "Ask"' else []
    rest = [line for line in lines if line != asked]
    text = "\n".join(['Create a test "x".', *steps, *rest])
    draft = await _draft(text, pool, _target(site.url + "/"))
    assert draft.problem == ""
    assert draft.unchecked == ()
    sources = [step.assertion.source for step in draft.steps if step.assertion is not None]
    assert [f"Expected: {source}" for source in sources] == [asked, *rest]


async def test_dialogs_of_the_browser_are_answered_as_the_next_line_says(
    site: Site, pool: PlaywrightPool, meaning: Meaning
) -> None:
    case = PlainCase(
        "dialogs",
        "1. Open the start page\n"
        '2. Click "Ask"\n3. Dismiss the dialog\nExpected: the text "Kept" is shown\n'
        '4. Click "Ask"\n5. Accept the dialog\nExpected: the text "Gone" is shown\n'
        '6. Click "Name"\n7. Accept the prompt with "Ada"\nExpected: the text "Ada" is shown',
        (
            "navigate: Open /",
            "click button: Click “Ask”",
            'assert new_text: the text "Kept" is shown',
            "click button: Click “Ask”",
            'assert new_text: the text "Gone" is shown',
            "click button: Click “Name”",
            'assert new_text: the text "Ada" is shown',
        ),
    )
    await holds(case, pool, meaning, _target(site.url + "/"))
    draft = await written(case, pool, meaning, _target(site.url + "/"))
    clicks = [(step.dialog, step.dialog_text) for step in draft.steps if step.kind == "click"]
    assert clicks == [("dismiss", ""), ("accept", ""), ("accept", "Ada")]


async def test_quotes_within_quotes_can_be_told_apart() -> None:
    assert in_quotes('Click "Place order"') == "“Click ‘Place order’”"
    assert in_quotes("Click “Save”") == "“Click ‘Save’”"
