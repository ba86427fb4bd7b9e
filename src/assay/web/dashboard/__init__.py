"""The dashboard: pages rendered on the server for people who are signed in."""

from assay.web.dashboard.pages import router

__all__ = ["router"]
