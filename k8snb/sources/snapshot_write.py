"""Writing a snapshot, page by page."""

import errno
import hashlib
import os
import re
import secrets
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import msgspec

from k8snb._version import __version__
from k8snb.errors import K8snbError, UsageError
from k8snb.resources.kinds import find
from k8snb.sources.redaction import clean, scrub
from k8snb.sources.snapshot_format import (
    FORMAT,
    INDEX,
    MOST_BYTES,
    MOST_OBJECTS,
    MOST_TOTAL,
    Entry,
    Index,
    Member,
    PageMember,
)
from k8snb.sources.stream import Fact, Gap, Item, Listed, Note, Origin, Page

_FLUSH_BYTES = 4 * 2**20
_MALFORMED = (msgspec.MsgspecError, RecursionError, ValueError, OverflowError)
_KIND = re.compile(rb'"kind"\s*:\s*"([A-Za-z]{1,80})"')
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class _Head(msgspec.Struct):
    apiVersion: str | None = None
    kind: str | None = None
    items: list[msgspec.Raw] | None = None


class _Bucket(msgspec.Struct):
    """Objects of one kind that wait for their page."""

    kind: str
    api_version: str
    objects: list[bytes] = []
    origins: list[Origin] = []
    size: int = 0


def write_snapshot(
    items: Iterable[Item],
    path: Path,
    *,
    kind: str,
    name: str,
    complete: bool,
    created: str,
    check: Callable[[int, Sequence[Gap]], object] | None = None,
) -> None:
    """Write a stream as a snapshot; the file appears whole or not at all.

    Args:
        items: The stream of a source. Objects are cleaned (see `k8snb.sources.redaction.clean`); what is malformed
            becomes a `Gap`.
        path: Where to; an existing file is replaced.
        kind: Kind of the source.
        name: Name of the source.
        complete: Whether the source is the whole cluster.
        created: When the source was read, RFC 3339. The same items and the same time make the same bytes.
        check: Is given the number of objects and the gaps before the file takes its place, and may raise.

    Raises:
        UsageError: if the place cannot be written to.
        K8snbError: if the disk is full, or the source holds more than a snapshot can.
    """
    with _beside(path) as file, zipfile.ZipFile(file, "w") as archive:
        writer = _Writer(archive)
        for item in items:
            writer.take(item)
        pages, stream = writer.finish()
        if check:
            check(sum(one.page.items for one in pages), writer.gaps)
        index = Index(FORMAT, __version__, kind, name, complete, created, pages, stream)
        writer.member(INDEX, msgspec.json.format(msgspec.json.encode(index), indent=1), 1)


