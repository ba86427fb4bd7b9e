"""The same step on the same page of two environments: what its outcome says about the change."""

from __future__ import annotations

from dataclasses import replace

from assay.reviews.clues import clues_of
from assay.reviews.model import FindingKind
from assay.reviews.reading import read_change
from assay.reviews.stepwise import Moment, Moments, compare_step
from assay.reviews.views import Row, View

BEFORE = View("/", "/", 200, "Things", lines=("Things", "2 left"), controls=("button “Add”",))
AFTER = replace(
    BEFORE,
    lines=("Things", "3 left", "Saved."),
    lists=((Row("a"), Row("b")),),
    controls=("button “Add”", "button “Undo”"),
)
SAYING = """--- a/x.js
+++ b/x.js
@@ -1 +1 @@
-if (a) say("Saved.")
+if (b) say("Saved.")
"""
PLAIN = "--- a/x.js\n+++ b/x.js\n@@ -1 +1 @@\n-a = 1\n+a = 2\n"


def found(
    preview: View,
    *,
    before: View = BEFORE,
    again: View = AFTER,
    alone: bool = True,
    same_data: bool = True,
    diff: str = "",
) -> list[FindingKind]:
    moments = Moments(
        Moment(BEFORE, AFTER, alone),
        Moment(BEFORE, again, alone),
        Moment(before, preview, alone),
    )
    told = compare_step(moments, clues_of(read_change(diff or PLAIN)), same_data=same_data)
    assert all(one.regression and not one.needs for one in told)
    return [one.kind for one in told]


def test_the_same_outcome_is_none() -> None:
    assert found(AFTER) == []


def test_what_only_the_page_made_counts() -> None:
    assert found(replace(AFTER, lines=("Things", "4 left", "Saved."))) == [
        FindingKind.CONTENT_CHANGED
    ]
    silent = replace(AFTER, lines=("Things", "3 left"))
    assert found(silent, diff=SAYING) == [FindingKind.CONTENT_MISSING]
    assert found(replace(AFTER, controls=("button “Add”",))) == [FindingKind.CONTROL_MISSING]
    assert found(replace(AFTER, lists=((Row("b"), Row("a")),))) == [FindingKind.CONTENT_CHANGED]


def test_texts_and_rows_without_words_of_the_change_may_be_data() -> None:
    assert found(replace(AFTER, lines=("Things", "3 left"))) == []
    assert found(replace(AFTER, lists=((Row("a"),),))) == []


def test_where_the_server_or_other_data_had_a_part_only_failures_count() -> None:
    other = replace(AFTER, lines=("Things", "4 left"), controls=("button “Add”",))
    assert found(other, alone=False) == []
    assert found(other, same_data=False) == []
    failing = replace(other, console=("TypeError: x",), requests=("POST /api 500",))
    assert found(failing, alone=False) == [FindingKind.CONSOLE_ERROR, FindingKind.REQUEST_FAILED]


def test_from_another_page_nothing_follows() -> None:
    other = replace(AFTER, lines=("Things", "9 left", "Saved."))
    assert found(other, before=replace(BEFORE, lines=("Things", "8 left"))) == []
    # A failure that was there before the step is none of the step's.
    failing = replace(AFTER, console=("TypeError: x",))
    assert found(failing, before=replace(BEFORE, console=("TypeError: x",))) == []


def test_what_the_base_does_not_do_twice_is_noise() -> None:
    again = replace(AFTER, lines=("Things", "5 left", "Saved."))
    assert found(replace(AFTER, lines=("Things", "7 left", "Saved.")), again=again) == []


def test_the_wording_of_the_change_is_wanted() -> None:
    diff = "--- a/x.html\n+++ b/x.html\n@@ -1 +1 @@\n-<p>Saved.</p>\n+<p>Kept.</p>\n"
    preview = replace(AFTER, lines=("Things", "3 left", "Kept."))
    assert found(preview, diff=diff) == []
    assert found(preview, diff=SAYING) == [FindingKind.CONTENT_MISSING]
