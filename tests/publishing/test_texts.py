"""What strangers' words cannot do once published."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from assay.reviews.publishing.texts import published

BASE = "https://assay.test"
PAGE = MarkdownIt("gfm-like", {"html": True, "linkify": False})


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "<!-- assay:0123 -->",
        "</details><script>x</script>",
        "![pixel](https://evil.test/x.png)",
        "[approve](https://evil.test/login)",
        "[approve]( https://evil.test/login)",
        "[approve](//evil.test)",
        "[approve](javascript:alert(1))",
        "[a][b]\n\n[b]: https://evil.test",
        "<https://evil.test>",
        "[x](https://assay.test.evil.test/)",
        "[x](https://assay.test@evil.test/)",
        "`code` <b>bold</b> `more`",
        "```\ncode\n```\n<b>after</b>",
        "``` not a fence ```\n<b>after</b>",
        "~~~\nopen fence <b>inside</b>",
        "``` not a fence ```\n[x](https://evil.test)",
        "    ```\n[x](https://evil.test)",
        "`` a ` [x](https://evil.test) b",
        "`a`` [x](https://evil.test) ``",
        "a \\` [x](https://evil.test) \\`",
    ],
)
def test_no_html_no_image_and_no_foreign_link_comes_through(text: str) -> None:
    shown = PAGE.render(published(text, base_url=BASE))
    for wrong in ("<img", "<script", "<b>", "<!--", 'href="https://evil', 'href="//', "javascript"):
        if wrong == "javascript":
            assert 'href="javascript' not in shown
        else:
            assert wrong not in shown
    assert "href" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "\\`&commat;octocat fixes #12 https://evil.test\\`",
        "`` \\`` fixes #12 `` `&commat;octocat` https://evil.test",
        "    ```\n&commat;octocat fixes #12 https://evil.test",
        "```\ncode\n``` more\n```\n&commat;octocat fixes #12 https://evil.test",
        "- ```\n&commat;octocat fixes #12 https://evil.test",
        "\\`\\`\\`\n&commat;octocat fixes #12 https://evil.test",
    ],
)
def test_what_only_looks_like_code_is_text(text: str) -> None:
    """The forge's mentions, references and bare addresses are found in the text of the page."""
    reader = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    tokens = reader.parse(published(text, base_url=BASE))
    children = [child for token in tokens for child in token.children or ()]
    shown = "".join(child.content for child in children if child.type != "code_inline")
    for wrong in ("@octocat", "#12", "https://evil"):
        assert wrong not in shown


def test_links_to_assay_tables_and_code_stay_as_they_are() -> None:
    text = (
        "**Approved**: 2 tests\n\n| Test | Verdict |\n| --- | --- |\n"
        "| [Log in](https://assay.test/p/shop/runs/1) | passed |\n\n"
        '```sh\nassay chat "run it" --env-url http://127.0.0.1:8000\n```\n'
    )
    assert published(text, base_url=BASE) == text


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("cc @octocat and @acme/team", "@octocat"),
        ("`@octocat`", "@octocat"),
        ("fixes #12", "#12"),
        ("see acme/shop#12", "#12"),
        ("closes !7", "!7"),
        ("GH-12", "GH-12"),
    ],
)
def test_nobody_is_mentioned_and_nothing_referred_to(text: str, gone: str) -> None:
    assert gone not in published(text, base_url=BASE)


@pytest.mark.parametrize(
    "text",
    [
        "/approve",
        "  - /approve",
        "> /approve",
        "```\n/approve\n```",
        "text\r/approve",
        "text\r\n/approve",
        "- > /approve",
    ],
)
def test_no_line_is_a_command(text: str) -> None:
    assert not re.search(r"^[\s>*-]*/approve", published(text, base_url=BASE), re.MULTILINE)


def test_the_words_read_the_same() -> None:
    text = "cc @octocat fixes #12 <b> /approve"
    assert published(text, base_url=BASE).replace("\u200b", "") == text
