"""Where Playwright keeps the trace viewer that it brings along: static files that can be served."""

from __future__ import annotations

from pathlib import Path

import playwright

FILES = Path(playwright.__file__).parent / "driver/package/lib/vite/traceViewer"
