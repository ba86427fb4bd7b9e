"""How close two short texts are in meaning: words, synonyms and, when asked, embeddings."""

from __future__ import annotations

from collections.abc import Sequence


class Meaning:
    """Similarity of words as users and pages use them. Loads its model on first need."""

    def warm(self) -> None:
        """Load the model now (about 0.4 s; call in a thread)."""
        raise NotImplementedError

    def similarity(self, a: str, b: str) -> float:
        """0 to 1; 1 for texts that are equal once normalised."""
        raise NotImplementedError

    def rank(self, query: str, candidates: Sequence[str]) -> list[tuple[int, float]]:
        """Indexes of the candidates with their similarity, best first."""
        raise NotImplementedError
