"""Refuses to build a wheel without the front-end assets, which are fetched and not in git."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NEEDED = (
    "web/static/vendor/htmx.min.js",
    "web/static/vendor/sse.min.js",
    "browser/page/vendor/axe.min.js",
)


class AssetsAreThere(BuildHookInterface[Any]):
    """Hatch calls this before each build; an editable install finds its assets later."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Checks a real build; `version` is "editable" for the other kind."""
        package = Path(self.root) / "src" / "assay"
        missing = [name for name in NEEDED if not (package / name).is_file()]
        if version != "editable" and self.target_name == "wheel" and missing:
            raise RuntimeError(f"run scripts/assets.py first; missing: {', '.join(missing)}")
