"""Ctrl-C during a batch: the first ends it in good order, the second ends the process."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

INTERRUPTED = 130


@contextmanager
def orderly_interrupt(stop: Event) -> Iterator[None]:
    """While the block runs, the first SIGINT, SIGTERM or SIGHUP sets `stop` and raises `KeyboardInterrupt`.

    The second ends the process at once, with exit code 130. What is then half-written is a temporary file,
    which the next batch in the folder deletes. Does nothing but on the main thread, which gets the signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(INTERRUPTED)
        stop.set()
        raise KeyboardInterrupt

    signals = [signal.SIGINT, signal.SIGTERM]
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # `nohup` means it
        signals.append(signal.SIGHUP)
    before = {number: signal.signal(number, handle) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
