"""Snapshots: a cluster's objects and evidence in one file that can be read again anywhere (`*.k8snb`)."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from k8snb.sources.snapshot_format import INDEX, PageMember
from k8snb.sources.snapshot_read import SnapshotPart, read_index
from k8snb.sources.snapshot_write import write_snapshot

__all__ = ["Snapshot", "is_snapshot", "snapshot", "write_snapshot"]

SUFFIX = ".k8snb"
_MAGIC = b"PK\x03\x04"
_PARTS = 16


class Snapshot(msgspec.Struct, frozen=True):
    """A snapshot as a source.

    Attributes:
        path: Path of the file.
        name: Name of the source that it was made of; untrusted text.
        complete: Whether it is the whole cluster.
        created: When that source was read, RFC 3339.
        original: Kind of that source.
        kind: `snapshot`.
    """

    path: str
    name: str
    complete: bool
    created: str
    original: str
    kind: str = "snapshot"

    def parts(self) -> Sequence[SnapshotPart]:
        """Give shares of about the same size.

        Raises:
            SourceError: if the file is not what its index says.
        """
        index = read_index(self.path)
        shares = _shares(index.pages)
        return [SnapshotPart(self.path, pages, () if at else index.stream) for at, pages in enumerate(shares)]


def snapshot(path: str) -> Snapshot:
    """Open a snapshot.

    Args:
        path: Path of the file.

    Raises:
        SourceError: if it is no snapshot, from a newer version, truncated, tampered with or hostile.
    """
    index = read_index(path)
    return Snapshot(path, index.name, index.complete, index.created, index.kind)


def is_snapshot(path: str) -> bool:
    """Say whether a path names a snapshot: by its suffix, or by its content.

    Args:
        path: Any path; it need not exist.
    """
    if path.endswith(SUFFIX):
        return not Path(path).is_dir()
    try:
        with Path(path).open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return False
        with zipfile.ZipFile(path) as archive:
            return INDEX in archive.NameToInfo
    except (OSError, ValueError, zipfile.BadZipFile):
        return False


def _shares(pages: tuple[PageMember, ...]) -> list[tuple[PageMember, ...]]:
    """Cut the pages into runs of about the same bytes; at least one run, which may be empty."""
    target = sum(page.page.size for page in pages) / _PARTS
    shares: list[list[PageMember]] = [[]]
    for page in pages:
        if shares[-1] and sum(one.page.size for one in shares[-1]) >= target:
            shares.append([])
        shares[-1].append(page)
    return [tuple(share) for share in shares]
