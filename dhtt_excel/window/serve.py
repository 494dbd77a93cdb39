"""The server of the window: on this computer only, at a port that the system gives, until nobody looks at it any more."""

from __future__ import annotations

import asyncio
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from dhtt_excel.errors import UserError, explain_os_error
from dhtt_excel.window.addresses import make_app
from dhtt_excel.window.campaigns import open_campaign
from dhtt_excel.window.door import TOKEN_FIELD, Door
from dhtt_excel.window.drops import start_with
from dhtt_excel.window.runs import Runs
from dhtt_excel.window.site import Site

HOST = "127.0.0.1"
SECONDS_UNVISITED = 600  # a page says every twenty seconds that it is there; one in the background every minute
_POLL = 2  # seconds; while a laptop is asleep none are counted


class Visits:
    """How long nobody has been here."""

    def __init__(self) -> None:
        self.quiet = 0

    def __call__(self) -> None:
        self.quiet = 0


def serve(
    folder: Path | None, told: Callable[[str], None], *, dropped: Sequence[Path] = (), browse: bool = True,
    patience: int = SECONDS_UNVISITED,
) -> None:  # fmt: skip
    """Serve until a page asks to end, or no page has been open for `patience` seconds. `told` gets the address.

    `folder`: the campaign that is opened first; `dropped`: what is taken into one and consolidated at once; with `browse`
    the user's browser goes there. Raises `UserError` where it cannot begin, or where nobody would see it.
    """
    listener = _listen()
    authority = f"{HOST}:{listener.getsockname()[1]}"
    token, runs, visits = secrets.token_urlsafe(32), Runs(), Visits()
    site = Site(runs)
    if dropped:
        start = start_with(site, dropped)
    else:
        start = f"/dot/{site.enter(open_campaign(folder)).key}/" if folder else "/"
    address = f"http://{authority}{start}?{TOKEN_FIELD}={token}"
    config = uvicorn.Config(
        Door(make_app(site), authority, token, visits), log_config=None, access_log=False, lifespan="off", ws="none",
        log_level="critical", server_header=False, proxy_headers=False, timeout_graceful_shutdown=3,
    )  # fmt: skip
    server = uvicorn.Server(config)
    site.end = lambda: setattr(server, "should_exit", True)
    runs.open()
    told(address)
    unseen = threading.Event()

    def open_browser() -> None:
        if not webbrowser.open(address) and not sys.stdout.isatty():  # nor has anybody read the address
            unseen.set()
            site.end()

    if browse:
        threading.Thread(target=open_browser, daemon=True).start()
    try:
        asyncio.run(_serve(server, listener, visits, runs, patience))
    finally:
        runs.close()
        listener.close()
    if unseen.is_set():
        raise UserError("Không mở được trình duyệt: hãy cài, hoặc chọn trình duyệt mặc định của máy, rồi mở lại.")


def _listen() -> socket.socket:
    try:
        return socket.create_server((HOST, 0))
    except OSError as error:
        raise UserError(
            f"Không mở được cửa sổ trên máy này: {explain_os_error(error)}. Hãy khởi động lại máy."
        ) from error


async def _serve(server: uvicorn.Server, listener: socket.socket, visits: Visits, runs: Runs, patience: int) -> None:
    watching = asyncio.create_task(_end_unvisited(server, visits, runs, patience))
    try:
        await server.serve(sockets=[listener])
    finally:
        watching.cancel()


async def _end_unvisited(server: uvicorn.Server, visits: Visits, runs: Runs, patience: int) -> None:
    while visits.quiet < patience:
        await asyncio.sleep(_POLL)
        visits.quiet = 0 if runs.is_busy else visits.quiet + _POLL
    server.should_exit = True
