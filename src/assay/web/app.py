"""The web application: gate, routes, errors and the life of the process's work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from assay.kernel.tasks import spawn, stop
from assay.web import errors
from assay.web.api import certificates, chat, exporting, forges, heals, runs, setup, tests
from assay.web.context import Services
from assay.web.gate import ApiGate
from assay.web.hooks import receiving

TITLE = "Assay"
VERSION = "0.1.0"
_ROUTERS = (
    chat.router,
    setup.router,
    forges.router,
    exporting.router,  # before tests: what is told from an id by its place comes first
    tests.router,
    runs.router,
    certificates.router,
    heals.router,
    receiving.router,
)


class Health:
    """Whether requests and work are really being served."""

    def __init__(self) -> None:
        self.serving = False


def create_app(
    services: Services | None,
    *,
    work: Callable[[], AbstractAsyncContextManager[None]] | None = None,
    warm: Callable[[], Awaitable[None]] | None = None,
    routers: Sequence[APIRouter] = (),
) -> FastAPI:
    """The application. ``work`` is entered in the lifespan, so that jobs run on the server's loop;
    ``warm`` runs behind the first answers. Without services it only tells its OpenAPI."""
    health = Health()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if work is None:
            health.serving = True
            yield
            return
        async with work():
            health.serving = True
            warming = spawn(_run(warm), name="warm-up") if warm else None
            yield
            health.serving = False
            if warming is not None:
                await stop(warming)

    app = FastAPI(
        title=TITLE,
        version=VERSION,
        description="A self-hosted QA engineer that you chat with.",
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.services = services
    errors.install(app)
    for router in (*_ROUTERS, *routers):
        app.include_router(router)

    @app.get("/healthz", tags=["Health"], operation_id="Health", responses={503: {}})
    async def healthz() -> JSONResponse:
        """200 once requests and work are really being served."""
        if health.serving:
            return JSONResponse({"status": "ok"})
        return JSONResponse({"status": "starting"}, 503)

    if services is not None:
        app.add_middleware(
            ApiGate,
            database=services.database,
            max_body=services.settings.max_body,
            requests_per_minute=services.settings.requests_per_minute,
        )
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


async def _run(warm: Callable[[], Awaitable[None]]) -> None:
    # Lets the server answer its first requests before the heavy libraries load.
    await asyncio.sleep(0)
    await warm()


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The generated description without the framework's own 422, which is never answered."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
        )
        for path, operations in document["paths"].items():
            for operation in operations.values():
                operation.get("responses", {}).pop("422", None)
                if path.startswith("/v1/"):
                    operation["security"] = [{"BearerAuth": []}]
        components = document.setdefault("components", {})
        components["securitySchemes"] = {"BearerAuth": {"type": "http", "scheme": "bearer"}}
        for name in ("HTTPValidationError", "ValidationError"):
            components.get("schemas", {}).pop(name, None)
        app.openapi_schema = document
    return app.openapi_schema
