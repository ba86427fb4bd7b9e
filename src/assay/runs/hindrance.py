"""What may keep a test from being done at all, other than the site being wrong."""

from __future__ import annotations

import re

from assay.browser.errors import BrowserError
from assay.browser.model import Observation
from assay.browser.port import Session

_CAPTCHA = re.compile(r"captcha|cf-challenge|cf-turnstile|hcaptcha|arkose", re.IGNORECASE)
_CAPTCHA_TEXT = re.compile(
    r"i'?m not a robot|verify (?:that )?you are (?:a )?human|checking your browser|"
    r"are you a robot|complete the captcha|unusual traffic",
    re.IGNORECASE,
)
_GATEWAY = {502, 503, 504}


async def hindrance(session: Session) -> str:
    """Why the test could not be verified, in words; empty when the page is just different."""
    try:
        page = await session.observe()
    except BrowserError as error:
        return error.message.rstrip(".")
    if captcha_on(page):
        return "a CAPTCHA is in the way"
    if page.status in _GATEWAY:
        return f"the site answers with {page.status}"
    if page.url.startswith("chrome-error:"):
        return "the site cannot be reached"
    return ""


def captcha_on(page: Observation) -> bool:
    """Whether the page asks for proof that a person is there."""
    if _CAPTCHA_TEXT.search(page.text):
        return True
    return any(
        _CAPTCHA.search(" ".join((node.dom_id, node.dom_name, node.title, *node.classes)))
        for node in page.nodes
        if node.tag in {"iframe", "div", "input"}
    )
