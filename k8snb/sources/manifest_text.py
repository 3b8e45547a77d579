"""What one manifest text holds: objects as pages, each with its place, and what is none."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from k8snb.sources.json_text import is_json_text, is_one_line, json_pages
from k8snb.sources.notes import no_manifest
from k8snb.sources.stream import Gap, Item, Note, Origin, Page
from k8snb.sources.yaml11 import documents
from k8snb.sources.yaml_text import printable, utf8_text

PAGE_ITEMS = 500

_TOOL_FILES = frozenset({"chart.yaml", "chart.yml", "kustomization.yaml", "kustomization.yml"})
_TOOL_GROUP = "kustomize.config.k8s.io/"
_Object = tuple[dict[str, Any], Origin]


def items(data: bytes, file: str) -> Iterator[Item]:
    """Give what a text of YAML or JSON holds.

    Args:
        data: UTF-8, or UTF-16 with a byte order mark.
        file: What to call it in messages and origins.
    """
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
        yield no_manifest(file)


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
