"""Reading a snapshot: what was written, or one clear line."""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from k8snb.errors import SourceError
from k8snb.sources.snapshot_format import (
    FAMILY,
    FORMAT,
    FREE_TOTAL,
    INDEX,
    MEMBER,
    MOST_BYTES,
    MOST_RATIO,
    MOST_TOTAL,
    Entry,
    Index,
    Member,
    PageMember,
)
from k8snb.sources.stream import Fact, Gap, Item, Listed, Note, Origin, Page

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)
_STORABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_AGAIN = "Make it again with `k8snb snapshot`, or copy it again from where it came."


class _Version(msgspec.Struct):
    format: str


class SnapshotPart(msgspec.Struct, frozen=True):
    """A share of a snapshot's pages, and of everything else if it is the first.

    Attributes:
        path: Path of the file.
        pages: Pages to read.
        stream: Stream files to read.
    """

    path: str
    pages: tuple[PageMember, ...]
    stream: tuple[Member, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of its pages."""
        return sum(page.page.size for page in self.pages)

    def read(self) -> Iterator[Item]:
        """Give the stream.

        Raises:
            SourceError: if a member is not what the index says. Nothing of the snapshot can be trusted then.
        """
        with opened(self.path) as archive:
            for member in self.stream:
                yield from map(_item, _decoded(archive, member, list[Entry], self.path))
            for page in self.pages:
                data = content(archive, page.page, self.path)
                yield Page(data, self._origins(archive, page))

    def _origins(self, archive: zipfile.ZipFile, page: PageMember) -> tuple[Origin, ...]:
        if page.origins is None:
            return ()
        rows = _decoded(archive, page.origins, list[tuple[str, int, int]], self.path)
        return tuple(Origin(*row) for row in rows)


@contextmanager
def opened(path: str) -> Iterator[zipfile.ZipFile]:
    """Open a snapshot's zip.

    Args:
        path: Path of the file.

    Raises:
        SourceError: if it is no zip or damaged, also while it is read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error
    except _BROKEN as error:
        raise damaged(path, "it is no whole zip file") from error


def damaged(path: str, why: str) -> SourceError:
    """Make the error of a snapshot that cannot be trusted."""
    return SourceError(f"{path} is not a whole k8snb snapshot: {why}.", _AGAIN)


def content(archive: zipfile.ZipFile, member: Member, path: str) -> bytes:
    """Give the content of a member, no more bytes than its size, and only if its SHA-256 is right.

    Args:
        archive: The open zip.
        member: What the index says about it.
        path: Path of the file, for the error.

    Raises:
        SourceError: if it is not what the index says.
    """
    data = _bounded(archive, member.file, member.size, path)
    if len(data) != member.size or hashlib.sha256(data).hexdigest() != member.sha256:
        raise damaged(path, f"{member.file} has been changed (its SHA-256 differs)")
    return data


def _bounded(archive: zipfile.ZipFile, name: str, most: int, path: str) -> bytes:
    with archive.open(name) as file:
        data = file.read(most + 1)
        if len(data) > most:
            raise damaged(path, f"{name} is larger than it says")
        return data


def _decoded(archive: zipfile.ZipFile, member: Member, wanted: Any, path: str) -> Any:
    try:
        return msgspec.json.decode(content(archive, member, path), type=wanted)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise damaged(path, f"{member.file} has the wrong form") from error


def _item(entry: Entry) -> Listed | Gap | Fact | Note:
    found = entry.listed or entry.gap or entry.fact or entry.note
    if found is None:
        message = "an empty entry"
        raise ValueError(message)
    return found


def read_index(path: str) -> Index:
    """Give the index of a snapshot, checked against the file's members.

    Args:
        path: Path of the file.

    Raises:
        SourceError: if it is no snapshot, from a newer version, truncated, tampered with or hostile.
    """
    with opened(path) as archive:
        infos = archive.infolist()
        if INDEX not in archive.NameToInfo:
            raise SourceError(f"{path} is not a k8snb snapshot: it holds no {INDEX}.", "Name a `*.k8snb` file.")
        _check_members(infos, path)
        data = _bounded(archive, INDEX, MOST_BYTES, path)
        index = _index(data, path)
    _check_index(index, {info.filename: info.file_size for info in infos}, path)
    return index


def _check_members(infos: list[zipfile.ZipInfo], path: str) -> None:
    """Refuse whatever the writer never writes, before anything is unpacked."""
    names = {info.filename for info in infos}
    if len(names) != len(infos):
        raise damaged(path, "a member is there twice")
    for info in infos:
        if info.filename != INDEX and not MEMBER.fullmatch(info.filename):
            raise damaged(path, f"unexpected member {info.filename[:80]!r}")
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _STORABLE:
            raise damaged(path, f"{info.filename} is encrypted or packed in an unknown way")
        if info.file_size > MOST_BYTES:
            raise damaged(path, f"{info.filename} would unpack to more than {MOST_BYTES // 2**20} MiB")
    total, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
    if total > MOST_TOTAL or (total > FREE_TOTAL and total > MOST_RATIO * packed):
        raise damaged(path, f"it would unpack to {total // 2**20:,} MiB, which is out of proportion")


def _index(data: bytes, path: str) -> Index:
    try:
        version = msgspec.json.decode(data, type=_Version).format
        if version != FORMAT and version.startswith(FAMILY):
            raise SourceError(f"{path} was written by a newer k8snb (format {version[:40]}).", "Update k8snb.")
        if version != FORMAT:
            raise SourceError(f"{path} is not a k8snb snapshot.", "Name a `*.k8snb` file.")
        return msgspec.json.decode(data, type=Index)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise damaged(path, f"{INDEX} has the wrong form ({error})") from error


def _check_index(index: Index, sizes: dict[str, int], path: str) -> None:
    members = index.members
    listed = {member.file: member.size for member in members}
    if len(listed) != len(members):
        raise damaged(path, "a page is listed twice")
    for name in sorted(listed.keys() - sizes.keys()):
        raise damaged(path, f"{name[:80]} is missing")
    for name in sorted(sizes.keys() - listed.keys() - {INDEX}):
        raise damaged(path, f"{name} is not in its index")
    for name, size in listed.items():
        if sizes[name] != size or name == INDEX:
            raise damaged(path, f"{name} has not the size that the index says")
