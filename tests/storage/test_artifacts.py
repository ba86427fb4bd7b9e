"""The artifact store keeps whole files under safe keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.storage import ArtifactStore
from assay.storage.errors import ArtifactKeyInvalid, ArtifactMissing


async def test_put_get_list_and_delete(artifacts: ArtifactStore, tmp_path: Path) -> None:
    await artifacts.put("runs/1/trace.zip", b"one")
    await artifacts.put("runs/1/trace.zip", b"two")
    source = tmp_path / "video.webm"
    source.write_bytes(b"film")
    await artifacts.take("runs/1/steps/video.webm", source)
    assert not source.exists()
    assert await artifacts.get("runs/1/trace.zip") == b"two"
    assert await artifacts.keys("runs/1") == ["runs/1/steps/video.webm", "runs/1/trace.zip"]
    await artifacts.delete("runs/1/steps")
    assert await artifacts.keys("runs") == ["runs/1/trace.zip"]
    await artifacts.delete("runs")
    await artifacts.delete("runs")
    with pytest.raises(ArtifactMissing):
        await artifacts.get("runs/1/trace.zip")


@pytest.mark.parametrize(
    "key",
    [
        "",
        ".",
        "..",
        "../x",
        "a/../b",
        "/etc/passwd",
        "a//b",
        "a/",
        ".hidden",
        "a\\b",
        "a\x00b",
        "ä",
        "C:/x",
        "x" * 500,
    ],
)
def test_keys_that_lead_elsewhere_are_refused(artifacts: ArtifactStore, key: str) -> None:
    with pytest.raises(ArtifactKeyInvalid):
        artifacts.path(key)


def test_links_do_not_lead_out(artifacts: ArtifactStore, tmp_path: Path) -> None:
    artifacts.folder("runs")
    (tmp_path / "secret").mkdir()
    (artifacts.root / "runs" / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(ArtifactKeyInvalid):
        artifacts.path("runs/link/key")
