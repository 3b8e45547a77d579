"""Manifest files: one file as a part of a source, read once and within bounds."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from k8snb.sources.manifest_text import items
from k8snb.sources.stream import Cause, Gap, Item, Note, Origin
from k8snb.sources.yaml_text import printable

MAX_FILE_BYTES = 2 << 30


class ManifestPart(msgspec.Struct, frozen=True):
    """One manifest file.

    Attributes:
        path: Where it is; ignored if `data` is given.
        file: What to call it in messages and origins; one printable line.
        size: In bytes.
        data: Its content, where that was read already (standard input).
    """

    path: str
    file: str
    size: int
    data: bytes | None = None

    def read(self) -> Iterator[Item]:
        """Give its objects; what cannot be read or parsed is a `Gap`."""
        try:
            data = content(Path(self.path)) if self.data is None else self.data
        except OSError as error:
            yield unread(self.file, error)
            return
        if len(data) > MAX_FILE_BYTES:
            message = f"{self.file}: larger than {MAX_FILE_BYTES >> 30} GiB; split it"
            yield Gap("unsupported", message, origin=Origin(self.file))
            return
        yield from items(data, self.file)


def content(place: Path) -> bytes:
    """Read a file or a pipe, at most one byte more than is allowed.

    Raises:
        OSError: if it cannot be read.
    """
    with place.open("rb") as file:
        status = os.fstat(file.fileno())
        is_bounded = stat.S_ISREG(status.st_mode) and status.st_size <= MAX_FILE_BYTES
        return file.read() if is_bounded else file.read(MAX_FILE_BYTES + 1)


def listed(path: str, remarks: list[Gap | Note]) -> ManifestPart | None:
    """Give the part of a file that a folder lists; where it is no file that can be read, a remark and None."""
    try:
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "not a regular file")
    except OSError as error:
        remarks.append(unread(path, error))
        return None
    return ManifestPart(path, _shown(path), status.st_size)


def _shown(path: str) -> str:
    return printable(path.removeprefix("./"))


def unread(path: str, error: OSError) -> Gap:
    """Tell that a file or folder cannot be read."""
    shown = _shown(path)
    cause: Cause = "forbidden" if isinstance(error, PermissionError) else "unreachable"
    return Gap(cause, f"{shown}: {error.strerror or 'cannot be read'}", origin=Origin(shown))
