"""Fetching the next item in a thread while the last one is being worked on."""

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")


class _End:
    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def ahead(items: Callable[[], Iterator[T]]) -> Iterator[T]:
    """Give the items, each fetched while the one before is in use; never more than one ahead.

    Args:
        items: Gives the iterator; it runs in a thread of its own, which ends with the iteration or with the process.

    Raises:
        BaseException: what the iterator raises.
    """
    queue: SimpleQueue[T | _End] = SimpleQueue()
    free, stopped = threading.Semaphore(1), threading.Event()
    threading.Thread(target=_fetch, args=(items, queue, free, stopped), daemon=True).start()
    try:
        while True:
            got = queue.get()
            if isinstance(got, _End):
                break
            free.release()
            yield got
    finally:
        stopped.set()
        free.release()
    if got.error is not None:
        raise got.error


def _fetch(
    items: Callable[[], Iterator[T]],
    queue: "SimpleQueue[T | _End]",
    free: threading.Semaphore,
    stopped: threading.Event,
) -> None:
    end = _End()
    try:
        free.acquire()
        for item in items():
            if stopped.is_set():
                return
            queue.put(item)
            free.acquire()
    except BaseException as error:
        end = _End(error)
    queue.put(end)
