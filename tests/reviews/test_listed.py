"""Which further pages the lists of compared pages lead to."""

from __future__ import annotations

import pytest

from assay.reviews.listed import Records, records, turned
from assay.reviews.views import Row, View


def page(path: str, *rows: Row, links: tuple[tuple[str, str], ...] = ()) -> View:
    return View(path, path, 200, path, lists=(rows,) if rows else (), links=links)


def lines(*texts: str) -> list[Row]:
    return [Row(text, f"/jobs/{at}") for at, text in enumerate(texts, 1)]


def cells(*rows: tuple[str, ...]) -> list[Row]:
    return [Row(" ".join(row), f"/jobs/{at}", row) for at, row in enumerate(rows, 1)]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (lines("Job 1", "Job 2", "Job 3 (filled)", "Job 4"), ("/jobs/1", "/jobs/3")),
        (lines("Baker", "Painter", "Smith (filled)", "Cook"), ("/jobs/1", "/jobs/3")),
        (lines("Baker", "Painter", "Smith", "Cook"), ("/jobs/1",)),
        (
            cells(
                ("Baker", "1 May", "open"),
                ("Cook", "2 May", "open"),
                ("Smith", "9 May", "filled"),
                ("Nurse", "7 May", "open"),
            ),
            ("/jobs/1", "/jobs/3"),
        ),
        (cells(("Baker", "1"), ("Cook", "2"), ("Smith", "3"), ("Nurse", "4")), ("/jobs/1",)),
    ],
)
def test_one_record_of_each_sort_is_looked_at(rows: list[Row], found: tuple[str, ...]) -> None:
    assert records([page("/jobs", *rows)], ["/jobs"]) == Records(found, found[1:])


def test_records_that_are_looked_at_anyway_are_not_told_again() -> None:
    rows = lines("Job 1", "Job 2", "Job 3 (filled)")
    assert records([page("/jobs", *rows)], ["/jobs", "/jobs/2"]) == Records(
        ("/jobs/3",), ("/jobs/3",)
    )


def test_pages_that_are_no_records_are_left_alone() -> None:
    rows = [Row("About us", "/about"), Row("Help", "/help"), Row("2", "/jobs?page=2")]
    assert records([page("/", *rows)], ["/"]) == Records()


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ((("Name", "/jobs?sort=name"), ("Pay", "/jobs?sort=pay")), ["/jobs?sort=name"]),
        ((("Name", "/jobs?o=1"), ("Name", "/jobs?o=-1")), ["/jobs?o=1", "/jobs?o=-1"]),
        ((("2", "/jobs?page=2"), ("3", "/jobs?page=3")), ["/jobs?page=2"]),
        ((("Pay", "/staff?sort=pay"),), []),  # another list
        ((("Delete all", "/jobs?page=2&do=delete"),), []),
        ((("Clear", "/jobs?clear=1"),), []),
    ],
)
def test_another_order_and_the_next_part_are_looked_at_once(
    links: tuple[tuple[str, str], ...], found: list[str]
) -> None:
    view = page("/jobs", *lines("Job 1", "Job 2"), links=links)
    assert turned([view], ["/jobs"]) == found
    assert turned([page("/jobs", links=links)], ["/jobs"]) == []
