"""Fetching an address with the cookies of a context, without showing it in a page."""

from __future__ import annotations

import json
import re
from urllib.parse import urljoin, urlsplit

from playwright.async_api import BrowserContext, Error

from assay.browser.errors import HostRefused, NavigationFailed
from assay.browser.model import Download
from assay.browser.mutations import Mutations
from assay.browser.policy import HostPolicy

_TEXT = re.compile(r"^(text/|application/(.*\+)?(json|xml|csv|javascript))")
_REDIRECTS = 10
_TEXT_LIMIT = 1_000_000
_BRIEFLY = 3000.0
_FORM = "application/x-www-form-urlencoded"


class Fetcher:
    """Sends one request as the browser would, following redirects only to allowed hosts."""

    def __init__(self, context: BrowserContext, policy: HostPolicy, mutations: Mutations) -> None:
        self._context = context
        self._mutations = mutations
        self._policy = policy

    async def fetch(self, asked: str, base: str) -> tuple[int, Download]:
        """The status and the body, named after the address.

        ``asked`` is an address, or ``METHOD ADDRESS`` with a body from the second line on; what is
        sent as its media type follows from what it is: JSON, a form's fields or plain text.
        """
        line, _, sent = asked.partition("\n")
        method, _, rest = line.partition(" ")
        method, url = (method, rest.strip()) if rest and method.isupper() else ("GET", line)
        url = urljoin(base, url)
        data, headers = (sent, {"Content-Type": _media_type(sent)}) if sent else (None, {})
        try:
            for _hop in range(_REDIRECTS):
                self._policy.document(url)
                answer = await self._context.request.fetch(
                    url, method=method, max_redirects=0, data=data, headers=headers
                )
                location = answer.headers.get("location")
                if answer.status not in {301, 302, 303, 307, 308} or not location:
                    break
                url = urljoin(url, location)
                if answer.status in {301, 302, 303}:
                    method, data, headers = "GET", None, {}
            body = await answer.body()
        except Error as error:
            reason = error.message.splitlines()[0]
            raise NavigationFailed(f"{url} could not be fetched: {reason}") from error
        kind = answer.headers.get("content-type", "")
        text = body.decode("utf-8", "replace") if _TEXT.match(kind) and len(body) < 1e6 else None
        if text is not None:
            text = self._mutations.body(text)
        name = urlsplit(url).path.rpartition("/")[2] or "index"
        return self._mutations.status(answer.status), Download(name, len(body), text)


async def text_of(context: BrowserContext, policy: HostPolicy, url: str) -> str:
    """What an allowed address gives right away, as text; empty when it gives none in a moment."""
    try:
        policy.document(url)
        answer = await context.request.get(url, max_redirects=0, timeout=_BRIEFLY)
        return (await answer.body()).decode("utf-8", "replace") if answer.ok else ""
    except (Error, HostRefused):
        return ""


def _media_type(body: str) -> str:
    try:
        json.loads(body)
    except ValueError:
        return (
            _FORM if re.fullmatch(r"[^\s=&]+=[^\s&]*(&[^\s=&]+=[^\s&]*)*", body) else "text/plain"
        )
    return "application/json"


def decoded(content: bytes) -> str | None:
    """The text of a file when it is text and not too long."""
    if len(content) > _TEXT_LIMIT or b"\x00" in content[:4096]:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
