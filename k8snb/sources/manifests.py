"""Manifests as a source: a file, a folder of them, or standard input, in YAML or JSON."""

import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from k8snb.errors import UsageError
from k8snb.sources.manifest_file import ManifestPart, content
from k8snb.sources.manifest_folder import manifest_files
from k8snb.sources.stream import Gap, Item, Note, Part
from k8snb.sources.yaml_text import printable

_FORMATS = "Kubernetes manifests are YAML or JSON files."


class Remarks(msgspec.Struct, frozen=True):
    """What was seen while the folder was listed: a part without a file."""

    items: tuple[Gap | Note, ...]
    size: int = 0

    def read(self) -> Iterator[Item]:
        """Give the remarks."""
        yield from self.items


class Manifests(msgspec.Struct):
    """Manifest files as a `Source`; it never claims that a resource was listed, only `complete` says so."""

    name: str
    complete: bool
    pieces: tuple[ManifestPart | Remarks, ...]
    kind: str = "manifests"

    def parts(self) -> tuple[Part, ...]:
        """Give one part for each file, sorted by path, and one for what was seen while listing."""
        return self.pieces


def manifests(path: str, complete: bool) -> Manifests:
    """Open a manifest file or a folder of them, recursively; hidden folders are skipped.

    Args:
        path: A file of any name, or a folder whose `*.yaml`, `*.yml` and `*.json` files are taken.
        complete: Whether these are all objects of the cluster.

    Raises:
        UsageError: if there is no such path, it cannot be read, is empty, or holds no manifest files.
    """
    place, shown = Path(path).expanduser(), printable(path)
    try:
        pieces = _folder(place, shown) if place.is_dir() else (_file(place, shown),)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a valid path"
        message = f"{shown}: {reason}."
        raise UsageError(message, "Name a manifest file, a folder of them, or `-`.") from None
    return Manifests(shown, complete, pieces)


def standard_input(data: bytes, complete: bool) -> Manifests:
    """Take manifests that came through a pipe.

    Args:
        data: YAML or JSON text.
        complete: Whether these are all objects of the cluster.

    Raises:
        UsageError: if there is nothing in it.
    """
    if not data or data.isspace():
        message = "Standard input is empty."
        raise UsageError(message, "Pipe manifests into it, as in `helm template … | k8snb assess -`.")
    return Manifests("-", complete, (ManifestPart("-", "standard input", len(data), data),))


def _file(place: Path, shown: str) -> ManifestPart:
    status = place.stat()
    if stat.S_ISFIFO(status.st_mode):
        data = content(place)
        return ManifestPart(str(place), shown, len(data), data)
    if not stat.S_ISREG(status.st_mode):
        message = f"{shown} is neither a file nor a folder."
        raise UsageError(message, _FORMATS)
    if status.st_size == 0:
        message = f"{shown} is empty."
        raise UsageError(message, _FORMATS)
    with place.open("rb"):
        return ManifestPart(str(place), shown, status.st_size)


def _folder(place: Path, shown: str) -> tuple[ManifestPart | Remarks, ...]:
    parts, remarks, others = manifest_files(place)
    if not parts and not remarks:
        message = f"No YAML or JSON files in {shown}."
        raise UsageError(message, _FORMATS)
    if others:
        remarks.append(Note(f"{others:,} other {'file' if others == 1 else 'files'} in {shown} ignored"))
    return (*parts, Remarks(tuple(remarks))) if remarks else tuple(parts)
