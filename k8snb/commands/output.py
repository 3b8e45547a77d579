"""Where an answer goes: standard output, or a file that is written whole or not at all."""

import os
import re
import shutil
import stat
import sys
from pathlib import Path

from k8snb.commands.guard import quiet
from k8snb.errors import UsageError
from k8snb.formats.screen import Screen

_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def screen(output_file: Path | None = None) -> Screen:
    """Give what standard output can show; a file or a pipe gets plain ASCII without colour."""
    if output_file is not None or not sys.stdout.isatty():
        return Screen()
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return Screen(max(60, min(shutil.get_terminal_size().columns, 120)), colour, unicode)


def check(output_file: Path | None) -> None:
    """Refuse a file that cannot be written, before any work is done.

    Raises:
        UsageError: if it is a folder, or its folder is not there or not writable.
    """
    if output_file is not None:
        try:
            _check(output_file)
        except OSError as error:
            raise UsageError(f"{output_file}: {error.strerror}.", "Name another file.") from error


def _check(output_file: Path) -> None:
    folder = output_file.resolve().parent
    if output_file.is_dir():
        raise UsageError(f"{output_file} is a folder.", "Name a file to write.")
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", "Make it first.")
    if not os.access(folder, os.W_OK):
        raise UsageError(f"{folder} is not writable.", "Name a file elsewhere.")


def write(data: bytes, output_file: Path | None = None, *, is_json: bool = False) -> None:
    """Write an answer.

    Args:
        data: UTF-8.
        output_file: Where to; standard output if None.
        is_json: Whether control and direction characters may stand as JSON escapes on a terminal.

    Raises:
        UsageError: if the file cannot be written; then it is as it was.
    """
    if output_file is not None:
        write_whole(output_file, data)
        return
    if is_json and sys.stdout.isatty():
        data = _UNSEEN.sub(lambda one: f"\\u{ord(one[0]):04x}", data.decode()).encode()
    try:
        sys.stdout.buffer.write(data)
        if not data.endswith(b"\n"):
            sys.stdout.buffer.write(b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        quiet()
    except OSError as error:
        quiet()
        raise UsageError(f"Standard output: {error.strerror}.", "Write elsewhere.") from error


def write_whole(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write a file beside its place and move it there, so that it is whole or not there at all.

    Args:
        path: Its place; what a link points to is replaced, a device or pipe is written to.
        data: Its content.
        mode: Its permissions; those of the file it replaces, or the usual ones, if None.

    Raises:
        UsageError: if it cannot be written.
    """
    try:
        _replace(path.resolve(), data, mode)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; nothing was written.", "Name a file elsewhere.") from error


def _replace(path: Path, data: bytes, mode: int | None) -> None:
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        path.write_bytes(data)
        return
    if mode is None and path.exists():
        mode = stat.S_IMODE(path.stat().st_mode)
    partial = path.parent / f".k8snb-{os.getpid()}.partial"
    try:
        descriptor = os.open(
            partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o666 if mode is None else mode
        )
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
