"""From exceptions to exit statuses: one clear line for a person, never a traceback for a foreseeable problem."""

import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer

from k8snb.display.text import plain
from k8snb.errors import K8snbError
from k8snb.languages import _

USAGE, INTERRUPTED, BUG = 2, 130, 70
_TYPER_ERROR: type[Any] = typer.BadParameter.__mro__[2]
_LINE = 2000


def guard(run: Callable[[], object]) -> int:
    """Run a command and give the exit status.

    Args:
        run: The command; gives its exit status, or None for 0.

    Returns:
        What it gave; the status of a `K8snbError` (2 or 3), 2 for wrong usage, 130 for Ctrl-C, 70 for a bug. What went
        wrong stands on standard error; `K8SNB_TRACEBACK=1` adds the traceback.
    """
    try:
        status = run()
        sys.stdout.flush()
    except BaseException as error:
        if os.environ.get("K8SNB_TRACEBACK"):
            import traceback

            traceback.print_exc()
        return _status(error)
    return status if isinstance(status, int) else 0


def _status(error: BaseException) -> int:
    match error:
        case KeyboardInterrupt() | typer.Abort():
            return INTERRUPTED
        case BrokenPipeError():
            quiet()
            return 0
        case SystemExit():
            return error.code if isinstance(error.code, int) else USAGE
    status, message, hint = _told(error)
    tell(message, hint, error.details if isinstance(error, K8snbError) else ())
    return status


def _told(error: BaseException) -> tuple[int, str, str]:
    match error:
        case K8snbError():
            return error.exit_status, error.message, error.hint
        case _ if isinstance(error, _TYPER_ERROR):
            program = error.ctx.command_path if getattr(error, "ctx", None) else "k8snb"
            told = re.sub(r"( Did you mean '[^']*'\?)\1", r"\1", error.format_message().replace("Value error, ", ""))
            return USAGE, told, f"{program} --help shows what there is."
        case MemoryError():
            return 3, "Out of memory.", "Assess a part of the source, or give it more memory."
    bug = f"This is a bug ({type(error).__name__}: {error})."
    return BUG, bug, "K8SNB_TRACEBACK=1 shows where; please report it."


def tell(message: str, hint: str = "", details: Sequence[str] = ()) -> None:
    """Write one line for a person, and details and a hint below it, to standard error."""
    lines = [f"k8snb: {_(message)}", *(f"    {line}" for line in details), *([f"  {_(hint)}"] if hint else [])]
    print(*(plain(line[:_LINE]) for line in lines), sep="\n", file=sys.stderr)


def quiet() -> None:
    """Let go of a standard output that nobody reads any more (`| head`)."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a path
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
