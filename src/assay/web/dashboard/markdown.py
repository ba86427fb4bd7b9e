"""Markdown of messages as HTML that cannot do harm: no raw HTML, no pictures, safe links only.

Names of tests and texts of tested pages stand in messages, so all of it is taken as hostile.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

_SCHEMES = {"", "http", "https", "mailto"}


def _may_link(url: str) -> bool:
    """Whether an address may stand behind a link."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    # Without a scheme, two slashes lead to another site, and a back slash reads as a slash.
    foreign = not parts.scheme and (url.startswith("//") or "\\" in url)
    return parts.scheme.lower() in _SCHEMES and not foreign


def _link_open(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    token = tokens[index]
    address = str(token.attrGet("href") or "")
    token.attrSet("rel", "noopener noreferrer nofollow")
    own = env.get("own", "")
    if own and (address == own or address.startswith(f"{own}/")):
        # Links to this dashboard stay on the address by which the reader came.
        token.attrSet("href", address[len(own) :] or "/")
    elif urlsplit(address).scheme in {"http", "https"}:
        token.attrSet("target", "_blank")
    return renderer.renderToken(tokens, index, options, env)


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    reader.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])
    reader.validateLink = _may_link  # type: ignore[method-assign]
    reader.add_render_rule("link_open", _link_open)
    return reader


_READER = _reader()


def to_html(text: str, own: str = "") -> Markup:
    """A message as HTML; ``own`` is the address of this dashboard."""
    # The renderer escapes every text and attribute, and raw HTML is off.
    return Markup(_READER.render(text, {"own": own}))
