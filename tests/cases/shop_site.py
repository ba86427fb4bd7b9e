"""The sample shop as a process of its own, and targets that open it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from assay.projects.model import ConfigKind, Credential, Target

_EXAMPLES = Path(__file__).parents[2] / "examples" / "shop"


@dataclass(frozen=True)
class Shop:
    """A running shop and its demo customer."""

    url: str
    email: str
    password: str

    def target(self, *, credentials: bool = True) -> Target:
        account = Credential(
            "c", "cfg_x", "customer", ConfigKind.USERNAME_PASSWORD, self.email, self.password
        )
        return Target(
            project_id="p",
            application_id="a",
            application_short_id="app_x",
            application_name="Shop",
            environment_id="e",
            environment_name="local",
            url=self.url + "/",
            allowed_hosts=frozenset({urlsplit(self.url).netloc}),
            credentials=(account,) if credentials else (),
        )


@contextmanager
def running_shop(*faults: str) -> Iterator[Shop]:
    """Starts a shop with fresh data; it ends when its standard input closes."""
    command = [sys.executable, "-m", "assay_shop", "--until-stdin-closes"]
    for fault in faults:
        command += ["--fault", fault]
    with subprocess.Popen(
        command, cwd=_EXAMPLES, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        about = json.loads(process.stdout.readline())
        user = about["users"]["customer"]
        try:
            yield Shop(about["url"], user["email"], user["password"])
        finally:
            process.stdin.close()
            process.wait(timeout=60)
