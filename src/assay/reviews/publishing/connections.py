"""Forge connections: made, listed and removed; their secrets are sealed and never given back."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict

from assay.accounts.model import Principal
from assay.forge import (
    AppSecret,
    Provider,
    PullRef,
    Secret,
    TokenSecret,
    base_address,
    check_secret,
    within,
)
from assay.kernel import clock
from assay.kernel.errors import AppError
from assay.kernel.ids import canonical_short_id, new_short_id, new_uuid
from assay.reviews.publishing import publication_store, store
from assay.reviews.publishing.errors import (
    ConnectionForbidden,
    ConnectionInvalid,
    ConnectionNotFound,
)
from assay.reviews.publishing.model import (
    Connection,
    NewConnection,
    RepositoryLink,
    ReviewResult,
)
from assay.storage import ReadSession, SecretBox, WriteSession

PREFIX = "conn"
REMOVED = ReviewResult(
    "couldNotVerify",
    "The connection was removed",
    "**Could not verify**: Assay's connection to this repository was removed meanwhile.",
)
_SHORTEST_WEBHOOK_SECRET = 16


class Connections:
    """The connections of every organisation."""

    def __init__(self, box: SecretBox) -> None:
        self._box = box

    async def create(
        self, session: WriteSession, caller: Principal, given: NewConnection
    ) -> Connection:
        """A new connection. A project's key only connects repositories to its own project."""
        _check(caller, given)
        base_url = base_address(given.base_url)
        try:
            check_secret(given.provider, given.secret)
        except AppError as error:
            raise ConnectionInvalid(error.message) from error
        made = Connection(
            id=new_uuid(),
            short_id=new_short_id(PREFIX),
            organisation_id=caller.organisation_id,
            provider=given.provider,
            base_url=base_url,
            name=given.name,
            automatic=given.automatic,
            native_reviews=given.native_reviews,
            created_at=clock.now(),
            links=given.links,
        )
        sealed = self._box.seal(_dump(given.secret), context=_context(made.id, "secret"))
        hook = self._box.seal(given.webhook_secret, context=_context(made.id, "webhook"))
        await store.add_connection(session, made, sealed, hook)
        return made

    async def listed(self, session: ReadSession, caller: Principal) -> list[Connection]:
        """The connections that a caller may see."""
        found = await store.connections_of(session, caller.organisation_id)
        return [one for one, _secret, _hook in found if _visible(caller, one)]

    async def delete(self, session: WriteSession, caller: Principal, short_id: str) -> None:
        """Remove a connection. Its open checks are ended first, within the next seconds; then its
        secrets are deleted."""
        canonical = canonical_short_id(PREFIX, short_id)
        for one in await self.listed(session, caller):
            if one.short_id == canonical:
                if caller.project_id and any(
                    link.project_id != caller.project_id for link in one.links
                ):
                    raise ConnectionForbidden(
                        f"{short_id} serves other projects too: use a key of the organisation."
                    )
                await store.mark_removed(session, one.id, clock.now())
                await publication_store.end_all(session, one.id, REMOVED)
                return
        raise ConnectionNotFound(f"There is no forge connection {short_id}.")

    async def get(self, session: ReadSession, connection_id: str) -> tuple[Connection, Secret]:
        """A connection with what it authenticates with."""
        found = await store.connection_by_id(session, connection_id)
        if found is None:
            raise ConnectionNotFound("This forge connection was removed.")
        return found[0], self._secret(found[0], found[1])

    async def hooked(
        self, session: ReadSession, provider: Provider
    ) -> list[tuple[Connection, str]]:
        """Every connection to this kind of forge, with its webhook secret."""
        found = await store.connections_to(session, provider)
        return [
            (one, self._box.open(hook, context=_context(one.id, "webhook")))
            for one, _secret, hook in found
        ]

    async def serving(
        self, session: ReadSession, organisation_id: str, project_id: str, ref: PullRef
    ) -> tuple[Connection, RepositoryLink, PullRef, Secret] | None:
        """The connection of a project to a pull request's repository, and its link there."""
        for one, sealed, _hook in await store.connections_of(session, organisation_id):
            inner = within(ref, one.base_url) if one.provider is ref.provider else None
            link = one.link(inner.repository) if inner else None
            if inner is not None and link is not None and link.project_id == project_id:
                return one, link, inner, self._secret(one, sealed)
        return None

    def seal_news(self, connection_id: str, text: str) -> str:
        """News of a webhook as they are stored: they may quote what somebody pasted."""
        return self._box.seal(text, context=_context(connection_id, "news"))

    def open_news(self, connection_id: str, sealed: str) -> str:
        """The news again."""
        return self._box.open(sealed, context=_context(connection_id, "news"))

    def _secret(self, one: Connection, sealed: str) -> Secret:
        return _load(self._box.open(sealed, context=_context(one.id, "secret")))


def new_webhook_secret() -> str:
    """A webhook secret that nobody can guess."""
    return secrets.token_urlsafe(32)


def _check(caller: Principal, given: NewConnection) -> None:
    if given.provider is Provider.GIT:
        raise ConnectionInvalid("provider must be github or gitlab.")
    if not given.links:
        raise ConnectionInvalid("repositories must name at least one repository.")
    names = [link.repository.casefold() for link in given.links]
    if len(set(names)) < len(names):
        raise ConnectionInvalid("repositories names a repository twice.")
    if len(given.webhook_secret) < _SHORTEST_WEBHOOK_SECRET:
        raise ConnectionInvalid(
            f"webhookSecret must have at least {_SHORTEST_WEBHOOK_SECRET} characters; leave it out "
            "to have one made."
        )
    if caller.project_id and any(link.project_id != caller.project_id for link in given.links):
        raise ConnectionForbidden("A project's key only connects repositories to its own project.")


def _visible(caller: Principal, one: Connection) -> bool:
    return caller.project_id is None or any(
        link.project_id == caller.project_id for link in one.links
    )


def _context(connection_id: str, what: str) -> str:
    return f"forge/{connection_id}/{what}"


def _dump(secret: Secret) -> str:
    return json.dumps({"app": isinstance(secret, AppSecret), **asdict(secret)})


def _load(text: str) -> Secret:
    found = json.loads(text)
    return AppSecret(**found) if found.pop("app") else TokenSecret(**found)
