"""Ctrl-C during a batch, or a terminal that closes: the first ends it in good order, the second ends the process."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

INTERRUPTED = 130


@contextmanager
def orderly_interrupt(stop: Event) -> Iterator[None]:
    """While the block runs, the first SIGINT, SIGTERM or SIGHUP sets `stop` and raises `KeyboardInterrupt`.

    The second ends the process at once, with exit code 130. What is then half-written is a temporary file, which the
    next batch in the folder deletes. Signals that are ignored, as under nohup, stay so. Does nothing but on the main
    thread, which gets the signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(INTERRUPTED)
        stop.set()
        raise KeyboardInterrupt

    known = (getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP"))  # Windows has no SIGHUP
    signals = [number for number in known if number and signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
