"""Tokens: fixed ones, and those that a GitHub App gets for an installation."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import jwt

from assay.forge.errors import AppKeyInvalid, ForgeUnavailable
from assay.forge.rest import Rest, moment, segment
from assay.kernel import clock

# GitHub takes ten minutes at most; its clock may be a little behind ours.
_LIFE = timedelta(minutes=9)
_SKEW = timedelta(seconds=60)
_SPARE = timedelta(minutes=5)


class NoToken:
    """Asks as nobody: enough for public projects."""

    async def headers(self) -> Mapping[str, str]:
        """No headers."""
        return {}

    def refused(self) -> bool:
        """There is no other token."""
        return False


class FixedToken:
    """A token that was given, under the header that its forge wants."""

    def __init__(self, header: str, value: str) -> None:
        self._headers = {header: value}

    async def headers(self) -> Mapping[str, str]:
        """The header with the token."""
        return self._headers

    def refused(self) -> bool:
        """There is no other token."""
        return False


class AppIdentity:
    """A GitHub App itself: a short-lived JWT, signed with its private key."""

    def __init__(self, app_id: str, private_key: str) -> None:
        self._app_id = app_id
        self._key = private_key
        self._sign()

    async def headers(self) -> Mapping[str, str]:
        """The header with a fresh JWT."""
        return {"Authorization": f"Bearer {self._sign()}"}

    def refused(self) -> bool:
        """Another JWT would be refused as well."""
        return False

    def _sign(self) -> str:
        now = clock.now()
        claims = {
            "iat": int((now - _SKEW).timestamp()),
            "exp": int((now + _LIFE).timestamp()),
            "iss": self._app_id,
        }
        try:
            return jwt.encode(claims, self._key, algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError) as error:
            raise AppKeyInvalid(
                "The private key of the GitHub App cannot be used: give the whole PEM file, as "
                "GitHub made it."
            ) from error


class InstallationToken:
    """The token of an App's installation, kept until shortly before it ends, then fetched anew."""

    def __init__(self, app: Rest, installation_id: str = "", *, repository: str = "") -> None:
        self._app = app
        self._installation_id = installation_id
        self._repository = repository
        self._token = ""
        self._until: datetime = clock.now()
        self._fetching = asyncio.Lock()

    async def headers(self) -> Mapping[str, str]:
        """The header with a token that is good for some minutes more."""
        async with self._fetching:
            if not self._token or clock.now() >= self._until - _SPARE:
                await self._fetch()
        return {"Authorization": f"Bearer {self._token}"}

    def refused(self) -> bool:
        """Forget the token; there may be another one, once."""
        had = bool(self._token)
        self._token = ""
        return had

    async def _fetch(self) -> None:
        installation = self._installation_id or await self._find()
        path = f"/app/installations/{segment(installation)}/access_tokens"
        found = (await self._app.send("POST", path, {})).one
        token, until = found.get("token"), found.get("expires_at")
        if not isinstance(token, str) or not isinstance(until, str):
            raise ForgeUnavailable(f"{self._app.host} gave no token for the installation.")
        self._token, self._until = token, moment(until)

    async def _find(self) -> str:
        owner, _, name = self._repository.partition("/")
        path = f"/repos/{segment(owner)}/{segment(name)}/installation"
        found = (await self._app.get(path)).one
        self._installation_id = str(found.get("id", ""))
        return self._installation_id
