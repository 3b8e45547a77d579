"""Folders of manifest files."""

import os
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

from k8snb.sources.manifest_file import ManifestPart, listed, unread
from k8snb.sources.stream import Gap, Note

SUFFIXES = frozenset({".yaml", ".yml", ".json"})


def manifest_files(place: Path) -> tuple[list[ManifestPart], list[Gap | Note], int]:
    """List the manifest files of a folder, recursively and sorted; hidden folders are skipped.

    Returns:
        The files, what could not be read, and how many other files there are.

    Raises:
        OSError: if the folder itself cannot be read.
    """
    os.scandir(place).close()
    remarks: list[Gap | Note] = []
    parts: list[ManifestPart] = []
    others = 0
    for path in _walk(place, remarks):
        if Path(path).suffix.lower() not in SUFFIXES:
            others += 1
        elif (part := listed(path, remarks)) is not None:
            parts.append(part)
    return parts, remarks, others


def _walk(place: Path, remarks: list[Gap | Note]) -> Iterator[str]:
    """Give every file below a folder, sorted; a folder that several links reach is walked once."""
    pending, seen = [str(place)], set()
    while pending:
        folder = pending.pop()
        try:
            status = Path(folder).stat()
            if (identity := (status.st_dev, status.st_ino)) in seen:
                continue
            seen.add(identity)
            with os.scandir(folder) as entries:
                listing = [(entry.name, entry.path, _is_folder(entry, remarks)) for entry in entries]
        except OSError as error:
            remarks.append(unread(folder, error))
            continue
        listing.sort(key=itemgetter(0))
        yield from (path for _, path, is_folder in listing if is_folder is False)
        pending.extend(path for name, path, is_folder in reversed(listing) if is_folder and not name.startswith("."))


def _is_folder(entry: os.DirEntry[str], remarks: list[Gap | Note]) -> bool | None:
    try:
        return entry.is_dir()
    except OSError as error:
        remarks.append(unread(entry.path, error))
        return None
