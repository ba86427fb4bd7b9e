"""One process that serves API, dashboard and work: what ``assay up`` runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket

import uvicorn
from fastapi import APIRouter, FastAPI

from assay.jobs import WorkerLock
from assay.kernel.errors import AppError, Kind
from assay.settings import Settings
from assay.web.app import create_app
from assay.web.context import Services
from assay.wiring.build import Assay, build
from assay.worker.loop import Worker

_SHUTDOWN = 8


# Libraries that write what passes through them, statements with their values or requests with
# their bodies, as soon as anybody asks for DEBUG.
_TALKATIVE = ("aiosqlite", "httpcore", "httpx", "openai", "anthropic", "python_multipart", "dbos")


def log_to_stderr(level: str) -> None:
    """Send the logs of this process to standard error from ``level`` on."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))


class PortTaken(AppError):
    """The port to listen on is in use."""

    kind = Kind.CONFLICT
    code = "port_taken"


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises PortTaken naming the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise PortTaken(
            f"Port {port} on {host} cannot be used ({error.strerror}): choose another one "
            "with --port."
        ) from error
    sock.listen(128)
    return sock


def application(assay: Assay, routers: tuple[APIRouter, ...] = ()) -> FastAPI:
    """The web application of a built Assay, which works for as long as it serves."""
    services = Services(
        settings=assay.settings,
        database=assay.database,
        box=assay.box,
        artifacts=assay.artifacts,
        jobs=assay.jobs,
        chats=assay.chats,
        runs=assay.runs,
    )
    worker = Worker(assay.jobs, closers=(assay.pool.close, assay.database.close))
    return create_app(services, work=worker.running, warm=assay.warm_up, routers=routers)


class Server(uvicorn.Server):
    """uvicorn without its own signal handling, which the command line does; ``up`` is set once it
    listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.up.set()

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


async def make_server(
    settings: Settings, sock: socket.socket, lock: WorkerLock, routers: tuple[APIRouter, ...] = ()
) -> tuple[Server, Assay]:
    """A server that is ready to ``serve(sockets=[sock])``."""
    assay = await build(settings, lock=lock)
    config = uvicorn.Config(
        application(assay, routers),
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=_SHUTDOWN,
        server_header=False,
    )
    return Server(config), assay
