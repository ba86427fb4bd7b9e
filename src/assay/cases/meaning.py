"""How close two short texts are in meaning: words, synonyms and, when those fail, embeddings."""

from __future__ import annotations

from collections.abc import Sequence

from assay.cases.embedding import Embedder
from assay.cases.words import lexical

# On interface texts a cosine of 0.30 is chance and 0.80 is a paraphrase; words always outrank it,
# because "create a new account" is at 0.62 to "Delete account".
_CHANCE, _SURE, _CEILING = 0.30, 0.85, 0.72


class Meaning:
    """Similarity of words as users and pages use them. Loads its model on first need."""

    def __init__(self, embedder: Embedder | None = None, *, embeddings: bool = True) -> None:
        self._embedder = (embedder or Embedder()) if embeddings else None

    def warm(self) -> None:
        """Load the model now (about 0.4 s; call in a thread)."""
        if self._embedder is not None:
            self._embedder.warm()

    def lexical(self, query: str, text: str) -> float:
        """Similarity by words and synonyms alone: microseconds, no model."""
        return lexical(query, text)

    def similarity(self, a: str, b: str) -> float:
        """0 to 1; 1 for texts that are equal once normalised."""
        by_words = max(lexical(a, b), lexical(b, a))
        if by_words >= 0.85 or not a.strip() or not b.strip():
            return by_words
        return max(by_words, self.embedded(a, [b])[0])

    def embedded(self, query: str, candidates: Sequence[str]) -> list[float]:
        """Similarity by embeddings alone, scaled so that 0 is chance and 0.72 a paraphrase."""
        if self._embedder is None or not candidates:
            return [0.0] * len(candidates)
        vectors = self._embedder.vectors([query, *candidates])
        cosines = vectors[1:] @ vectors[0]
        scale = _CEILING / (_SURE - _CHANCE)
        return [min(_CEILING, max(0.0, (float(one) - _CHANCE) * scale)) for one in cosines]

    def rank(self, query: str, candidates: Sequence[str]) -> list[tuple[int, float]]:
        """Indexes of the candidates with their similarity, best first."""
        if not candidates:
            return []
        words = [lexical(query, text) for text in candidates]
        if max(words) >= 0.9:
            scores = words
        else:
            scores = [
                max(w, e) for w, e in zip(words, self.embedded(query, candidates), strict=True)
            ]
        return sorted(enumerate(scores), key=lambda pair: -pair[1])
