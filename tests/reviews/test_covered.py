"""Which places of a change a test reaches, by the lines that it ran."""

from __future__ import annotations

import pytest

from assay.browser.footprint import FileLines, Footprint
from assay.browser.lines import marks_of
from assay.reviews.covered import COMMON, LOADED, TELLING, FileRuns, runs_each, runs_of
from assay.reviews.model import ChangedFile
from assay.reviews.reading import read_change

CART = """export class Cart {
  add(item) {
    this.items.push(item);
    if (this.items.length > 9) {
      this.warn('That is a lot');
    }
    this.save();
  }

  clear: function () {
    this.items = [];
    this.save();
  }
}
"""
LINES = CART.splitlines()


def ran(*numbers: int, path: str = "js/cart.js") -> Footprint:
    """What ran of the cart, by line numbers from 1."""
    marks = sorted(marks_of(LINES, {number - 1 for number in numbers}))
    return Footprint((FileLines(path, b"".join(marks)),))


ADDING, CLEARING = ran(2, 3, 4, 7), ran(10, 11, 12)


def changed(*edits: str, path: str = "src/js/cart.js") -> ChangedFile:
    """The file with hunks of ``N-M`` lines and what stands in their place, after a colon."""
    diff = f"--- a/{path}\n+++ b/{path}\n"
    for edit in edits:
        place, _, new = edit.partition(":")
        first, _, last = place.partition("-")
        start, end = int(first), int(last)
        before, after = LINES[max(0, start - 4) : start - 1], LINES[end : end + 3]
        old, fresh = LINES[start - 1 : end], new.split("\n") if new else []
        sizes = len(before) + len(after)
        diff += f"@@ -{max(1, start - 3)},{sizes + len(old)} +{max(1, start - 3)},"
        diff += f"{sizes + len(fresh)} @@\n"
        for sign, lines in ((" ", before), ("-", old), ("+", fresh), (" ", after)):
            diff += "".join(f"{sign}{line}\n" for line in lines)
    return read_change(diff).files[0]


def reached(file: ChangedFile) -> FileRuns:
    return runs_of(file, {"adding": ADDING, "clearing": CLEARING})


@pytest.mark.parametrize(
    ("edit", "tests", "whole"),
    [
        ("3-3:    this.items.unshift(item);", {"adding"}, True),
        ("11-11:    this.items.length = 0;", {"clearing"}, True),
        # Stands twice; which one ran is told by the function around it.
        ("12-12:    this.keep();", {"clearing"}, True),
        # Nobody adds ten things.
        ("5-5:      this.warn('Enough');", set(), False),
        # Only added: before a condition that is asked, and at the end of a function.
        ("4-3:    this.count += 1;", {"adding"}, True),
        ("13-12:    this.tell();", {"clearing"}, True),
        # A new function is not run for what stands beside it is.
        ("10-9:  count() {\n    return this.items.length;\n  }\n", set(), False),
        ("10-9:  count: () => {\n    return this.items.length;\n  },\n", set(), False),
        # Nothing that could behave differently.
        ("9-9:  // Empties it.", set(), False),
    ],
)
def test_a_changed_place_is_reached_by_who_runs_its_lines(
    edit: str, tests: set[str], whole: bool
) -> None:
    found = reached(changed(edit))
    assert {test for test, run in found.runs.items() if run.score == TELLING} == tests
    assert found.whole is whole


def test_a_file_is_reached_when_each_of_its_places_is() -> None:
    both = changed("3-3:    this.items.unshift(item);", "11-11:    this.items.length = 0;")
    found = reached(both)
    assert set(found.runs) == {"adding", "clearing"}
    assert found.whole
    assert not runs_each(both, ADDING, "-")
    assert runs_each(changed("3-3:    this.push(item);"), ADDING, "-")
    new = changed("3-3:    this.push(item);\n    this.show(item);")
    after = Footprint((FileLines("js/cart.js", b"".join(marks_of(["this.show(item);"], {0}))),))
    assert runs_each(new, after, "+")
    assert not runs_each(new, after, "-")


def test_what_most_tests_run_says_less() -> None:
    edit = changed("3-3:    this.items.unshift(item);")
    found = runs_of(edit, {"a": ADDING, "b": ADDING, "c": CLEARING})
    assert {test: run.score for test, run in found.runs.items()} == {
        "a": COMMON,
        "b": COMMON,
        "c": LOADED,
    }


@pytest.mark.parametrize(
    ("served", "path", "score"),
    [
        ("static/js/cart.3f9a12bc.js", "src/js/cart.ts", TELLING),
        # Put together with others under another name: the lines still tell.
        ("dist/bundle.js", "src/js/cart.js", TELLING),
        # Another file of that name, known by its folder, has the line; this one did not run it.
        ("dist/bundle.js", "src/Cart.java", None),
    ],
)
def test_the_served_file_may_have_another_name(served: str, path: str, score: float | None) -> None:
    edit = changed("3-3:    this.items.unshift(item);", path=path)
    found = runs_of(edit, {"adding": ran(3, path=served), "other": ran(path="other.js")})
    run = found.runs.get("adding")
    assert (run.score if run else None) == score


def test_lines_of_another_file_do_not_count_where_the_changed_one_is_known() -> None:
    other = ran(3, path="js/basket.js").files + ran(4, path="js/cart.js").files
    found = runs_of(changed("3-3:    this.push(item);"), {"a": Footprint(other), "b": CLEARING})
    assert found.runs["a"].score == LOADED
