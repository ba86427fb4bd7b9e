"""How long work tells people what it is doing, and learns that it should end."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Passed down into long work; implementations are cheap to call and limit their own rate."""

    async def say(self, line: str) -> None:
        """Tell the people waiting one finished sentence; raises ``Stopped`` like ``check``."""

    async def check(self) -> None:
        """Raise ``Stopped`` when the work was cancelled or another worker has taken it over."""


class Stopped(Exception):
    """The work must end now and write nothing more. ``reason`` is cancelled, lease or shutdown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Silent:
    """A progress that tells nobody, for benches and tests."""

    async def say(self, line: str) -> None:
        return None

    async def check(self) -> None:
        return None
