"""What the brain room needs of the settings. Light: importing it loads no model library."""

from __future__ import annotations

from typing import Protocol


class BrainSettings(Protocol):
    """The part of the settings that decides which model answers."""

    @property
    def model(self) -> str: ...
    @property
    def model_url(self) -> str: ...
    @property
    def model_key(self) -> str: ...
    @property
    def model_timeout(self) -> float: ...
