"""How values enter DBOS's columns: readable JSON, never pickles, never a raw secret."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dbos import Serializer

_TAG = "$assay"


@dataclass(frozen=True)
class Codec:
    """How values of one type are written: ``dump`` gives JSON, ``load`` takes it back."""

    tag: str
    type: type[Any]
    dump: Callable[[Any], Any]
    load: Callable[[Any], Any]


class JobError(Exception):
    """Stands for an exception that ended a job elsewhere; only its class name is stored."""


class JsonSerialiser(Serializer):
    """JSON with tagged extra types; exceptions are reduced to their class name.

    DBOS's default pickles to base64, which hides a secret from a search of the database, and its
    portable JSON cannot store a model's messages; those come in through ``codecs``. ``clean``
    replaces secrets in every text before it is written.
    """

    def __init__(
        self, codecs: Sequence[Codec] = (), clean: Callable[[str], str] | None = None
    ) -> None:
        self._codecs = tuple(codecs)
        self._by_tag = {codec.tag: codec for codec in codecs}
        self._clean = clean

    def name(self) -> str:
        return "assay_json"

    def serialize(self, data: Any) -> str:
        return json.dumps(self._pack(data), ensure_ascii=False, separators=(",", ":"))

    def deserialize(self, serialized_data: str) -> Any:
        return json.loads(serialized_data, object_hook=self._unpack)

    def _pack(self, value: Any) -> Any:
        for codec in self._codecs:
            if isinstance(value, codec.type):
                return {_TAG: codec.tag, "value": self._pack(codec.dump(value))}
        if isinstance(value, str):
            return self._clean(value) if self._clean else value
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, tuple):
            return {_TAG: "tuple", "value": [self._pack(item) for item in value]}
        if isinstance(value, list):
            return [self._pack(item) for item in value]
        if isinstance(value, dict):
            return {str(key): self._pack(item) for key, item in value.items()}
        if isinstance(value, BaseException):
            return {_TAG: "error", "value": type(value).__name__}
        raise TypeError(f"a job cannot store a value of type {type(value).__name__}")

    def _unpack(self, found: dict[str, Any]) -> Any:
        tag = found.get(_TAG)
        if tag is None:
            return found
        if tag == "tuple":
            return tuple(found["value"])
        if tag == "error":
            return JobError(found["value"])
        codec = self._by_tag.get(tag)
        if codec is None:
            raise TypeError(f"no codec for stored values tagged {tag}")
        return codec.load(found["value"])
