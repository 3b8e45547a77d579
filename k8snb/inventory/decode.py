"""From a page of JSON to typed objects, one malformed object at a time where there is one."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from k8snb.resources.kinds import KINDS, Kind, find
from k8snb.resources.pod import INJECTED_TOKEN, Placement, VolumeName
from k8snb.sources.stream import Cause, Gap, Origin, Page

_KIND = re.compile(rb'"kind"\s*:\s*"([A-Za-z]{1,80})"')
_HEAD_BYTES = 4096


class Batch(msgspec.Struct, frozen=True):
    """Objects of one kind, each with its place in the source's text (or None)."""

    kind: Kind
    objects: tuple[Any, ...]
    origins: tuple[Origin | None, ...]


class Skipped(msgspec.Struct, frozen=True):
    """An object of a kind that no control reads, as it calls itself."""

    kind: str
    api_version: str = ""


class _Head(msgspec.Struct):
    apiVersion: str | None = None
    kind: str | None = None
    metadata: dict[str, Any] | None = None
    items: list[msgspec.Raw] | None = None


def decode(page: Page) -> Iterator[Batch | Skipped | Gap]:
    """Give the objects of a page.

    Args:
        page: JSON as a source gave it: an object, a typed list or a mixed list.

    Yields:
        Batches of typed objects, kinds that are not read, and a `Gap` for everything that could not be decoded. Fields
        that are not assessed are not looked at.
    """
    kind = _guess(page.data)
    if kind is not None:
        batch = _fast(page, kind)
        if batch is not None:
            yield batch
            return
    yield from _one_by_one(page)


def _guess(data: bytes) -> Kind | None:
    for match in list(_KIND.finditer(data, 0, _HEAD_BYTES))[:2]:
        name = match[1].decode()
        kind = find("", name.removesuffix("List") or name)
        if kind is not None:
            return kind
    return None


def _fast(page: Page, kind: Kind) -> Batch | None:
    items = _items(page, kind, _list_decoder(kind))
    return None if items is None else Batch(kind, items, origins_of(page, len(items)))


def items_of(page: Page, kind: Kind, decoder: msgspec.json.Decoder[Any]) -> tuple[Any, ...] | None:
    """Decode a page at once by a decoder of its own if all of it is a well-formed list of that kind.

    Args:
        page: JSON as a source gave it.
        kind: What to look for.
        decoder: What decodes the list; its items have `apiVersion` and `kind`.
    """
    return _items(page, kind, decoder) if _guess(page.data) == kind else None


def _items(page: Page, kind: Kind, decoder: msgspec.json.Decoder[Any]) -> tuple[Any, ...] | None:
    try:
        head = decoder.decode(page.data)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None
    items: tuple[Any, ...] | None = head.items
    if items is None or head.kind not in {f"{kind.kind}List", "List"}:
        return None
    version = getattr(head, "apiVersion", None) if head.kind != "List" else None
    if version and find(version, kind.kind) not in {None, kind}:
        return None
    for item in items:
        if (item.kind and item.kind != kind.kind) or (item.apiVersion and find(item.apiVersion, kind.kind) != kind):
            return None
    return items


def origins_of(page: Page, count: int) -> tuple[Origin | None, ...]:
    """Give the place of each item of a page, as far as it is known."""
    if len(page.origins) == count:
        return page.origins
    return (page.origins[0] if page.origins else None,) * count


def _one_by_one(page: Page) -> Iterator[Batch | Skipped | Gap]:
    origin = page.origins[0] if page.origins else None
    try:
        head = msgspec.json.decode(page.data, type=_Head)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        guess = _guess(page.data)
        yield Gap(
            "malformed", f"{_where(origin)}{_why(error)}", resource=guess.resource if guess else None, origin=origin
        )
        return
    if head.items is None:
        yield _object(page.data, head, origin, "", "")
        return
    inherited = (head.kind or "List").removesuffix("List")
    for item, place in zip(head.items, origins_of(page, len(head.items)), strict=True):
        yield from _item(bytes(item), place, inherited, head.apiVersion or "")


