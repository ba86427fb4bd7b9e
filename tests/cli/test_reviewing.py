"""``assay review --base``, and what the CI files do with it, against a scripted server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from assay.reviews.reading import read_change
from tests.cli.running import assay
from tests.cli.scripted import URL, Json, api, conversation, finishing
from tests.house.source import ROOT
from tests.reviews.repository import Repository

KEY = "assay_" + "k" * 40
APP = "app_AbCdEf"
PREVIEW = "http://preview.test"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "work")
    made.write("shop/cart.py", "a = 1\nb = 2\n")
    made.write("naïve file.txt", "x\n")
    made.commit("start")
    made.git("checkout", "-q", "-b", "feature")
    made.write("shop/cart.py", "a = 1\nb = 3\n")
    made.commit("Count the cart anew")
    # What main gains meanwhile is no part of the change.
    made.git("checkout", "-q", "main")
    made.write("other.py", "c = 1\n")
    made.commit("elsewhere")
    made.git("checkout", "-q", "feature")
    made.write("naïve file.txt", "y\n")
    return made


def test_the_working_tree_against_where_it_left_the_base(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.folder)
    # Settings of the user's that would spoil the diff.
    repository.git("config", "color.ui", "always")
    repository.git("config", "diff.mnemonicPrefix", "true")
    repository.git("config", "diff.external", "false")
    final = conversation("COMPLETED", review={"verdict": "changesRequested"})
    with api(finishing(final)) as server:
        done = assay(
            *("review", "--base", "main", "--url", PREVIEW, "--app", APP),
            home=tmp_path,
            ASSAY_URL=server.url,
            ASSAY_API_KEY=KEY,
        )
        assert done.returncode == 1, done.stderr
        changes = server.seen[0][2]["changes"]
    assert changes["changeDescription"] == "Count the cart anew"
    files = {file.path: (file.added, file.removed) for file in read_change(changes["diff"]).files}
    assert files == {"shop/cart.py": (1, 1), "naïve file.txt": (1, 1)}


def test_a_base_that_is_not_there_and_no_change(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.folder)
    more = {"ASSAY_URL": "http://127.0.0.1:9", "ASSAY_API_KEY": KEY}
    for base, word in (("nowhere", "merge-base"), ("--output=x", "name"), ("feature", "no change")):
        if base == "feature":
            repository.git("checkout", "-q", "--", ".")
        args = ("review", f"--base={base}", "--url", PREVIEW, "--app", APP)
        done = assay(*args, home=tmp_path, **more)
        assert done.returncode == 64
        assert word in done.stderr


def test_no_wait_gives_the_address(tmp_path: Path) -> None:
    with api(finishing(conversation("COMPLETED"))) as server:
        done = assay(
            *("review", "--diff", "-", "--url", PREVIEW, "--app", APP, "--no-wait"),
            home=tmp_path,
            stdin="--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
            ASSAY_URL=server.url,
            ASSAY_API_KEY=KEY,
        )
        assert (done.returncode, done.stdout) == (0, f"{URL}\n")


def environment(tmp_path: Path, server_url: str, **more: str) -> dict[str, str]:
    """What a runner gives a step, with this Python where the packages would be installed."""
    python = tmp_path / "assay" / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    if not python.exists():
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "ASSAY_URL": server_url,
        "ASSAY_API_KEY": KEY,
        **more,
    }


@pytest.mark.parametrize(
    ("verdict", "code"), [("approved", 0), ("changesRequested", 1), ("couldNotVerify", 2)]
)
def test_the_github_action(tmp_path: Path, repository: Repository, verdict: str, code: int) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    step = next(one for one in action["runs"]["steps"] if one.get("id") == "review")
    # Nothing that a pull request's author writes becomes a part of a script.
    assert all("${{" not in one["run"] for one in action["runs"]["steps"])
    given = {
        "INPUT_PREVIEW": PREVIEW,
        "INPUT_APPLICATION": APP,
        "INPUT_BASE": "main",
        "INPUT_DESCRIPTION": 'Pay"; echo hacked; "',
        "INPUT_CONTEXT": "",
        "INPUT_WAIT": "true",
        "PR_URL": "https://github.com/acme/shop/pull/7",
    }
    assert given.keys() <= step["env"].keys()
    with api(finishing(conversation("COMPLETED", review={"verdict": verdict}))) as server:
        done = subprocess.run(
            ["bash", "-c", step["run"]],
            cwd=repository.folder,
            env=environment(tmp_path, server.url, **given),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        body: Json = server.seen[0][2]
    assert body["changes"]["changeDescription"] == given["INPUT_DESCRIPTION"]
    assert "hacked" not in done.stdout
    assert (tmp_path / "output").read_text() == f"verdict={verdict}\nurl={URL}\n"
    assert "the answer" in (tmp_path / "summary").read_text()
    assert KEY not in done.stdout + done.stderr


def test_the_action_without_a_base_lets_the_server_fetch(
    tmp_path: Path, repository: Repository
) -> None:
    given = dict.fromkeys(("INPUT_APPLICATION", "INPUT_DESCRIPTION", "INPUT_CONTEXT"), "")
    given |= {
        "INPUT_PREVIEW": PREVIEW,
        "INPUT_APPLICATION": APP,
        "INPUT_BASE": "origin/",
        "INPUT_WAIT": "true",
        "PR_URL": "https://github.com/acme/shop/pull/7",
    }
    with api(finishing(conversation("COMPLETED", review={"verdict": "approved"}))) as server:
        done = subprocess.run(
            ["bash", str(ROOT / "ci/github.sh")],
            cwd=repository.folder,
            env=environment(tmp_path, server.url, **given),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert server.seen[0][2]["prUrl"] == given["PR_URL"]


def test_the_gitlab_job(tmp_path: Path, repository: Repository) -> None:
    job = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text())["assay review"]
    line = job["script"][-1].replace("/tmp/assay/src", str(ROOT / "src"))
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "python").symlink_to(environment(tmp_path, "")["RUNNER_TEMP"] + "/assay/bin/python")
    repository.git("fetch", "-q", ".", "main")
    given = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "ASSAY_PREVIEW_URL": PREVIEW,
        "ASSAY_APPLICATION": APP,
        "CI_MERGE_REQUEST_TITLE": "A title with $(spaces) and `more`",
    }
    with api(finishing(conversation("COMPLETED", review={"verdict": "approved"}))) as server:
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=repository.folder,
            env=environment(tmp_path, server.url, **given),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert server.seen[0][2]["changes"]["changeDescription"] == given["CI_MERGE_REQUEST_TITLE"]
    assert job["allow_failure"] == {"exit_codes": [2]}
