"""The wheel carries everything that runs, and what runs from it is not the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.source import ROOT, tracked

HOMES = {"src/": "", "examples/shop/": ""}
ASSETS = {f"assay/web/static/vendor/{name}" for name in ("htmx.min.js", "sse.min.js")} | {
    f"assay/browser/page/vendor/{name}" for name in ("axe.min.js", "axe.LICENSE")
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    wanted = {
        path.removeprefix(home)
        for path in tracked()
        for home in HOMES
        if path.startswith((f"{home}assay/", f"{home}assay_shop/"))
    }
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    assert wanted | ASSETS <= held, sorted((wanted | ASSETS) - held)
    strangers = {
        name for name in held if not name.startswith(("assay/", "assay_shop/", "assay_qa-"))
    }
    assert not strangers


def test_the_shop_runs_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import assay_shop.__main__ as m;"
        " sys.stderr.write(m.__file__); sys.exit(m.main())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "site"), "--until-stdin-closes"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())["url"].startswith("http://127.0.0.1:")
        _, errors = process.communicate()
    assert errors == str(tmp_path / "site" / "assay_shop" / "__main__.py")
