"""What a connection authenticates with. Never shown: not in ``repr``, logs or errors."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TokenSecret:
    """A token. ``bearer`` only matters on GitLab, whose own tokens go in ``PRIVATE-TOKEN``."""

    token: str = field(repr=False)
    bearer: bool = False


@dataclass(frozen=True, slots=True)
class AppSecret:
    """A GitHub App. Without ``installation_id`` it is looked up by repository."""

    app_id: str
    private_key: str = field(repr=False)
    installation_id: str = ""


Secret = TokenSecret | AppSecret
