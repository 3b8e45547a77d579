"""The source of a report, read once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from k8snb.errors import K8snbError, ReportError, SourceError, UsageError
from k8snb.sources.stream import Item, Source


def store(source: Source, path: Path, created: str) -> None:
    """Write a source as a snapshot; one that is a snapshot already is copied.

    Args:
        source: Where the objects come from.
        path: The file to write.
        created: The time to write in it, RFC 3339.

    Raises:
        SourceError: if the source cannot be read.
        ReportError: if the disk is full, or the source too large.
    """
    from k8snb.sources.snapshot import write_snapshot

    existing = getattr(source, "path", None)
    if source.kind in {"snapshot", "demo"} and existing is not None:
        shutil.copyfile(existing, path)
    else:
        try:
            write_snapshot(
                _items(source), path, kind=source.kind, name=source.name, complete=source.complete, created=created
            )
        except (SourceError, UsageError):
            raise
        except K8snbError as error:
            raise ReportError(error.message, error.hint) from error


def _items(source: Source) -> Iterator[Item]:
    for part in source.parts():
        yield from part.read()
