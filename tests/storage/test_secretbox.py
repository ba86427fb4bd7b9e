"""The secret box opens what it sealed, for the same place and key only."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from assay.storage import SecretBox
from assay.storage.errors import SecretKeyInvalid


def test_sealed_texts_open_in_their_context_only(box: SecretBox) -> None:
    sealed = box.seal("geheim-ß", context="config/1")
    assert "geheim" not in sealed
    assert sealed != box.seal("geheim-ß", context="config/1")
    assert box.open(sealed, context="config/1") == "geheim-ß"
    with pytest.raises(SecretKeyInvalid):
        box.open(sealed, context="config/2")
    with pytest.raises(SecretKeyInvalid):
        SecretBox(b"x" * 32).open(sealed, context="config/1")


@pytest.mark.parametrize("damaged", ["", "v1:", "v2:AAAA", "v1:!!!", "plain text"])
def test_damaged_texts_do_not_open(box: SecretBox, damaged: str) -> None:
    with pytest.raises(SecretKeyInvalid):
        box.open(damaged, context="c")


def test_the_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret.key"
    sealed = SecretBox.from_file(path).seal("x", context="c")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SecretBox.from_file(path).open(sealed, context="c") == "x"
    assert [file.name for file in path.parent.iterdir()] == ["secret.key"]


def test_a_damaged_key_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    path.write_text("not a key")
    with pytest.raises(SecretKeyInvalid, match=str(path)):
        SecretBox.from_file(path)


def test_a_configured_key_must_be_long() -> None:
    box = SecretBox.from_text("sixteen letters!")
    same = SecretBox.from_text("sixteen letters!")
    assert same.open(box.seal("x", context="c"), context="c") == "x"
    with pytest.raises(SecretKeyInvalid, match="16"):
        SecretBox.from_text("short")
