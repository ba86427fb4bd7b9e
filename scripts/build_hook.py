"""Refuses to build a wheel without the front-end assets, which are fetched and not in git."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NEEDED = ("htmx.min.js", "sse.min.js")


class AssetsAreThere(BuildHookInterface[Any]):
    """Hatch calls this before each build; an editable install finds its assets later."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Checks a real build; `version` is "editable" for the other kind."""
        vendor = Path(self.root) / "src" / "assay" / "web" / "static" / "vendor"
        missing = [name for name in NEEDED if not (vendor / name).is_file()]
        if version != "editable" and self.target_name == "wheel" and missing:
            raise RuntimeError(f"run scripts/assets.py first; missing: {', '.join(missing)}")
