"""The folder of a report: built out of sight, and there whole or not at all."""

import errno
import fcntl
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from k8snb.errors import ReportError, UsageError

PARTIAL = ".partial-"
_FULL = {errno.ENOSPC, errno.EDQUOT}


def name(moment: datetime, source: str) -> str:
    """Give the name of a run's folder, `<time>-<source>`.

    Args:
        moment: When the run began; told in UTC.
        source: Name of the source; untrusted, so only ASCII letters, digits, dots and hyphens of it are kept.
    """
    ascii_only = unicodedata.normalize("NFKD", source[:200]).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9.]+", "-", ascii_only).strip("-.")[:60].strip("-.")
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}-{slug or 'cluster'}"


@contextmanager
def building(out: Path) -> Iterator[Path]:
    """Give an empty folder below `out` to build in; it is gone afterwards unless it was published.

    The folder is locked as long as its owner lives, so that what a killed run leaves behind is recognised and removed
    by the next one.

    Raises:
        UsageError: if nothing may be written there.
        ReportError: if there is no room.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        _clean(out)
        folder, lock = _locked(out)
    except OSError as error:
        told = f"{out}: {error.strerror}; no report was made."
        wrong = ReportError if error.errno in _FULL else UsageError
        raise wrong(told, "Name a folder you may write to.") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _locked(out: Path) -> tuple[Path, int]:
    """Make a folder and lock it, again if another run took it for a dead one's meanwhile."""
    while True:
        folder = out / f"{PARTIAL}{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir()
        lock = os.open(folder, os.O_RDONLY)
        with suppress(OSError):  # file systems without locks
            fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder, lock
        os.close(lock)


def _clean(out: Path) -> None:
    """Remove what dead runs left behind."""
    for folder in out.glob(f"{PARTIAL}*"):
        with suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def flush(folder: Path) -> None:
    """Have every file and folder below written to the disk itself."""
    for path in (*folder.rglob("*"), folder):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def move(folder: Path, target: Path) -> Path:
    """Give a folder its name in one step; where that is taken, with a number behind it.

    Returns:
        The name that it got.
    """
    number = 1
    while True:
        final = target if number == 1 else target.with_name(f"{target.name}-{number}")
        try:
            if not final.exists():
                folder.rename(final)
                return final
        except OSError:
            if not final.exists():
                raise
        number += 1
