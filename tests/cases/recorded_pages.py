"""Observations recorded from real sites, kept as JSON without default values."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from assay.browser.model import Box, Collection, Node, Observation, Option, Table

_FOLDER = Path(__file__).parent / "recorded"


@cache
def page(name: str) -> Observation:
    """The recorded page of this name."""
    data = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return Observation(
        id=1,
        url=data["url"],
        title=data["title"],
        nodes=tuple(_node(one) for one in data["nodes"]),
        text=data["text"],
        tables=tuple(
            Table(
                one["ref"],
                one["caption"],
                tuple(one["columns"]),
                tuple(tuple(row) for row in one["rows"]),
                tuple(one["row_refs"]),
            )
            for one in data["tables"]
        ),
        collections=tuple(
            Collection(
                one["ref"],
                one["kind"],
                one["label"],
                tuple(one["item_refs"]),
                tuple(one["item_texts"]),
            )
            for one in data["collections"]
        ),
    )


def _node(data: dict[str, Any]) -> Node:
    made = dict(data)
    made["box"] = Box(*made.get("box", (0, 0, 0, 0)))
    made["classes"] = tuple(made.get("classes", ()))
    made["states"] = frozenset(made.get("states", ()))
    made["options"] = tuple(Option(*one) for one in made.get("options", ()))
    return Node(**made)
