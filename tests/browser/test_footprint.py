"""What ran, from the browser's ranges to marks of source lines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assay.browser.footprint import MOST_MARKS, Footprint, Piece, Span, footprint_of, path_of
from assay.browser.lines import mark_of, openers, plain_line
from assay.browser.sourcemaps import NO_SOURCE, read_map

SCRIPT = """function outer() {
  const first = '🙂🙂';
  if (first) {
    return inner(first);
  }
  return nothing();
}
const later = () => {
  return 'never called';
};
items.forEach((item) => item.remove());
"""


def function(text: str, count: int, *blocks: tuple[str, int]) -> dict[str, Any]:
    """A function's ranges, by their texts in the script, in UTF-16 units."""

    def found(part: str, times: int) -> dict[str, int]:
        start = len(SCRIPT[: SCRIPT.index(part)].encode("utf-16-le")) // 2
        size = len(part.encode("utf-16-le")) // 2
        return {"startOffset": start, "endOffset": start + size, "count": times}

    return {"ranges": [found(text, count), *(found(*block) for block in blocks)]}


WHOLE = function(SCRIPT, 1)
OUTER = SCRIPT[: SCRIPT.index("const later")].rstrip()
LATER = SCRIPT[SCRIPT.index("() =>") : SCRIPT.index(";\nitems")]
EACH = "(item) => item.remove()"


def ran(found: Footprint, text: str = SCRIPT) -> set[str]:
    """The lines of a text that left a mark by themselves."""
    lines = [plain_line(line) for line in text.splitlines()]
    return {
        line
        for line in lines
        if line and any(file.among(frozenset({mark_of(line)})) for file in found.files)
    }


def visible(_: str) -> bool:
    return False


def test_lines_count_as_run_when_the_innermost_range_around_them_does() -> None:
    piece = Piece("http://a/app.js", SCRIPT)
    piece.ran([WHOLE, function(OUTER, 0), function(LATER, 0), function(EACH, 0)])
    assert not ran(footprint_of([piece], visible)), "functions were only made"
    # Counts start anew at each look; what is said of a moment later comes on top.
    rest = "\n  return nothing();\n}"
    piece.ran([function(OUTER, 1, (rest, 0)), function(EACH, 2)])
    assert ran(footprint_of([piece], visible)) == {
        "function outer() {",
        "const first = '🙂🙂';",
        "if (first) {",
        "return inner(first);",
        "items.forEach((item) => item.remove());",
    }


def test_a_line_with_a_secret_leaves_no_mark() -> None:
    piece = Piece("http://a/app.js", SCRIPT)
    piece.ran([WHOLE])
    kept = ran(footprint_of([piece], lambda text: "inner(first)" in text))
    assert "if (first) {" in kept
    assert "return inner(first);" not in kept


def test_small_files_come_first_where_there_is_too_much() -> None:
    large = "\n".join(f"value_{number} = {number};" for number in range(MOST_MARKS + 5))
    pieces = [
        Piece("http://a/large.js", large, spans=[Span(0, len(large))]),
        Piece("http://a/small.js", "small = true;", spans=[Span(0, 13)]),
        Piece("http://a/node_modules/x/x.js", "foreign = true;", spans=[Span(0, 15)]),
    ]
    found = footprint_of(pieces, visible)
    assert [file.path for file in found.files] == ["small.js", "large.js"]
    assert sum(len(file.marks) for file in found.files) == 5 * MOST_MARKS
    assert Footprint.unpacked(found.packed()) == found


def test_repeated_lines_are_told_apart_by_what_they_are_indented_under() -> None:
    lines = ["a = {", "  one();", "  if (b) {", "    two();", "  }", "  three();", "end();"]
    under = ["", "a = {", "a = {", "if (b) {", "a = {", "a = {", ""]
    assert openers(lines) == under
    assert openers(lines[3:], "function f() {") == ["function f() {"] * 3 + [""]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("https://shop.example/static/js/app.js?v=3", "static/js/app.js"),
        ("https://shop.example/", "/"),
        ("webpack://shop/./src/app.jsx?1f2e", "src/app.jsx"),
        ("webpack-internal:///./src/app.jsx", "src/app.jsx"),
        ("../../src/a%20b.ts", "src/a b.ts"),
    ],
)
def test_paths_have_no_host_and_no_version(name: str, path: str) -> None:
    assert path_of(name) == path


def test_maps_of_maps_are_read() -> None:
    part = {
        "version": 3,
        "sources": ["a.js"],
        "sourcesContent": ["x"],
        "mappings": "AAAA,IAAI;AACA,C",
    }
    whole = {
        "version": 3,
        "sections": [
            {"offset": {"line": 0, "column": 0}, "map": part},
            {"offset": {"line": 1, "column": 5}, "map": {**part, "sourceRoot": "lib/"}},
        ],
    }
    found = read_map(")]}'\n" + json.dumps(whole))
    assert found is not None
    assert found.names == ("a.js", "lib/a.js")
    assert found.segments.rows() == [
        (0, 0, 0, 0),
        (0, 4, 0, 0),
        (1, 0, 0, 1),
        (1, 1, NO_SOURCE, 0),
        (1, 5, 1, 0),
        (1, 9, 1, 0),
        (2, 0, 1, 1),
        (2, 1, NO_SOURCE, 0),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<h1>Not found</h1>",
        "[]",
        '{"version": 3}',
        '{"version": 3, "sources": ["a"], "mappings": "A€AA"}',
        '{"version": 3, "sources": ["a"], "mappings": "ACAA"}',
        '{"version": 3, "sources": 7, "mappings": ""}',
        '{"version": 3, "sections": [{"offset": {}, "map": {}}]}',
    ],
)
def test_what_is_no_map_is_none(text: str) -> None:
    assert read_map(text) is None
