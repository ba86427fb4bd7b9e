"""``assay forges``: connecting, listing and removing, at a real server."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from tests.cli.running import Done, assay
from tests.forge.site import served
from tests.forge.test_github import PRIVATE
from tests.web.conftest import Site, filled, site

__all__ = ["filled", "site"]
TOKEN = "glpat-nobody-may-see-this"


async def test_a_forge_is_connected_listed_and_removed(site: Site, tmp_path: Path) -> None:
    application = site.applications["own"].short_id
    key = tmp_path / "app.pem"
    key.write_text(PRIVATE)
    async with served(site.app) as url:

        async def run(*args: str, stdin: str = "") -> Done:
            return await asyncio.to_thread(
                lambda: assay(
                    "forges",
                    *args,
                    home=tmp_path,
                    stdin=stdin,
                    ASSAY_URL=url,
                    ASSAY_API_KEY=site.keys["own"],
                )
            )

        add = ("add", "--app", application, "--repository", "acme/shop")
        lab = await run(
            *add, "gitlab", "--url", "https://git.test", "--token-file", "-", stdin=f"{TOKEN}\n"
        )
        assert lab.returncode == 0, lab.stderr
        assert "Webhook secret, shown this once: " in lab.stdout
        assert "merge request events" in lab.stderr
        hub = await run(
            *add,
            "github",
            "--github-app",
            "77",
            "--private-key",
            str(key),
            "--on-request",
            "--json",
        )
        made = json.loads(hub.stdout)
        assert (made["automatic"], made["nativeReviews"]) == (False, True)
        listed = await run("list")
        assert [line.split("  ")[2:] for line in listed.stdout.splitlines()] == [
            ["https://git.test", "acme/shop"],
            ["https://github.com", "acme/shop"],
        ]
        assert TOKEN not in lab.stdout + lab.stderr + listed.stdout
        assert (await run("remove", made["shortId"])).returncode == 0
        left = json.loads((await run("list", "--json")).stdout)["forgeConnections"]
        assert [one["provider"] for one in left] == ["gitlab"]
        wrong = await run("remove", made["shortId"])
        assert (wrong.returncode, made["shortId"] in wrong.stderr) == (64, True)
        keyless = await run(*add, "github", "--github-app", "77")
        assert (keyless.returncode, "--private-key" in keyless.stderr) == (64, True)