@contextmanager
def _beside(path: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file beside a path that takes its place if all goes well, and is removed if not."""
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.partial")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise _failure(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def _failure(path: Path, error: OSError) -> K8snbError:
    if error.errno in _FULL:
        return K8snbError(f"{path} was not written: the disk is full.", "Make room, or write to another place.")
    return UsageError(
        f"{path} cannot be written: {error.strerror or error}.", "Check that its folder can be written to."
    )


class _Writer:
    """The state of a snapshot that is being written: what waits for its page, and what the index will say."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.buckets: dict[tuple[str, str, bool], _Bucket] = {}
        self.counts: Counter[str] = Counter()
        self.pages: list[PageMember] = []
        self.entries: list[bytes] = []
        self.stream: list[Member] = []
        self.gaps: list[Gap] = []
        self.waiting = self.total = 0

    def take(self, item: Item) -> None:
        """Add one item of the stream."""
        match item:
            case Page():
                for found in _objects(item.data, item.origins):
                    self._keep(found) if isinstance(found, _Object) else self._miss(found)
            case Listed():
                self._note(Entry(listed=item))
            case Gap():
                self._miss(msgspec.structs.replace(item, message=scrub(item.message)))
            case Fact():
                self._note(Entry(fact=msgspec.structs.replace(item, value=scrub(item.value, item.name))))
            case Note():
                self._note(Entry(note=Note(scrub(item.message))))

    def finish(self) -> tuple[tuple[PageMember, ...], tuple[Member, ...]]:
        """Write what waits, and give what the index says."""
        for bucket in self.buckets.values():
            self._flush(bucket)
        self._flush_stream()
        return tuple(self.pages), tuple(self.stream)

    def member(self, file: str, data: bytes, items: int) -> Member:
        """Write one member."""
        self.total += len(data)
        if len(data) > MOST_BYTES or self.total > MOST_TOTAL:
            raise K8snbError("The source holds more than a snapshot can (8 GiB).", "Limit it to some namespaces.")
        info = zipfile.ZipInfo(file)
        info.create_system, info.external_attr, info.compress_type = 3, 0o644 << 16, zipfile.ZIP_DEFLATED
        self.archive.writestr(info, data, compresslevel=6)
        return Member(file, hashlib.sha256(data).hexdigest(), len(data), items)

    def _keep(self, found: "_Object") -> None:
        key = (found.api_version, found.kind, found.origin is not None)
        bucket = self.buckets.get(key)
        if bucket is None:
            bucket = self.buckets[key] = _Bucket(found.kind, found.api_version)
        bucket.objects.append(found.data)
        bucket.size += len(found.data)
        if found.origin:
            bucket.origins.append(found.origin)
        if len(bucket.objects) >= MOST_OBJECTS or bucket.size >= _FLUSH_BYTES:
            self._flush(bucket)

    def _flush(self, bucket: _Bucket) -> None:
        if not bucket.objects:
            return
        name = self._name(bucket)
        head = {"kind": f"{bucket.kind}List"} | ({"apiVersion": bucket.api_version} if bucket.api_version else {})
        data = msgspec.json.encode(head)[:-1] + b',"items":[' + b",".join(bucket.objects) + b"]}"
        page = self.member(f"pages/{name}.json", data, len(bucket.objects))
        origins = self._origins(name, bucket.origins) if bucket.origins else None
        self.pages.append(PageMember(bucket.kind, page, bucket.api_version, origins))
        bucket.objects, bucket.origins, bucket.size = [], [], 0

    def _name(self, bucket: _Bucket) -> str:
        found = find(bucket.api_version, bucket.kind)
        stem = found.resource if found else re.sub(r"[^a-z0-9]", "", bucket.kind.lower())[:60] or "other"
        self.counts[stem] += 1
        return f"{stem}-{self.counts[stem]:05}"

    def _origins(self, name: str, origins: list[Origin]) -> Member:
        rows = [(origin.file, origin.document, origin.line) for origin in origins]
        return self.member(f"origins/{name}.json", msgspec.json.encode(rows), len(rows))

    def _miss(self, gap: Gap) -> None:
        self.gaps.append(gap)
        self._note(Entry(gap=gap))

    def _note(self, entry: Entry) -> None:
        data = msgspec.json.encode(entry)
        self.entries.append(data)
        self.waiting += len(data)
        if self.waiting >= _FLUSH_BYTES:
            self._flush_stream()

    def _flush_stream(self) -> None:
        if self.entries:
            data = b"[" + b",\n".join(self.entries) + b"]"
            self.stream.append(self.member(f"stream/{len(self.stream) + 1:05}.json", data, len(self.entries)))
            self.entries, self.waiting = [], 0


class _Object(msgspec.Struct, gc=False):
    data: bytes
    kind: str
    api_version: str
    origin: Origin | None


def _objects(data: bytes, origins: tuple[Origin, ...]) -> Iterator[_Object | Gap]:
    """Give the objects of a page, lists within lists included, as the inventory would."""
    first = origins[0] if origins else None
    try:
        head = msgspec.json.decode(data, type=_Head)
    except _MALFORMED as error:
        yield Gap("malformed", _message(first, error), _resource(data), origin=first)
        return
    if head.items is None:
        yield _object(data, head, first, _Head())
        return
    places = origins if len(origins) == len(head.items) else (first,) * len(head.items)
    for item, origin in zip(head.items, places, strict=True):
        yield from _item(bytes(item), origin, head)


def _item(data: bytes, origin: Origin | None, parent: _Head) -> Iterator[_Object | Gap]:
    try:
        head = msgspec.json.decode(data, type=_Head)
    except _MALFORMED as error:
        yield Gap("malformed", _message(origin, error), origin=origin)
        return
    if head.items is not None and (head.kind or "").endswith("List"):
        yield from _objects(data, (origin,) if origin else ())
        return
    yield _object(data, head, origin, parent)


def _object(data: bytes, head: _Head, origin: Origin | None, parent: _Head) -> _Object | Gap:
    kind = head.kind or (parent.kind or "").removesuffix("List")
    if not kind:
        return Gap("malformed", _message(origin, "an object without a kind"), origin=origin)
    api_version = head.apiVersion or ("" if head.kind else parent.apiVersion or "")
    value: dict[str, Any] = {}
    try:
        value = msgspec.json.decode(data)
        stored = msgspec.json.encode(clean(value, kind))
    except _MALFORMED as error:
        return _gap(kind, api_version, value, origin, error)
    if not isinstance(value.get("metadata", {}), dict | None):
        return _gap(kind, api_version, value, origin, "Expected `object` - at `$.metadata`")
    if len(stored) > MOST_BYTES // 2:
        return _gap(kind, api_version, value, origin, "larger than a snapshot can hold")
    return _Object(stored, kind, api_version, origin)


def _gap(kind: str, api_version: str, value: dict[str, Any], origin: Origin | None, error: object) -> Gap:
    metadata = value.get("metadata")
    known = metadata if isinstance(metadata, dict) else {}
    namespace, name = (one if isinstance(one := known.get(key), str) else "" for key in ("namespace", "name"))
    label = "/".join(part for part in (kind, namespace, name) if part)
    found = find(api_version, kind)
    message = _message(origin, f"{label}: {_why(error)}")
    return Gap(
        "malformed", message, found.resource if found else None, namespace or None, origin, (kind, namespace, name)
    )


def _message(origin: Origin | None, error: object) -> str:
    return (f"{origin}: " if origin else "") + _why(error)


def _why(error: object) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _resource(data: bytes) -> str | None:
    """What a page that cannot be decoded seems to list."""
    for match in list(_KIND.finditer(data, 0, 4096))[:2]:
        name = match[1].decode()
        found = find("", name.removesuffix("List") or name)
        if found:
            return found.resource
    return None
