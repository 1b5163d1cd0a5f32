"""Running the application: a socket, and uvicorn behind it."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from kg.serve.app import application
from kg.serve.pool import Limits

_CONNECTIONS = 500
_IDLE = 15


def run(store: Path, *, host: str = "127.0.0.1", port: int = 8080, limits: Limits | None = None, origins: Sequence[str] = (),
        ready: Callable[[str], None] = print) -> None:
    """Serve a store until interrupted; `ready` is told the address. Port 0 takes any that is free.

    Raises StoreError where there is no store that can be read, OSError where the address cannot be had.
    """
    hosts = ("localhost", "127.0.0.1", "[::1]", host) if _is_loopback(host) else ("*",)
    app = application(store, limits=limits, origins=origins, hosts=hosts)
    with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=256) as listener:
        name = f"[{host}]" if ":" in host else host
        ready(f"http://{name}:{listener.getsockname()[1]}/")
        uvicorn.Server(uvicorn.Config(
            app, http="h11", ws="none", log_level="warning", access_log=False, server_header=False, limit_concurrency=_CONNECTIONS,
            timeout_keep_alive=_IDLE, timeout_graceful_shutdown=2, h11_max_incomplete_event_size=300_000,
        )).run(sockets=[listener])


def _is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address. Then it answers to no other name: a page elsewhere may have its own
    name point here."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
