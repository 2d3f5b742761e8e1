"""Where `artstudio` and `python -m artstudio` start: run the command, turn errors into lines and exit codes.

Only what Python itself has loaded is imported here at first: Ctrl-C is silent from the first line of `run` on.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import warnings

INTERRUPTED = 130
READER_GONE = 128 + 13
"""What a shell says of a process that SIGPIPE ended."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code. No traceback reaches a user."""
    import click

    from artstudio.cli import cli
    from artstudio.cli.report import complain, show_warning
    from artstudio.cli.streams import ReaderGone
    from artstudio.errors import ArtstudioError

    try:
        with warnings.catch_warnings():
            warnings.showwarning = show_warning
            code = cli.main(arguments, prog_name="artstudio", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except ArtstudioError as error:
        return complain(str(error), error.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "artstudio"
        return complain(f"{error.format_message()} (try '{command} --help')", 2)
    except click.ClickException as error:
        return complain(error.format_message(), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        return complain("interrupted", INTERRUPTED)
    except ReaderGone:
        return READER_GONE
    except MemoryError:
        return complain("not enough memory; choose a smaller size", 1)
    except Exception as error:
        if os.environ.get("ARTSTUDIO_DEBUG"):
            raise
        kind = type(error).__name__
        return complain(f"internal error: {kind}: {error} (ARTSTUDIO_DEBUG=1 shows where)", 1)


def run() -> int:
    """Be the process of one command: `main`, and what makes starting and ending it quick and quiet."""
    stopped = signal.getsignal(signal.SIGINT)
    heeded = stopped is signal.default_int_handler  # a shell may have it ignored, as in the background
    if heeded:
        # Nothing is begun yet. An exception within an import would reach whoever catches it there.
        signal.signal(signal.SIGINT, lambda number, frame: os._exit(INTERRUPTED))
    # NumPy's BLAS would start a thread for each core; its products here are too small for more than one.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for them reads every package's metadata
    # Imports make hundreds of thousands of objects that stay: collecting among them finds nothing.
    gc.set_threshold(100_000, 20, 100)

    from artstudio.cli import environment, streams

    streams.prepare()
    environment.prepare()
    if heeded:
        signal.signal(signal.SIGINT, stopped)
    code = main()
    if heeded:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # all is done: it may end at once
    try:
        sys.stdout.flush()
    except Exception:  # said already
        streams.give_up_output()
    gc.freeze()  # nor at the end, when all of them go
    return code


if __name__ == "__main__":
    sys.exit(run())
