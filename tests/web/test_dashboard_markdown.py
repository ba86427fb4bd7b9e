"""Markdown of messages does no harm."""

from __future__ import annotations

import pytest

from assay.web.dashboard.markdown import to_html

OWN = "http://127.0.0.1:8080"


def test_the_usual_markdown_is_rendered() -> None:
    html = to_html("**bold** `code`\n\n- one\n- two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n")
    for tag in ("<strong>bold</strong>", "<code>code</code>", "<li>two</li>", "<td>2</td>"):
        assert tag in html


def test_links_to_other_sites_open_apart_and_tell_nothing() -> None:
    html = to_html("[x](https://example.com/a)", OWN)
    assert 'href="https://example.com/a"' in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert 'target="_blank"' in html


def test_links_to_the_dashboard_stay_on_it() -> None:
    html = to_html(f"[run]({OWN}/p/x/runs/run_1)", OWN)
    assert 'href="/p/x/runs/run_1"' in html
    assert "_blank" not in html


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "[x](vbscript:x)",
        "[x](//evil.example)",
        "[x]( file:///etc/passwd )",
        "<javascript:alert(1)>",
    ],
)
def test_unsafe_addresses_are_no_links(text: str) -> None:
    assert "<a" not in to_html(text, OWN)


def test_a_back_slash_is_never_read_as_a_slash() -> None:
    assert 'href="/%5Cevil.example"' in to_html("[x](/\\evil.example)", OWN)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<div onclick=alert(1)>\n\nx\n\n</div>",
        "`<script>`",
        "```\n</code><script>\n```",
        '[x](https://e.example/"onmouseover="alert(1))',
        "[x](https://e.example '\" onclick=alert(1) ')",
    ],
)
def test_html_is_shown_and_never_meant(text: str) -> None:
    html = to_html(text)
    assert "<script" not in html
    assert "<img" not in html
    assert "<div" not in html
    assert ' onclick="' not in html
    assert ' onmouseover="' not in html


def test_pictures_are_not_fetched() -> None:
    assert "<img" not in to_html("![x](https://evil.example/p.png)")
