"""Puts the shop together from a data directory and the faults to plant."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from assay_shop import account, admin, checkout, front
from assay_shop.faults import Fault
from assay_shop.sessions import SignedSessions
from assay_shop.shop import Shop, money, render
from assay_shop.store import Store

HERE = Path(__file__).parent


async def _health(request: Request) -> Response:
    return PlainTextResponse("ok")


async def _not_found(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return render(request, "not_found.html", status=status)


def secret_of(data_dir: Path) -> bytes:
    """The key that signs sessions; made once, so that a restart signs nobody out."""
    path = data_dir / "session.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().encode()


def create_app(
    data_dir: Path, faults: frozenset[Fault] = frozenset(), *, cookie_banner: bool = False
) -> Starlette:
    """The shop as an ASGI application that keeps its data under `data_dir`."""
    data_dir.mkdir(parents=True, exist_ok=True)
    store = Store(data_dir / "shop.db")
    templates = Jinja2Templates(directory=HERE / "templates")
    templates.env.filters["money"] = money

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        store.close()

    app = Starlette(
        routes=[
            Route("/healthz", _health),
            *front.routes,
            *checkout.routes,
            *account.routes,
            *admin.routes,
            Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
        ],
        middleware=[Middleware(SignedSessions, secret=secret_of(data_dir))],
        exception_handlers={404: _not_found, 405: _not_found},
        lifespan=lifespan,
    )
    app.state.shop = Shop(store, faults, templates, cookie_banner)
    return app
