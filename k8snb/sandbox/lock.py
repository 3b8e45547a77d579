"""One at a time: a lock that the system gives back when its holder dies."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[int]:
    """Hold the lock of a file, which may be removed while it is held.

    Args:
        path: The file; made if it is missing.
        waiting: Called once if somebody else holds it.

    Yields:
        Its descriptor. A process that inherits it holds the lock too.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = _acquired(path, waiting)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _acquired(path: Path, waiting: Callable[[], None]) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _flock(descriptor, waiting)
            if _same(descriptor, path):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _flock(descriptor: int, waiting: Callable[[], None]) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        waiting()
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _same(descriptor: int, path: Path) -> bool:
    """Whether the file is still the one that was locked, and not a successor of the same name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
