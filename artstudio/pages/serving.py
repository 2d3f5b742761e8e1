"""The studio's server as a process: where it listens, and how it ends."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from artstudio.batch.interrupt import orderly_interrupt
from artstudio.errors import ArtstudioError, BadInput

HOST = "127.0.0.1"
"""The only address: the studio is for this machine's own browser."""

DEFAULT_PORT = 8765
"""The same every time, since a browser keeps favourites by address."""


def check_installed() -> None:
    """Say what is missing, if anything. Raises `BadInput`."""
    missing = [name for name in ("starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        raise BadInput(
            f"serving the studio needs {' and '.join(missing)}: pip install 'artstudio[web]'; "
            "or write the page with --export FILE.html, which needs neither"
        )


def listen(port: int) -> socket.socket:
    """Return a socket that listens on 127.0.0.1; port 0 takes any free one. Raises `ArtstudioError`."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":  # there it would let two servers share the port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(64)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            reason = "in use by another program, perhaps another studio"
        else:
            reason = f"cannot be used ({error.strerror or error})"
        raise ArtstudioError(f"port {port}: {reason}; choose another with --port, or --port 0 for any") from None
    return listening


def address(listening: socket.socket) -> str:
    """Return the studio's URL."""
    return f"http://{HOST}:{listening.getsockname()[1]}/"


def serve(page: str, folder: Path, listening: socket.socket, ancestors: Sequence[str] = ()) -> None:
    """Serve the studio until Ctrl-C or SIGTERM, then stop what is being painted and return.

    Pages of the origins `ancestors` may show it in a frame.
    """
    import uvicorn

    from artstudio.pages.server import studio_app

    app = studio_app(page, folder, listening.getsockname()[1], ancestors)
    config = uvicorn.Config(
        app,
        access_log=False,
        lifespan="off",
        limit_concurrency=64,
        log_config=None,
        log_level="critical",  # errors are told to the page, in one line
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        ws="none",
    )
    try:
        with orderly_interrupt(threading.Event()):
            uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # the way to end it
    finally:
        app.state.renders.close()


def open_browser(url: str) -> None:
    """Open the page in the person's browser, where there is a screen for one."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    # On a thread: some browsers return only when they are closed.
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
