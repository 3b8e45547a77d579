"""Reading a large source in several processes."""

import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from multiprocessing.connection import Connection
from typing import Any

import msgspec

from k8snb.errors import K8snbError, SourceError
from k8snb.inventory.build import Collected, collect, merge
from k8snb.inventory.pods import PodSet
from k8snb.progress import shown
from k8snb.resources.kinds import BY_RESOURCE
from k8snb.sources.stream import Fact, Gap, Listed, Origin, Part

MOST = 4
"""More processes than this cost more memory than they save time."""
CHUNK = 128
"""How many sets of pods travel at once."""
WORTH_IT = 4 * 2**20
"""From this many bytes on, a second process costs less than it saves."""


class _Pods(msgspec.Struct, tag=True, array_like=True):
    podsets: list[PodSet]


class _Rest(msgspec.Struct, tag=True, array_like=True):
    objects: dict[str, msgspec.Raw]
    origins: dict[str, list[Origin | None]]
    listed: list[Listed]
    gaps: list[Gap]
    facts: list[Fact]
    notes: list[str]
    skipped: dict[str, int]
    error: str = ""


def read(parts: Sequence[Part]) -> Collected:
    """Read all parts of a source, in one process a core where that pays.

    Raises:
        SourceError: if a part, or the process that read it, failed.
    """
    jobs = min(len(parts), os.cpu_count() or 1, MOST)
    if jobs < 2 or sum(part.size for part in parts) < WORTH_IT or sys.platform == "win32":
        return collect(parts)
    return _shared(deal(parts, jobs))


def deal(parts: Sequence[Part], jobs: int) -> list[list[Part]]:
    """Cut the parts into shares of about the same bytes; neighbours stay together, for they hold pods of one owner."""
    total = sum(part.size for part in parts) or 1
    shares: list[list[Part]] = [[] for _ in range(jobs)]
    before = 0
    for part in parts:
        shares[min(jobs - 1, (before + part.size // 2) * jobs // total)].append(part)
        before += part.size
    return shares


def _shared(shares: list[list[Part]]) -> Collected:
    context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    workers = []
    for share in shares[1:]:
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(share, sender), daemon=True)
        process.start()
        sender.close()
        workers.append((process, receiver))
    try:
        first = collect(shares[0])
        return merge(first, chain.from_iterable(_receive(receiver) for _, receiver in workers))
    finally:
        for process, receiver in workers:
            receiver.close()
            process.terminate()
            process.join()


def _work(parts: list[Part], sender: Connection) -> None:
    try:
        with shown(None):
            got = collect(parts)
        objects = {key: msgspec.Raw(msgspec.json.encode(value, enc_hook=str)) for key, value in got.objects.items()}
        rest = _Rest(objects, got.origins, got.listed, got.gaps, got.facts, got.notes, got.skipped)
    except K8snbError as error:
        got, rest = Collected(), _Rest({}, {}, [], [], [], [], {}, str(error))
    except KeyboardInterrupt:
        return
    for start in range(0, len(got.podsets), CHUNK):
        sender.send_bytes(msgspec.json.encode(_Pods(got.podsets[start : start + CHUNK]), enc_hook=str))
    sender.send_bytes(msgspec.json.encode(rest, enc_hook=str))


def _receive(receiver: Connection) -> Iterator[Collected]:
    """Give what another process read, in pieces, so that it is never held twice."""
    decode = msgspec.json.Decoder(_Pods | _Rest, dec_hook=_names).decode
    while True:
        try:
            message = decode(receiver.recv_bytes())
        except EOFError as error:
            told = "A process that read the source ended early."
            raise SourceError(told, "There may be too little memory; try a part of the source.") from error
        if isinstance(message, _Rest):
            break
        yield Collected(message.podsets)
    if message.error:
        raise SourceError(message.error)
    objects = {key: _objects(key, raw) for key, raw in message.objects.items()}
    yield Collected(
        [], objects, message.origins, message.listed, message.gaps, message.facts, message.notes, message.skipped
    )


def _objects(resource: str, raw: msgspec.Raw) -> list[Any]:
    wanted: Any = list.__class_getitem__(BY_RESOURCE[resource].type)
    return list(msgspec.json.decode(raw, type=wanted, dec_hook=_names))


def _names(wanted: type, value: Any) -> Any:
    return wanted(value)
