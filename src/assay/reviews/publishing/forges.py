"""Open forges, one per connection and repository, so that fetched tokens and connections last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from assay.forge import Forge, Provider, Secret, forge_of
from assay.reviews.publishing.model import Connection

_MOST = 64

Opener = Callable[[Provider, str, Secret | None, str], Forge]


class Forges:
    """Keeps forges open. Removing a connection forgets it at the latest when others need room."""

    def __init__(self, opener: Opener = forge_of) -> None:
        self._opener = opener
        self._open: OrderedDict[tuple[str, str], Forge] = OrderedDict()

    async def of(self, connection: Connection, secret: Secret, repository: str) -> Forge:
        """The forge of a connection, for one repository."""
        key = (connection.id, repository)
        found = self._open.get(key)
        if found is None:
            found = self._opener(connection.provider, connection.base_url, secret, repository)
            self._open[key] = found
        self._open.move_to_end(key)
        if len(self._open) > _MOST:
            _, oldest = self._open.popitem(last=False)
            await oldest.close()
        return found

    def public(self, provider: Provider, base_url: str) -> Forge:
        """A forge as nobody sees it; the caller closes it."""
        return self._opener(provider, base_url, None, "")

    async def close(self) -> None:
        """Close them all."""
        while self._open:
            _, one = self._open.popitem()
            await one.close()
