"""One process that serves API, dashboard and work: what ``assay up`` runs."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import uvicorn
from fastapi import APIRouter, FastAPI

from assay.chats.events import Feed
from assay.cli.errors import PortTaken
from assay.cli.show import say
from assay.jobs import WorkerLock
from assay.settings import Settings
from assay.web.app import create_app
from assay.web.context import Services
from assay.wiring.build import Assay, build
from assay.wiring.logs import Masks, log_to_stderr
from assay.worker.loop import Worker, run_alone

# What is under way gets this long before its connection is cut, such as a page's live updates;
# the work behind it has its own time to end.
_SHUTDOWN = 2
_BACKLOG = 512


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises PortTaken naming the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(_BACKLOG)
    except OSError as error:
        sock.close()
        raise PortTaken(
            f"Port {port} on {host} cannot be used ({error.strerror}): choose another one "
            "with --port."
        ) from error
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
        connections=assay.connections,
        triggers=assay.triggers,
    )
    return create_app(services, work=worker_of(assay).running, warm=assay.warm_up, routers=routers)


def worker_of(assay: Assay) -> Worker:
    """The worker of a built Assay; it closes browser and database when it stops."""
    return Worker(assay.jobs, closers=(assay.pool.close, assay.forges.close, assay.database.close))


async def work_alone(settings: Settings) -> None:
    """Work without serving, until SIGTERM or Ctrl-C."""
    masks = Masks(settings)
    log_to_stderr(settings, masks)
    assay = await build(settings, masks=masks)
    await run_alone(worker_of(assay), ready=lambda: say(f"Working on {settings.data}."))


class Server(uvicorn.Server):
    """uvicorn without its own signal handling, which the command line does; ``up`` is set once it
    listens. Pages that follow a conversation are let go first: it would wait for them."""

    def __init__(self, config: uvicorn.Config, feed: Feed) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self._feed = feed

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._feed.close()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


async def make_server(
    settings: Settings,
    sock: socket.socket,
    lock: WorkerLock,
    routers: tuple[APIRouter, ...] = (),
    *,
    masks: Masks | None = None,
) -> tuple[Server, Assay]:
    """A server that is ready to ``serve(sockets=[sock])``."""
    assay = await build(settings, lock=lock, masks=masks)
    config = uvicorn.Config(
        application(assay, routers),
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=_SHUTDOWN,
        server_header=False,
    )
    return Server(config, assay.chats.feed), assay
