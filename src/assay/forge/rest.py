"""JSON over HTTP to one forge: tokens in headers only, limits waited for, refusals in plain words.

A request is sent again only when the forge did not process it (a rate limit, a token that ran
out), or when it reads: whoever writes looks first for what an earlier attempt left.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import quote, urljoin, urlsplit

import httpx

from assay.forge.errors import (
    ForgeLimited,
    ForgeRefused,
    ForgeUnavailable,
    PermissionMissing,
    PullNotFound,
    TokenRefused,
)
from assay.kernel import clock
from assay.kernel.addresses import is_forbidden_host
from assay.kernel.redaction import Redactor

Json = Any
_TIMEOUT = 20.0
_REDIRECTS = 3
_TRIES = 4
_LARGEST = 32_000_000
_MOST_PAGES = 100
_SHOWN = 300
_MOVED = (301, 302, 303, 307, 308)
_BUSY = (500, 502, 503, 504)
_SECONDARY = re.compile(r"rate limit|abuse detection", re.IGNORECASE)


class Auth(Protocol):
    """Where the token comes from."""

    async def headers(self) -> Mapping[str, str]:
        """The headers that carry a token that is good now."""
        ...

    def refused(self) -> bool:
        """The forge refused the token; tells whether asking again gives another one."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was read whole. ``mask`` blacks out what it was asked with: some forges, and
    proxies before them, say what they were sent."""

    status: int
    headers: httpx.Headers
    body: Json
    mask: Callable[[str], str] = str

    @property
    def rows(self) -> list[dict[str, Json]]:
        """The body as a list of objects."""
        if not isinstance(self.body, list) or any(not isinstance(r, dict) for r in self.body):
            raise ForgeUnavailable("The forge answered something else than a list.")
        return self.body

    @property
    def one(self) -> dict[str, Json]:
        """The body as one object."""
        if not isinstance(self.body, dict):
            raise ForgeUnavailable("The forge answered something else than an object.")
        return self.body


class Rest:
    """A forge's API below ``base``. ``patience``: seconds that a rate limit is waited for."""

    def __init__(
        self,
        base: str,
        auth: Auth,
        *,
        headers: Mapping[str, str] | None = None,
        patience: float = 20.0,
        backoff: float = 0.5,
    ) -> None:
        self._base = base
        self._auth = auth
        self._patience = patience
        self._backoff = backoff
        self._http = httpx.AsyncClient(
            headers={"User-Agent": "assay", **(headers or {})},
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=True,
        )
        self.host = urlsplit(base).netloc

    async def get(self, path: str, **query: str | int) -> Answer:
        """GET; read again when the forge is briefly unwell."""
        return await self._ask("GET", path, query, None)

    async def send(self, method: str, path: str, body: Mapping[str, Json]) -> Answer:
        """Write."""
        return await self._ask(method, path, {}, body)

    async def pages(self, path: str, **query: str | int) -> AsyncIterator[Answer]:
        """Every page of a list, by the ``Link`` header or GitLab's ``X-Next-Page``."""
        answer = await self.get(path, per_page=100, **query)
        for _ in range(_MOST_PAGES):
            yield answer
            page = answer.headers.get("x-next-page", "")
            if page.isdigit():
                answer = await self.get(path, **{"per_page": 100, **query, "page": int(page)})
            elif (following := _next_link(answer.headers)) is not None:
                answer = await self.get(self._own(following))
            else:
                return

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int],
        body: Mapping[str, Json] | None,
    ) -> Answer:
        left = self._patience
        renewed = False
        for attempt in range(_TRIES):
            last = attempt == _TRIES - 1
            answer = await self._try(method, path, query, body, last=last)
            if answer is None or (answer.status in _BUSY and method == "GET" and not last):
                await asyncio.sleep(self._backoff * 2**attempt)
                continue
            wait = limited(answer)
            if wait is not None:
                if last or wait > left:
                    raise ForgeLimited(
                        f"The rate limit of {self.host} is used up; it is free again in "
                        f"{wait:.0f} s.",
                        retry_after=wait,
                    )
                left -= wait
                await asyncio.sleep(wait)
                continue
            if answer.status == 401 and not renewed and self._auth.refused():
                renewed = True
                continue
            if answer.status >= 400:
                raise refusal(answer, self.host)
            return answer
        raise ForgeUnavailable(f"{self.host} does not answer.")

    async def _try(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int],
        body: Mapping[str, Json] | None,
        *,
        last: bool,
    ) -> Answer | None:
        """One request over its redirects; ``None`` when it may be sent again."""
        try:
            return await self._over_redirects(method, path, query, body)
        except httpx.ConnectError as error:
            # Nothing was sent, so a write may be sent again too.
            if not last:
                return None
            raise ForgeUnavailable(
                f"{self.host} cannot be reached. Check the address and the network."
            ) from error
        except httpx.HTTPError as error:
            if method == "GET" and not last:
                return None
            raise ForgeUnavailable(
                f"{self.host} did not answer in time ({type(error).__name__})."
            ) from error

    async def _over_redirects(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int],
        body: Mapping[str, Json] | None,
    ) -> Answer:
        url = path if path.startswith(("http://", "https://")) else self._base + path
        given = httpx.URL(url).copy_merge_params(dict(query)) if query else httpx.URL(url)
        for _ in range(_REDIRECTS):
            answer = await self._once(method, str(given), body)
            target = answer.headers.get("location", "")
            if answer.status not in _MOVED or not target:
                return answer
            given = httpx.URL(self._own(urljoin(str(given), target)))
            if answer.status == 303:
                method, body = "GET", None
        raise ForgeUnavailable(f"{self.host} redirects in circles.")

    async def _once(self, method: str, url: str, body: Mapping[str, Json] | None) -> Answer:
        headers = dict(await self._auth.headers())
        async with self._http.stream(method, url, headers=headers, json=body) as response:
            parts: list[bytes] = []
            size = 0
            async for part in response.aiter_bytes():
                size += len(part)
                if size > _LARGEST:
                    raise ForgeUnavailable(f"An answer of {self.host} is too large to be read.")
                parts.append(part)
        # "Bearer x" is asked with, and x alone is the secret.
        mask = Redactor([part for value in headers.values() for part in value.split()[-1:]]).mask
        return Answer(response.status_code, response.headers, _json(b"".join(parts)), mask)

    def _own(self, url: str) -> str:
        """The address, when it is on this forge: a token never goes anywhere else."""
        mine, other = urlsplit(self._base), urlsplit(url)
        same = (mine.scheme, mine.hostname, mine.port) == (other.scheme, other.hostname, other.port)
        if not same or is_forbidden_host(other.hostname or ""):
            # The name alone: a user name, or a token in its place, may stand before it.
            shown = other.netloc.rpartition("@")[2][:100]
            raise ForgeUnavailable(
                f"{self.host} leads to another host, {shown}, which gets no token. "
                "If the forge has moved, connect it by its new address."
            )
        return url


