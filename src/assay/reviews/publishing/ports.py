"""What publishing needs of the room beside it: the composition root fills it with conversations."""

from __future__ import annotations

from typing import Protocol

from assay.reviews.publishing.model import Progress, ReviewOrder, Started
from assay.storage import ReadSession, WriteSession


class Reviewing(Protocol):
    """Starts, ends and watches change reviews, in the caller's transaction."""

    async def start(self, session: WriteSession, order: ReviewOrder) -> Started:
        """Start a review; it exists if and only if the transaction commits."""
        ...

    async def cancel(self, session: WriteSession, conversation_id: str) -> None:
        """End a review that is at work; one that has ended, or is gone, stays so."""
        ...

    async def progress(self, session: ReadSession, conversation_id: str) -> Progress:
        """Whether a review has ended, and what it came to."""
        ...

    async def preview_of(self, session: ReadSession, conversation_id: str) -> str:
        """Where a review tests; empty when its conversation is gone."""
        ...

    async def mask(self, session: ReadSession, project_id: str, text: str) -> str:
        """The text without the secrets that the project's configs hold."""
        ...
