"""Short ids have one canonical form."""

from __future__ import annotations

import re

import pytest

from assay.kernel.ids import (
    ShortIdMalformed,
    canonical_short_id,
    matches_short_id,
    new_short_id,
    with_slug,
)


def test_new_short_ids_are_canonical_and_different() -> None:
    made = {new_short_id("chat") for _ in range(1000)}
    assert len(made) == 1000
    for short_id in made:
        assert re.fullmatch(r"chat_[0-9A-Za-z]{6,}", short_id)
        assert canonical_short_id("chat", short_id) == short_id
        assert canonical_short_id("chat", with_slug(short_id, "my-slug")) == short_id


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("proj-my_odd_slug_abc123", "proj_abc123"),
        ("proj-a_b", "proj_b"),
        ("proj_abc123", "proj_abc123"),
        ("proj_a_b", "proj_a_b"),
        ("proj-x_ü?", "proj_ü?"),
        ("proj-a_b_", "proj-a_b_"),
    ],
)
def test_canonical_forms(text: str, canonical: str) -> None:
    assert canonical_short_id("proj", text) == canonical


@pytest.mark.parametrize(
    "text", ["", "proj", "proj_", "proj-slug", "proj-_x", "app_abc123", "PROJ_a"]
)
def test_other_shapes_are_malformed(text: str) -> None:
    assert not matches_short_id("proj", text)
    with pytest.raises(ShortIdMalformed, match="proj_"):
        canonical_short_id("proj", text)