def limited(answer: Answer) -> float | None:
    """Seconds until a limited forge answers again; ``None`` when it is not limited."""
    headers = answer.headers
    if answer.status not in (403, 429):
        return None
    given = headers.get("retry-after", "")
    if given:
        return _delay(given)
    exhausted = headers.get("x-ratelimit-remaining", headers.get("ratelimit-remaining")) == "0"
    reset = headers.get("x-ratelimit-reset", headers.get("ratelimit-reset", ""))
    if exhausted and reset.isdigit():
        return max(1.0, float(reset) - clock.now().timestamp())
    if exhausted or answer.status == 429 or _SECONDARY.search(said(answer)):
        # GitHub asks for a minute at least where it gives no time.
        return 60.0
    return None


def _delay(text: str) -> float:
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 60.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - clock.now().astimezone(UTC)).total_seconds())


def refusal(
    answer: Answer, host: str
) -> TokenRefused | PermissionMissing | PullNotFound | ForgeRefused | ForgeUnavailable:
    """What an answer of 400 and above means to the reader."""
    words = said(answer)
    told = f" It says: {words}" if words else ""
    if answer.status == 401:
        return TokenRefused(
            f"{host} does not accept the token: it has expired or was revoked. Connect the forge "
            "again with a new one."
        )
    if answer.status == 403:
        needed = answer.mask(answer.headers.get("x-accepted-github-permissions", ""))
        needed = f" It needs: {needed[:_SHOWN]}." if needed else ""
        return PermissionMissing(f"The token may not do this on {host}.{needed}{told}")
    if answer.status in (404, 410):
        return PullNotFound(
            f"{host} knows no such repository or pull request, or the token cannot see it."
        )
    if answer.status >= 500:
        return ForgeUnavailable(f"{host} answered with an error of its own ({answer.status}).")
    return ForgeRefused(f"{host} refused this ({answer.status}).{told}", status=answer.status)


def said(answer: Answer) -> str:
    """The forge's own words about a refusal, on one line, cut, without the token."""
    body = answer.body
    if not isinstance(body, dict):
        return ""
    parts = [body.get("message"), body.get("error"), body.get("errors")]
    texts = [p if isinstance(p, str) else json.dumps(p) for p in parts if p]
    return " ".join(answer.mask(" ".join(texts)).split())[:_SHOWN]


def segment(text: str | int) -> str:
    """A text as one segment of a path."""
    return quote(str(text), safe="")


def _json(content: bytes) -> Json:
    if not content.strip():
        return None
    try:
        return json.loads(content)
    except ValueError:
        return None


def _next_link(headers: httpx.Headers) -> str | None:
    for part in str(headers.get("link", "")).split(","):
        address, _, rest = part.partition(";")
        if 'rel="next"' in rest:
            return str(address).strip().strip("<>")
    return None


def moment(text: str) -> datetime:
    """A time as forges write it."""
    return clock.parse_iso(text.replace("Z", "+00:00"))
