"""Manifests as a source: a file, a folder of them, or standard input, in YAML or JSON."""

import os
import stat
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec

from k8snb.errors import UsageError
from k8snb.sources.json_text import is_json_text, is_one_line, json_pages
from k8snb.sources.stream import Cause, Gap, Item, Note, Origin, Page, Part
from k8snb.sources.yaml11 import documents, printable, utf8_text

MAX_FILE_BYTES = 2 << 30
PAGE_ITEMS = 500
SUFFIXES = frozenset({".yaml", ".yml", ".json"})

_TOOL_FILES = frozenset({"chart.yaml", "chart.yml", "kustomization.yaml", "kustomization.yml"})
_TOOL_GROUP = "kustomize.config.k8s.io/"
_Object = tuple[dict[str, Any], Origin]
_FORMATS = "Kubernetes manifests are YAML or JSON files."


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
            data = _content(Path(self.path)) if self.data is None else self.data
        except OSError as error:
            yield _unread(self.file, error)
            return
        if len(data) > MAX_FILE_BYTES:
            message = f"{self.file}: larger than {MAX_FILE_BYTES >> 30} GiB; split it"
            yield Gap("unsupported", message, origin=Origin(self.file))
            return
        yield from _items(data, self.file)


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
        data = _content(place)
        return ManifestPart(str(place), shown, len(data), data)
    if not stat.S_ISREG(status.st_mode):
        message = f"{shown} is neither a file nor a folder."
        raise UsageError(message, _FORMATS)
    if status.st_size == 0:
        message = f"{shown} is empty."
        raise UsageError(message, _FORMATS)
    with place.open("rb"):
        return ManifestPart(str(place), shown, status.st_size)


def _content(place: Path) -> bytes:
    with place.open("rb") as file:
        status = os.fstat(file.fileno())
        is_bounded = stat.S_ISREG(status.st_mode) and status.st_size <= MAX_FILE_BYTES
        return file.read() if is_bounded else file.read(MAX_FILE_BYTES + 1)


def _folder(place: Path, shown: str) -> tuple[ManifestPart | Remarks, ...]:
    os.scandir(place).close()
    remarks: list[Gap | Note] = []
    parts: list[ManifestPart] = []
    others = 0
    for path in _walk(place, remarks):
        if Path(path).suffix.lower() not in SUFFIXES:
            others += 1
        elif (part := _listed(path, remarks)) is not None:
            parts.append(part)
    if not parts and not any(isinstance(remark, Gap) for remark in remarks):
        message = f"No YAML or JSON files in {shown}."
        raise UsageError(message, _FORMATS)
    if others:
        remarks.append(Note(f"{others:,} other {'file' if others == 1 else 'files'} in {shown} ignored"))
    return (*parts, Remarks(tuple(remarks))) if remarks else tuple(parts)


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
            remarks.append(_unread(folder, error))
            continue
        listing.sort(key=itemgetter(0))
        yield from (path for _, path, is_folder in listing if is_folder is False)
        pending.extend(path for name, path, is_folder in reversed(listing) if is_folder and not name.startswith("."))


def _is_folder(entry: os.DirEntry[str], remarks: list[Gap | Note]) -> bool | None:
    try:
        return entry.is_dir()
    except OSError as error:
        remarks.append(_unread(entry.path, error))
        return None


def _listed(path: str, remarks: list[Gap | Note]) -> ManifestPart | None:
    try:
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "not a regular file")
    except OSError as error:
        remarks.append(_unread(path, error))
        return None
    return ManifestPart(path, _shown(path), status.st_size)


def _shown(path: str) -> str:
    return printable(path.removeprefix("./"))


def _unread(path: str, error: OSError) -> Gap:
    shown = _shown(path)
    cause: Cause = "forbidden" if isinstance(error, PermissionError) else "unreachable"
    return Gap(cause, f"{shown}: {error.strerror or 'cannot be read'}", origin=Origin(shown))


def _items(data: bytes, file: str) -> Iterator[Item]:
    text = utf8_text(data)
    if text is None:
        yield Gap("malformed", f"{file}:1: not text", origin=Origin(file))
    elif (is_one_line(text) or b"\n---" not in text) and (file.lower().endswith(".json") or is_json_text(text)):
        yield from json_pages(text, file)
    else:
        yield from _yaml_pages(text, file)


def _yaml_pages(text: bytes, file: str) -> Iterator[Item]:
    objects: list[_Object] = []
    for found in _objects(text, file):
        if not isinstance(found, tuple):
            yield found
            continue
        objects.append(found)
        if len(objects) == PAGE_ITEMS:
            yield _page(objects)
            objects = []
    if objects:
        yield _page(objects)


def _objects(text: bytes, file: str) -> Iterator[_Object | Gap | Note]:
    """Give the objects of a YAML text, or one `Note` if none of its documents claims to be an object."""
    unclaimed: list[Origin] = []
    claimed = for_tool = False
    for document in documents(text, file):
        if isinstance(document, Gap):
            yield document
            continue
        origin = Origin(file, document.document, document.line)
        if _is_for_tool(document.value, file):
            for_tool = True
        elif not _claims(document.value):
            unclaimed.append(origin)
        else:
            claimed = True
            for found in _flatten(document.value):
                yield _refused(found, origin) if isinstance(found, str) else (found, origin)
    if claimed:
        yield from (_refused("a document without kind and apiVersion", origin) for origin in unclaimed)
    elif unclaimed or for_tool:
        yield Note(f"{file} is not a Kubernetes manifest")


def _page(objects: list[_Object]) -> Page:
    data = msgspec.json.encode({"kind": "List", "items": [value for value, _ in objects]})
    return Page(data, tuple(origin for _, origin in objects))


def _refused(why: str, origin: Origin) -> Gap:
    return Gap("malformed", f"{origin.file}:{origin.line}: {why}", origin=origin)


def _is_for_tool(value: Any, file: str) -> bool:
    """Tell whether a document is read by Helm or Kustomize, not by Kubernetes."""
    group = value.get("apiVersion") if isinstance(value, dict) else None
    return Path(file).name.lower() in _TOOL_FILES or (isinstance(group, str) and group.startswith(_TOOL_GROUP))


def _claims(value: Any) -> bool:
    """Tell whether a document may be meant for Kubernetes; a settings file such as `values.yaml` is not."""
    if isinstance(value, dict):
        return "kind" in value or "apiVersion" in value
    return not isinstance(value, list) or any(isinstance(item, dict) and _claims(item) for item in value)


def _flatten(value: Any, api_version: str = "", kind: str = "") -> Iterator[dict[str, Any] | str]:
    """Give the objects of a document, lists taken apart, or why there is none.

    The items of a typed list (`PodList`) may leave `kind` and `apiVersion` to their list, as the API
    sends them.
    """
    if not isinstance(value, dict):
        yield "not a Kubernetes object"
        return
    name, group = value.get("kind") or kind, value.get("apiVersion") or api_version
    if not isinstance(name, str) or not isinstance(group, str) or not name:
        yield "an object without a kind" if not name else "kind and apiVersion must be text"
    elif name.endswith("List") and "items" in value:
        items = [] if value["items"] is None else value["items"]
        if not isinstance(items, list):
            yield f"{printable(name, 80)}: items is no list"
            return
        inherited = ("", "") if name == "List" else (group, name.removesuffix("List"))
        for item in items:
            yield from _flatten(item, *inherited)
    elif not group:
        yield f"{printable(name, 80)} without an apiVersion"
    else:
        yield value | {"apiVersion": group, "kind": name}
