"""Where `artstudio` and `python -m artstudio` start: run the command, turn errors into lines and exit codes."""

from __future__ import annotations

import gc
import os
import sys

import click

from artstudio.cli import cli
from artstudio.cli.words import as_options
from artstudio.errors import ArtstudioError

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code. No traceback reaches a user."""
    try:
        code = cli.main(arguments, prog_name="artstudio", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except ArtstudioError as error:
        return _complain(str(error), error.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "artstudio"
        return _complain(f"{error.format_message()} (try '{command} --help')", 2)
    except click.ClickException as error:
        return _complain(error.format_message(), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        return _complain("interrupted", INTERRUPTED)
    except BrokenPipeError:
        # The reader went away, as `| head` does. Python would complain once more while it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except MemoryError:
        return _complain("not enough memory; choose a smaller size", 1)
    except Exception as error:
        if os.environ.get("ARTSTUDIO_DEBUG"):
            raise
        kind = type(error).__name__
        return _complain(f"internal error: {kind}: {error} (ARTSTUDIO_DEBUG=1 shows where)", 1)


def run() -> int:
    """Be the process of one command: `main`, and what makes starting and ending it quick."""
    # NumPy's BLAS would start a thread for each core; its products here are too small for more than one.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for them reads every package's metadata
    # Imports make hundreds of thousands of objects that stay: collecting among them finds nothing.
    gc.set_threshold(100_000, 20, 100)
    code = main()
    gc.freeze()  # nor at the end, when all of them go
    return code


def _complain(message: str, code: int) -> int:
    line = as_options(" ".join(message.split()))
    click.echo(f"artstudio: {line}", err=True)
    return code


if __name__ == "__main__":
    sys.exit(run())
