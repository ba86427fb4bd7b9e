"""``assay up``: one process that serves API, dashboard and work, with a demo on first start."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from dataclasses import dataclass, replace

from assay.cli import exits, local
from assay.cli.client import Client, kept
from assay.cli.demo import Shop, demonstrate
from assay.cli.serving import Server, listen, make_server
from assay.cli.show import say
from assay.jobs import WorkerLock
from assay.kernel.errors import AppError
from assay.kernel.tasks import spawn, stop
from assay.settings import Settings
from assay.storage import Database
from assay.web.dashboard import router as dashboard
from assay.wiring.build import worker_lock
from assay.wiring.logs import Masks, log_to_stderr

_END_WITHIN = 9.5


def run(settings: Settings, *, demo: bool) -> int:
    """Serve until SIGTERM or Ctrl-C; gives the exit code."""
    masks = Masks(settings)
    log_to_stderr(settings, masks)
    sock = listen(settings.host, settings.port)
    lock = worker_lock(settings)
    try:
        lock.acquire()
    except AppError:
        sock.close()
        raise
    if not settings.loopback_only:
        say(
            f"Warning: listening on {settings.host}, so other machines can reach this server. Put "
            "it behind HTTPS and set ASSAY_PUBLIC_URL to the address that people use."
        )
    settings = replace(settings, port=sock.getsockname()[1])
    return asyncio.run(_serve(settings, sock, lock, masks, demo=demo))


async def _serve(
    settings: Settings, sock: socket.socket, lock: WorkerLock, masks: Masks, *, demo: bool
) -> int:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    start = await local.with_database(settings, lambda one: _prepare(one, settings))
    local.write_client_file(settings.client_file, settings.base_url, start.key)
    shop = Shop(settings.data / "demo-shop")
    shown = shop if demo and (start.first or shop.known) else None
    # Work that a kill has interrupted goes on at once, so the shop is there first.
    early = spawn(shop.start(), name="shop") if shown is not None else None
    server, _ = await make_server(settings, sock, lock, (dashboard,), masks=masks)
    if early is not None:
        await asyncio.wait({early})
    serving = spawn(server.serve(sockets=[sock]), name="server")
    told = spawn(_tell(settings, start, shown, serving=serving, server=server), name="welcome")
    waiting = spawn(stopping.wait(), name="signals")
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    await stop(told)
    await shop.stop()
    server.should_exit = True
    try:
        await asyncio.wait_for(asyncio.shield(serving), _END_WITHIN)
    except TimeoutError:
        server.force_exit = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(serving, 1)
    return exits.OK if stopping.is_set() else exits.UNAVAILABLE


@dataclass(frozen=True)
class _Start:
    """What a start finds or makes; ``first`` before anything was registered to be tested."""

    link: str
    first: bool
    key: str | None


async def _prepare(database: Database, settings: Settings) -> _Start:
    made = await local.set_up(database)
    first = await local.untouched(database)
    key = made.key
    if first and key is None and not kept(settings.client_file).get("apiKey"):
        key = (await local.new_key(database, "Demo", None))["apiKey"]
    link = await local.sign_in_link(database, made.organisation_id, settings.base_url)
    return _Start(link, first, key)


async def _tell(
    settings: Settings,
    start: _Start,
    shop: Shop | None,
    *,
    serving: asyncio.Task[None],
    server: Server,
) -> None:
    up = spawn(server.up.wait(), name="started")
    await asyncio.wait({up, serving}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        return
    say(f"Assay is listening on {settings.base_url}")
    say(f"Data: {settings.data}   client settings: {settings.client_file}")
    if shop is not None:
        await _test_shop(settings, shop)
    say("")
    say(f"Dashboard: {settings.base_url}/")
    say(f"Sign in (once, within 15 minutes): {start.link}")
    say('Another link: assay sign-in.   Talk to it: assay chat "Create tests for login"')


async def _test_shop(settings: Settings, shop: Shop) -> None:
    key = kept(settings.client_file).get("apiKey", "")
    client = Client(f"http://{_reached(settings)}", key)
    try:
        await demonstrate(client, shop)
    except AppError as error:
        say(f"The demo ends here: {error.message}")
    finally:
        await client.close()


def _reached(settings: Settings) -> str:
    """Where this process reaches itself, which the public URL need not be."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host
    return f"[{host}]:{settings.port}" if ":" in host else f"{host}:{settings.port}"


__all__ = ["run"]
