"""`python -m assay_shop`: serves the shop and prints one line of JSON with its address."""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from assay_shop.app import create_app
from assay_shop.faults import WHAT, Fault, parse_faults
from assay_shop.store import DEMO_USERS

DATA_FILES = ("shop.db", "shop.db-wal", "shop.db-shm", "session.key")


def run(
    port: int = 0,
    data_dir: Path | None = None,
    faults: frozenset[Fault] = frozenset(),
    *,
    host: str = "127.0.0.1",
    reset: bool = False,
    cookie_banner: bool = False,
    until_stdin_closes: bool = False,
) -> None:
    """Serves the shop until it is told to stop; port 0 lets the system choose one."""
    with tempfile.TemporaryDirectory(prefix="assay-shop-") as scratch:
        data = data_dir or Path(scratch)
        if reset:
            for name in DATA_FILES:
                (data / name).unlink(missing_ok=True)
        app = create_app(data, faults, cookie_banner=cookie_banner)
        with _listen(host, port) as listener:
            server = uvicorn.Server(
                uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
            )
            if until_stdin_closes:
                threading.Thread(target=_stop_with_stdin, args=(server,), daemon=True).start()
            print(json.dumps(_about(listener, faults)), flush=True)
            server.run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _about(listener: socket.socket, faults: frozenset[Fault]) -> dict[str, object]:
    host, port = listener.getsockname()[:2]
    return {
        "url": f"http://{f'[{host}]' if ':' in host else host}:{port}",
        "faults": sorted(faults),
        "users": {u.role: {"email": u.email, "password": u.password} for u in DEMO_USERS},
    }


def _stop_with_stdin(server: uvicorn.Server) -> None:
    """A parent that dies, however hard, closes our standard input."""
    while sys.stdin.buffer.read(4096):
        pass
    server.should_exit = True


def _arguments() -> argparse.ArgumentParser:
    faults = "\n".join(f"  {fault.value:20} {what}" for fault, what in WHAT.items())
    users = "\n".join(f"  {user.role:20} {user.email} / {user.password}" for user in DEMO_USERS)
    parser = argparse.ArgumentParser(
        prog="assay_shop",
        description="A small web shop to test and to break on purpose.",
        epilog=f"faults (also by SHOP_FAULTS, comma-separated):\n{faults}\nusers:\n{users}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0, the default: a free one")
    parser.add_argument("--data", type=Path, help="where to keep its data (default: nowhere)")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME[,NAME]")
    parser.add_argument("--reset", action="store_true", help="start with fresh data")
    parser.add_argument("--cookie-banner", action="store_true", help="ask about cookies first")
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="end when standard input does"
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; an exit code of 2 says what was wrong with it."""
    parser = _arguments()
    args = parser.parse_args(argv)
    try:
        faults = parse_faults([*args.fault, os.environ.get("SHOP_FAULTS", "")])
    except ValueError as error:
        parser.error(str(error))
    try:
        run(
            args.port,
            args.data,
            faults,
            host=args.host,
            reset=args.reset,
            cookie_banner=args.cookie_banner,
            until_stdin_closes=args.until_stdin_closes,
        )
    except OSError as error:
        print(f"assay_shop: {args.host}:{args.port}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
