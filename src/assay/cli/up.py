"""``assay up``: one process that serves API, dashboard and work, with a demo on first start."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from dataclasses import replace

from assay.cli import exits, local
from assay.cli.client import Client, follow
from assay.cli.demo import DEMO_MESSAGE, Shop
from assay.cli.serving import Server, listen, log_to_stderr, make_server
from assay.cli.show import markdown, say, step
from assay.jobs import WorkerLock
from assay.kernel.errors import AppError
from assay.kernel.tasks import spawn, stop
from assay.settings import Settings
from assay.web.dashboard import router as dashboard
from assay.wiring.build import open_database, worker_lock

_END_WITHIN = 9.5


def run(settings: Settings, *, demo: bool) -> int:
    """Serve until SIGTERM or Ctrl-C; gives the exit code."""
    log_to_stderr(settings.log_level)
    try:
        sock = listen(settings.host, settings.port)
        lock = worker_lock(settings)
        lock.acquire()
    except AppError as error:
        exits.fail(error.message, exits.UNAVAILABLE)
    if not settings.loopback_only:
        say(
            f"Warning: listening on {settings.host}, so other machines can reach this server. Put "
            "it behind HTTPS and set ASSAY_PUBLIC_URL to the address that people use."
        )
    return asyncio.run(_serve(settings, sock, lock, demo=demo))


async def _serve(settings: Settings, sock: socket.socket, lock: WorkerLock, *, demo: bool) -> int:
    settings = _with_port(settings, sock)
    database = await open_database(settings)
    first = await local.set_up(database)
    link = await local.sign_in_link(database, first.organisation_id, settings.base_url)
    await database.close()
    local.write_client_file(settings.client_file, settings.base_url, first.key)
    shop = Shop(settings.data / "demo-shop")
    wanted = demo and (first.key is not None or shop.known)
    # Work that a kill has interrupted goes on at once, so a shop that was there is there first.
    again = spawn(shop.start(), name="shop") if wanted and shop.known else None
    server, _ = await make_server(settings, sock, lock, (dashboard,))
    if again is not None:
        await again
    serving = spawn(server.serve(sockets=[sock]), name="server")
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    told = spawn(
        _tell(settings, first, link, shop if wanted else None, serving=serving, server=server),
        name="welcome",
    )
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


def _with_port(settings: Settings, sock: socket.socket) -> Settings:
    return replace(settings, port=sock.getsockname()[1])


async def _tell(
    settings: Settings,
    first: local.FirstSetUp,
    link: str,
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
        await _demo(settings, first.key, shop)
    say("")
    say(f"Dashboard: {settings.base_url}/")
    say(f"Sign in (once, within 15 minutes): {link}")
    say('Another link: assay sign-in.   Talk to it: assay chat "Create tests for login"')


async def _demo(settings: Settings, key: str | None, shop: Shop) -> None:
    """Test the bundled sample shop, as a first user would ask for it; once is enough."""
    if not shop.url:
        await shop.start()
    say(f"The sample shop runs on {shop.url}")
    if key is None:
        return
    client = Client(settings.base_url, key)
    try:
        made = await client.post("/v1/applications", {"name": "Sample shop", "url": shop.url})
        await client.post(
            "/v1/configs",
            {
                "name": "shopper",
                "kind": "usernamePassword",
                "applicationShortId": made["shortId"],
                "values": {"username": shop.user, "password": shop.password},
            },
        )
        say(f"It is registered as “{made['name']}”. You: {DEMO_MESSAGE}")
        chat = await client.post("/v1/chat", {"message": DEMO_MESSAGE})
        answer = await follow(client, chat["shortId"], step)
        markdown(answer["text"], sys.stdout)
        print(f"\nConversation: {chat['url']}", flush=True)
    finally:
        await client.close()


__all__ = ["run"]
