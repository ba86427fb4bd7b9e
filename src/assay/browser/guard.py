"""A proxy for one session that resolves every host itself and connects only where it may.

The browser goes through it for everything but the project's own hosts that are plain addresses.
That covers sub-resources, redirects, web sockets and names that resolve to private addresses, and
costs the pages under test nothing, unlike intercepting each request in the browser.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from urllib.parse import urlsplit

from assay.browser.errors import HostRefused, NavigationFailed
from assay.browser.policy import HostPolicy
from assay.kernel.addresses import parse_host

_HEAD_LIMIT = 64 * 1024
_CONNECT_SECONDS = 15.0
_HOP = (b"proxy-connection:", b"connection:", b"proxy-authorization:", b"keep-alive:")


class Refused(Exception):
    """The address is not to be reached; only used inside the proxy."""


class Guard:
    """One listening port on the loopback address, for one session."""

    def __init__(self, policy: HostPolicy) -> None:
        self.policy = policy
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._refused: set[str] = set()
        self._lost: set[str] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD_LIMIT)

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @property
    def direct(self) -> list[str]:
        """The hosts for which the browser needs no guard."""
        return self.policy.direct()

    def explain(self, url: str) -> None:
        """Raise why a document could not be loaded, when it was the guard who knows."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        place = f"{host}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
        if place in self._refused:
            raise HostRefused(f"{host} leads to an address that may not be reached.", host)
        if place in self._lost:
            raise NavigationFailed(f"{host} could not be found or does not answer.")

    async def close(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for writer in list(self._writers):
            writer.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._server.wait_closed(), 1.0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            await self._forward(head, reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            return  # the browser or the site hung up; the browser reports it to the page
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _forward(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        method, target, version = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if tunnel else target)
        host, port = parts.hostname or "", parts.port or 80
        try:
            far_reader, far_writer = await self._connect(host, port)
        except Refused:
            self._refused.add(f"{host}:{port}")
            await _forbid(writer, host)
            return
        except (OSError, TimeoutError):
            # Hanging up gives the page a network error; an answer would look like the site's.
            self._lost.add(f"{host}:{port}")
            return
        self._writers.add(far_writer)
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                path = target.split("://", 1)[1].partition("/")[2]
                far_writer.write(_rewritten(head, method, "/" + path, version))
            await asyncio.gather(_pipe(reader, far_writer), _pipe(far_reader, writer))
        finally:
            self._writers.discard(far_writer)
            far_writer.close()

    async def _connect(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(one[4][0]) for one in found]
        allowed = [
            address
            for address in dict.fromkeys(addresses)
            if (parsed := parse_host(address)) and self.policy.connection(host, port, parsed)
        ]
        if not allowed:
            raise Refused(host)
        failure: OSError | None = None
        for address in allowed[:3]:
            try:
                return await asyncio.wait_for(
                    asyncio.open_connection(address, port), _CONNECT_SECONDS
                )
            except OSError as error:
                failure = error
        raise failure or OSError(host)


def _rewritten(head: bytes, method: str, path: str, version: str) -> bytes:
    """The request as the site itself expects it, on a connection of its own."""
    lines = head.rstrip(b"\r\n").split(b"\r\n")[1:]
    kept = [line for line in lines if not line.lower().startswith(_HOP)]
    upgrade = any(line.lower().startswith(b"upgrade:") for line in kept)
    kept.append(b"Connection: Upgrade" if upgrade else b"Connection: close")
    first = f"{method} {path} {version}".encode("latin-1")
    return b"\r\n".join([first, *kept]) + b"\r\n\r\n"


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.close()


async def _forbid(writer: asyncio.StreamWriter, host: str) -> None:
    body = f"{host} may not be reached from this project.".encode()
    writer.write(
        b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
    )
    await writer.drain()
