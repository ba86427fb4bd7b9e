"""Files: the dashboard's own, evidence of runs, and Playwright's trace viewer."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import FileResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from assay.browser import trace_viewer
from assay.kernel.errors import AppError, Kind
from assay.projects.scope import visible_projects
from assay.runs import service as runs
from assay.web.context import Served
from assay.web.dashboard.errors import PageNotFound
from assay.web.dashboard.rendering import STATIC
from assay.web.dashboard.routing import page_router
from assay.web.session import SignedIn

router = page_router()
VIEWER = "/trace-viewer"
# What may be shown in a browser; anything else is only ever saved.
_SHOWN = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
# The viewer styles itself in place, unpacks traces in a worker and shows them in frames. Snapshots
# of tested pages carry a policy of their own that lets none of their scripts run.
_VIEWER_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' data: blob:; frame-src 'self' blob:; manifest-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
_static = StaticFiles(directory=STATIC, check_dir=False)
_viewer = StaticFiles(directory=trace_viewer.FILES, check_dir=False)


@router.get("/static/{path:path}")
async def static(request: Request, path: str) -> Response:
    """Styles, scripts and pictures of the dashboard itself; open to everybody."""
    response = await _from(_static, request, path)
    kept = "public, max-age=31536000, immutable" if "v" in request.query_params else "no-cache"
    response.headers["Cache-Control"] = kept
    return response


@router.get("/artifacts/{key:path}")
async def artifact(key: str, served: Served, principal: SignedIn) -> Response:
    """A file of evidence, if its run is of a project that this person may see."""
    parts = key.split("/")
    if len(parts) < 3 or parts[0] != "runs":
        raise _absent()
    try:
        async with served.database.read() as session:
            projects = await visible_projects(session, principal)
            run = await runs.get(session, parts[1], [project.id for project in projects])
        if run.short_id != parts[1]:
            raise _absent()
        path = served.artifacts.existing(key)
    except AppError as error:
        if error.kind in {Kind.NOT_FOUND, Kind.INVALID}:
            raise _absent() from error
        raise
    shown = _SHOWN.get(path.suffix.lower())
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "Cache-Control": "private, max-age=3600",
    }
    return FileResponse(
        path,
        media_type=shown or "application/octet-stream",
        filename=f"{parts[1]}-{path.name}" if shown is None else path.name,
        content_disposition_type="inline" if shown else "attachment",
        headers=headers,
    )


@router.get(VIEWER + "/{path:path}")
async def viewer(request: Request, path: str, principal: SignedIn) -> Response:
    """The trace viewer that comes with Playwright."""
    response = await _from(_viewer, request, path)
    response.headers["Content-Security-Policy"] = _VIEWER_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


async def _from(files: StaticFiles, request: Request, path: str) -> Response:
    try:
        return await files.get_response(path, request.scope)
    except HTTPException as error:
        raise _absent() from error


def _absent() -> PageNotFound:
    return PageNotFound("There is no such file, or you may not see it.")
