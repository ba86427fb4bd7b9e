"""Orders that name no single control, read from words and carried out on drawn widgets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from assay.cases.author import Author
from assay.cases.clauses import Clause
from assay.cases.plain import parse_case, parse_steps
from assay.cases.reading_dates import read_date
from assay.kernel.progress import Silent
from assay.projects.model import Target
from tests.browser.site import Site
from tests.cases.widgets_page import PAGES

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    site.pages.update(PAGES)
    yield site
    site.close()


def target(site: Site) -> Target:
    return Target(
        project_id="p", application_id="a", application_short_id="a", application_name="Widgets",
        environment_id="e", environment_name="e", url=site.url,
        allowed_hosts=frozenset({site.url.split("/")[2]}),
    )  # fmt: skip


# By page, so that it is opened once; a page that changes for good is opened again.
DONE = {
    "/calendar": [
        ("Choose 02/03/2025 as the departure date; click Go", "leaving 2025/2/3"),
        ("Set the departure date to 31 December 2024 and click Go", "leaving 2024/12/31"),
    ],
    "/order": [
        ("Drag Ann to the 3rd position; click Tell", "Bob Cleo Ann Dan"),
        ("Drag Dan up by 2 positions; click Tell", "Bob Dan Cleo Ann"),
        ('Drag the "Ball" left', "went left"),
        ("Drag the circle down", "circle down"),
    ],
    "/words": [
        ("Highlight the text in the 2nd paragraph and click Tell", "marked Two long nights."),
        ("Enter the value of Weight into the Answer field and press Tab", "answer 12 kg"),
        (
            "Copy the text in the textarea, paste it into the Answer field and press Tab",
            "answer Dear Ann",
        ),
        ("Resize the textarea so that the height is larger than before", "taller"),
        ("Using the text editor, give the text words the style italic", "plain <i>words</i>"),
    ],
    "/mail": [
        ("Find the mail from Cleo and click the star icon", "starred Cleo"),
        ("Open /mail", ""),
        ('Find the mail by Bob and reply to it with the text "Soon."', "told Bob Soon."),
        ("Open /mail", ""),
        ("Forward Ann's mail to Eve", "passed to Eve"),
        ("Open /mail", ""),
        ("Open Ann's mail and forward it to Bo", "passed to Bo"),
    ],
    "/shelf": [("Delete all messages from Ann", "Left: Bob")],
    "/choices": [
        ("Buy when the price is less than 5", "bought"),
        ("Select Bath, Leeds from the Towns list and click Tell", "Bath+Leeds"),
        ("Choose Large from the dropdown", "size L"),
        ("Select teal with the color picker and click Tell", "#008080"),
        ("Select -4 with the spinner and click Tell", "-4"),
        ('Enter an item that starts with "Br" and ends with "ick"; click Tell', "Brick"),
        ("Switch between the tabs to find and click Hidden gem", "deep"),
    ],
}


@pytest.mark.parametrize("page", DONE)
async def test_moves_are_carried_out(author: Author, site: Site, page: str) -> None:
    lines = [f"1. Open {page}"]
    for number, (order, told) in enumerate(DONE[page], 2):
        lines.append(f"{number}. {order}")
        lines += [f'Expected: the text "{told}" is shown'] if told else []
    case = parse_case('Create a test "Move".\nSteps:\n' + "\n".join(lines))
    draft = await author.write(case, target(site), Silent(), "move")
    assert not draft.problem
    assert not draft.unchecked
    asserted = [step for step in draft.steps if step.assertion is not None]
    assert len(asserted) == sum(1 for _, told in DONE[page] if told)


async def test_a_move_that_cannot_be_done_says_why(author: Author, site: Site) -> None:
    case = parse_case(
        'Create a test "Move".\n1. Open /mail\n2. Find the mail by Zoe and reply to it with the'
        ' text "Hello"\nExpected: the text "told Zoe" is shown'
    )
    draft = await author.write(case, target(site), Silent(), "move")
    assert "Nothing on the page speaks of “Zoe”" in draft.problem


READ = {
    "Select Ann, Bob and Cleo and click Save": ["select Ann", "select Bob", "select Cleo", "click"],
    "choose Yes, Vote": ["select Yes", "name_only Vote"],
    "Select Trinidad and Tobago, York from the list": ["select Trinidad and Tobago", "select York"],
    "Drag Card A onto Done": ["drag Card A"],
    "Copy the text in the box, paste it into the field and press Save": ["copy", "paste", "click"],
    'Type "ann" in all upper case letters into "Name"': ["type ANN"],
    "Ann's order should be deleted from the list": ["delete Ann's order"],
    "Delete all orders from Bob": ["delete orders from Bob"],
    "Open Ann's orders": ["open Ann's orders"],
    "Set the title to bold": ["type bold"],
    "On the Products page, click New": ["open Products", "click New"],
    "For the user Ann, click Block": ["click Block"],
}


def _short(clause: Clause) -> str:
    what = clause.value or (clause.object.text if clause.object is not None else "")
    return f"{clause.verb.value} {what}".strip()


@pytest.mark.parametrize("line", READ)
async def test_moves_are_read_and_other_lines_stay_as_they_were(line: str) -> None:
    found = [_short(clause) for clause in parse_steps(line)]
    assert len(found) == len(READ[line])
    for have, wanted in zip(found, READ[line], strict=True):
        assert have.startswith(wanted)


async def test_for_an_item_names_its_row() -> None:
    (clause,) = parse_steps("For the user Ann, click Block")
    assert clause.place is not None
    assert (clause.place.kind, clause.place.text) == ("row", "Ann")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/02/2016", date(2016, 12, 2)), ("25/02/2016", date(2016, 2, 25)),
        ("2.3.2024", date(2024, 3, 2)), ("2024-03-02", date(2024, 3, 2)),
        ("3 March 2024", date(2024, 3, 3)), ("March 3rd, 2024", date(2024, 3, 3)),
        ("31/31/2024", None), ("soon", None),
    ],
)  # fmt: skip
async def test_dates_as_people_write_them(text: str, day: date | None) -> None:
    assert read_date(text) == day