def _item(data: bytes, origin: Origin | None, kind: str, api_version: str) -> Iterator[Batch | Skipped | Gap]:
    try:
        head = msgspec.json.decode(data, type=_Head)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        yield Gap("malformed", f"{_where(origin)}{_why(error)}", origin=origin)
        return
    if head.items is not None and (head.kind or "").endswith("List"):
        yield from decode(Page(data, (origin,) if origin else ()))
        return
    yield _object(data, head, origin, kind, api_version)


def _object(data: bytes, head: _Head, origin: Origin | None, kind: str, api_version: str) -> Batch | Skipped | Gap:
    name = head.kind or kind
    if not name:
        return Gap("malformed", f"{_where(origin)}an object without a kind", origin=origin)
    found = find(head.apiVersion or ("" if head.kind else api_version), name)
    if found is None:
        return _unknown(data, name, head.apiVersion or api_version, origin)
    try:
        return Batch(found, (_decoder(found).decode(data),), (origin,))
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        subject = (name, _text(head.metadata, "namespace"), _text(head.metadata, "name"))
        label = "/".join(part for part in subject if part)
        return Gap(
            "malformed", f"{_where(origin)}{label}: {_why(error)}", found.resource, subject[1] or None, origin, subject
        )


class _Status(msgspec.Struct):
    """`metav1.Status`: what an API server says instead of a list."""

    status: str | None = None
    message: str | None = None
    code: int | None = None


def _unknown(data: bytes, name: str, api_version: str, origin: Origin | None) -> Skipped | Gap:
    """Say of a kind that is not read whether it is another one misspelt, or a refusal that was saved to a file."""
    if name == "Status" and api_version == "v1":
        status = _refusal(data)
        if status.status == "Failure":
            cause: Cause = "forbidden" if status.code in {401, 403} else "unreachable"
            return Gap(
                cause, f"{_where(origin)}the answer of an API server: {status.message or 'failure'}", origin=origin
            )
    near = next((one.kind for one in KINDS if name.lower() in {one.kind.lower(), f"{one.kind.lower()}s"}), None)
    if near and near != name and find(api_version, near):
        return Gap("malformed", f"{_where(origin)}there is no kind {name[:63]}; is {near} meant?", origin=origin)
    return Skipped(name, api_version)


def _refusal(data: bytes) -> _Status:
    try:
        return msgspec.json.decode(data, type=_Status)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return _Status()


def _text(metadata: dict[str, Any] | None, key: str) -> str:
    value = (metadata or {}).get(key)
    return value if isinstance(value, str) else ""


def _where(origin: Origin | None) -> str:
    return f"{origin}: " if origin else ""


def _why(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def convert(wanted: type, value: Any) -> Any:
    """Make the two string-like types of a pod's spec; msgspec calls it while decoding."""
    if not isinstance(value, str):
        message = f"Expected `str`, got `{type(value).__name__}`"
        raise ValueError(message)
    if wanted is Placement:
        return Placement(value)
    if value.startswith(INJECTED_TOKEN) and len(value) == len(INJECTED_TOKEN) + 5:
        return INJECTED_TOKEN
    return VolumeName(value)


@cache
def _decoder(kind: Kind) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind.type, dec_hook=convert)


@cache
def _list_decoder(kind: Kind) -> msgspec.json.Decoder[Any]:
    items: Any = tuple.__class_getitem__((kind.type, ...))
    fields: list[tuple[str, Any, Any]] = [
        ("kind", str | None, None),
        ("apiVersion", str | None, None),
        ("items", items | None, None),
    ]
    listed = msgspec.defstruct(f"{kind.kind}List", fields, frozen=True, gc=False)
    return msgspec.json.Decoder(listed, dec_hook=convert)
