"""``assay init``, ``up`` and the commands beside them, on a real server and a real data folder."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.running import Done, assay, assay_alone, start
from tests.journeys.process import alive, descendants


class Home:
    """A home folder with a server that runs on its default data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / ".local" / "share" / "assay"
        self.told = ""
        self.process: subprocess.Popen[str] | None = None

    def begin(self, *flags: str, seconds: float = 120) -> None:
        """Start the server; it serves when this returns."""
        self.process = start("up", "--port", "0", "--no-demo", *flags, home=self.folder)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, self.process.communicate()
            if (self.data / "cli.json").exists():
                try:
                    if httpx.get(f"{self.kept()['url']}/healthz").json() == {"status": "ok"}:
                        return
                except httpx.TransportError:
                    pass
            time.sleep(0.1)
        raise AssertionError("the server did not start")

    def end(self, number: int = signal.SIGTERM) -> float:
        """Stop the server; gives the seconds that this took."""
        assert self.process is not None
        begun = time.monotonic()
        self.process.send_signal(number)
        _, self.told = self.process.communicate(timeout=30)
        return time.monotonic() - begun

    def kept(self) -> dict[str, str]:
        """What the client file keeps."""
        found: dict[str, str] = json.loads((self.data / "cli.json").read_text())
        return found

    def run(self, *args: str, **more: str) -> Done:
        """A client command at this home."""
        return assay(*args, home=self.folder, **more)

    def shown(self, *args: str) -> Any:
        """What a command prints as JSON."""
        done = self.run(*args, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    found = Home(tmp_path_factory.mktemp("home"))
    found.begin()
    yield found
    if found.process is not None and found.process.poll() is None:
        found.end()


def test_init_alone(tmp_path: Path) -> None:
    done = assay_alone("init", "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert set(made) == {"organisation", "projectShortId", "apiKey"}
    client_file = tmp_path / ".local" / "share" / "assay" / "cli.json"
    assert str(client_file) in done.stderr
    assert stat.S_IMODE(client_file.stat().st_mode) == 0o600
    assert json.loads(client_file.read_text())["apiKey"] == made.pop("apiKey")
    again = assay("init", "--json", home=tmp_path)
    assert (again.returncode, json.loads(again.stdout)) == (0, made)


def test_init_beside_the_server_changes_nothing(home: Home) -> None:
    before = home.kept()
    assert set(home.shown("init")) == {"organisation", "projectShortId"}
    assert home.kept() == before


def test_set_up_by_commands(home: Home) -> None:
    project = home.shown("projects", "list")["projects"][0]
    assert set(project) == {"shortId", "name", "slug"}
    other = home.shown("projects", "create", "Second")
    key = home.shown("keys", "create", "--project", other["shortId"])["apiKey"]
    seen = home.run("projects", "list", "--json", ASSAY_API_KEY=key)
    assert json.loads(seen.stdout)["projects"] == [other]
    made = home.shown("apps", "create", "Shop", "http://127.0.0.1:9")
    assert home.shown("apps", "list")["applications"][0]["shortId"] == made["shortId"]
    place = home.shown("envs", "create", made["shortId"], "Preview", "http://127.0.0.1:10")
    found = home.shown("envs", "list", made["shortId"])["environments"]
    assert [one["shortId"] for one in found] == [
        made["defaultEnvironment"]["shortId"],
        place["shortId"],
    ]
    assert [one["isDefault"] for one in found] == [True, False]
    assert home.run("apps", "list").stdout.startswith(made["shortId"])
    assert home.run("envs", "list", "app_000000").returncode == 64
    assert home.run("keys", "create", "--project", "proj_000000").returncode == 64
    assert home.run("apps", "list", ASSAY_API_KEY="assay_unknown").returncode == 77
    whole = home.run("keys", "create", "--organisation").stdout.strip()
    assert home.run("apps", "list", ASSAY_API_KEY=whole).returncode == 64


def test_a_key_can_be_revoked(home: Home) -> None:
    key = home.shown("keys", "create", "--name", "For CI")["apiKey"]
    hint = key[:10] + "…"
    (made,) = [one for one in home.shown("keys", "list")["keys"] if one["hint"] == hint]
    assert (made["name"], made["lastUsedAt"]) == ("For CI", "never used")
    assert home.run("apps", "list", ASSAY_API_KEY=key).returncode == 0
    (made,) = [one for one in home.shown("keys", "list")["keys"] if one["hint"] == hint]
    assert made["lastUsedAt"].endswith("Z")
    assert key not in home.run("keys", "list").stdout
    assert home.run("keys", "revoke", "assay_nonesuch").returncode == 64
    assert home.run("keys", "revoke", hint).stdout == f"{hint} (For CI) is revoked.\n"
    assert home.run("apps", "list", ASSAY_API_KEY=key).returncode == 77
    assert hint not in home.run("keys", "list").stdout
    assert home.run("keys", "revoke", key).returncode == 64


def test_talking_to_the_server(home: Home) -> None:
    done = home.run("chat", "help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    again = home.shown("chat", "help", "--conversation", done.stderr.split("/")[-1].strip())
    assert len(again["messages"]) == 4
    assert home.run("chat", "help", "--conversation", "chat_000000").returncode == 64


def test_a_link_signs_in_once(home: Home) -> None:
    link = home.run("sign-in").stdout.strip()
    assert link.startswith(home.kept()["url"] + "/sign-in?token=")
    with httpx.Client() as person:
        assert person.get(home.kept()["url"]).status_code == 303
        assert person.get(link).status_code == 303
        assert person.get(home.kept()["url"]).status_code == 200
    assert httpx.get(link).status_code == 401


def test_taken_ports_and_folders(home: Home, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = assay_alone("up", "--port", port, home=tmp_path)
    assert done.returncode == 69
    assert port in done.stderr
    assert done.stderr.count("\n") == 1
    done = assay_alone("up", "--port", "0", home=home.folder)
    assert done.returncode == 69
    assert str(home.data) in done.stderr
    assert done.stderr.count("\n") == 1


def test_another_host_is_warned_about_and_interrupting_ends_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.begin("--host", "0.0.0.0")
    assert home.process is not None
    # Once the browser is warm there is something to leave behind.
    end = time.monotonic() + 60
    while not _browsers(home.process.pid) and time.monotonic() < end:
        time.sleep(0.2)
    left = descendants(home.process.pid)
    assert home.end(signal.SIGINT) < 10
    assert home.process.returncode == 0
    assert not alive(left)
    assert "ASSAY_PUBLIC_URL" in home.told
    assert "Traceback" not in home.told
    assert home.kept()["apiKey"] not in home.told


def _browsers(pid: int) -> list[str]:
    found = alive(descendants(pid))
    return [line for line in found if "--type=renderer" in line or "--headless" in line]


def test_help_and_client_commands_start_fast(tmp_path: Path) -> None:
    # Processor time is what a busy machine does not stretch.
    more = {"PYTHONPYCACHEPREFIX": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": ""}
    for args in (("--help",), ("apps", "list")):
        address = {"ASSAY_URL": "http://127.0.0.1:9", "ASSAY_API_KEY": "assay_x"}
        assay_alone(*args, home=tmp_path, **more, **address)
        before = os.times()
        assay_alone(*args, home=tmp_path, **more, **address)
        after = os.times()
        used = after.children_user - before.children_user
        used += after.children_system - before.children_system
        assert used < 1.0, f"assay {' '.join(args)} took {used:.2f} s of processor time"
