"""Fetching in threads while what came is being worked on."""

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")


class _End:
    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class _Lane:
    """An iterator in a thread of its own, never more than one item ahead."""

    def __init__(self) -> None:
        self.free = threading.Semaphore(1)
        self.stopped = False

    def stop(self) -> None:
        self.stopped = True
        self.free.release()


def ahead(*lanes: Callable[[], Iterator[T]]) -> Iterator[T]:
    """Give the items of all lanes as they come; each lane fetches its next while the one before is in use.

    Args:
        lanes: Each gives an iterator; its thread ends with the iteration or the process.

    Raises:
        BaseException: what an iterator raises.
    """
    queue: SimpleQueue[tuple[_Lane, T | _End]] = SimpleQueue()
    running = [_Lane() for _ in lanes]
    for lane, items in zip(running, lanes, strict=True):
        threading.Thread(target=_fetch, args=(items, queue, lane), daemon=True).start()
    try:
        for _ in lanes:
            yield from _until_one_ends(queue)
    finally:
        for lane in running:
            lane.stop()


def _until_one_ends(queue: "SimpleQueue[tuple[_Lane, T | _End]]") -> Iterator[T]:
    while True:
        lane, got = queue.get()
        if isinstance(got, _End):
            break
        lane.free.release()
        yield got
    if got.error is not None:
        raise got.error


def _fetch(items: Callable[[], Iterator[T]], queue: "SimpleQueue[tuple[_Lane, T | _End]]", lane: _Lane) -> None:
    end = _End()
    try:
        lane.free.acquire()
        for item in items():
            if lane.stopped:
                return
            queue.put((lane, item))
            lane.free.acquire()
    except BaseException as error:
        end = _End(error)
    queue.put((lane, end))
