"""Reading a large source in several processes."""

import multiprocessing
import os
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any

import msgspec

from k8snb.errors import K8snbError, SourceError
from k8snb.inventory.build import Collected, collect, merge
from k8snb.inventory.pods import PodSet
from k8snb.resources.kinds import BY_RESOURCE
from k8snb.sources.stream import Fact, Gap, Listed, Origin, Part

WORTH_IT = 4 * 2**20
"""From this many bytes on, a second process costs less than it saves."""


class _Message(msgspec.Struct, array_like=True):
    podsets: list[PodSet]
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
    jobs = min(len(parts), os.cpu_count() or 1)
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
        own = collect(shares[0])
        return merge([own, *(_receive(receiver) for _, receiver in workers)])
    finally:
        for process, receiver in workers:
            receiver.close()
            process.terminate()
            process.join()


def _work(parts: list[Part], sender: Connection) -> None:
    try:
        got = collect(parts)
        objects = {key: msgspec.Raw(msgspec.json.encode(value, enc_hook=str)) for key, value in got.objects.items()}
        message = _Message(got.podsets, objects, got.origins, got.listed, got.gaps, got.facts, got.notes, got.skipped)
    except K8snbError as error:
        message = _Message([], {}, {}, [], [], [], [], {}, str(error))
    except KeyboardInterrupt:
        return
    sender.send_bytes(msgspec.json.encode(message, enc_hook=str))


def _receive(receiver: Connection) -> Collected:
    try:
        data = receiver.recv_bytes()
    except EOFError as error:
        message = "A process that read the source ended early."
        raise SourceError(message, "There may be too little memory; try a part of the source.") from error
    got = msgspec.json.decode(data, type=_Message, dec_hook=_names)
    if got.error:
        raise SourceError(got.error)
    objects = {key: _objects(key, raw) for key, raw in got.objects.items()}
    return Collected(
        got.podsets,
        objects,
        got.origins,
        got.listed,
        got.gaps,
        got.facts,
        got.notes,
        got.skipped,
    )


def _objects(resource: str, raw: msgspec.Raw) -> list[Any]:
    wanted: Any = list.__class_getitem__(BY_RESOURCE[resource].type)
    return list(msgspec.json.decode(raw, type=wanted, dec_hook=_names))


def _names(wanted: type, value: Any) -> Any:
    return wanted(value)
