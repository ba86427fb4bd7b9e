"""All routes of the dashboard."""

from __future__ import annotations

from assay.web.dashboard import (
    applications,
    cases,
    conversation,
    files,
    home,
    runs,
    signing_in,
    stability,
)
from assay.web.dashboard.routing import page_router

router = page_router()
for part in (signing_in, home, conversation, cases, stability, runs, applications, files):
    router.include_router(part.router)
