"""Pods as they came, told apart before they are decoded: most equal one that was seen already."""

from collections.abc import Sequence
from hashlib import sha256
from operator import attrgetter
from typing import Any

import msgspec

from k8snb.inventory.decode import convert, items_of
from k8snb.inventory.pods import to_be_read
from k8snb.resources.kinds import BY_TYPE
from k8snb.resources.pod import INJECTED_TOKEN, Placement, PodSpec
from k8snb.resources.workload import Pod, PodMetadata
from k8snb.sources.stream import Page

_RAW = msgspec.Raw(b"null")
_BETWEEN = b"\0"
"""Stands between two texts of JSON; it cannot stand in one."""
_TOKEN = INJECTED_TOKEN.encode()
_NAME = len(_TOKEN) + 5
_ANY, _ONE, _OTHER = (_TOKEN + suffix + b'"' for suffix in (b"\1", b"00000", b"11111"))


class UnclearError(ValueError):
    """What a pod is can be told only by decoding all of it."""


def _outline(view: type, **kept: Any) -> type[msgspec.Struct]:
    """Give a view with every field left as it came, but those that differ from pod to pod."""
    names = msgspec.structs.fields(view)
    fields = [(one.name, *(kept.get(one.name) or (msgspec.Raw, _RAW))) for one in names]
    return msgspec.defstruct(view.__name__, fields, frozen=True, gc=False)


_METADATA = _outline(PodMetadata, name=(str, ""), uid=(str | None, None))
_SPEC = _outline(PodSpec, nodeName=(str | None, None))
_POD = _outline(
    Pod,
    apiVersion=(str, ""),
    kind=(str, ""),
    metadata=(_METADATA, _METADATA()),
    spec=(_SPEC, _SPEC()),
    **{field.name: (field.type, field.default) for field in msgspec.structs.fields(Pod) if field.name == "status"},
)
_LIST = msgspec.defstruct("PodList", [("kind", str | None, None), ("items", tuple[_POD, ...] | None, None)], gc=False)  # type: ignore[valid-type]
_DECODER = msgspec.json.Decoder(_LIST)
_FIELDS = {
    field.name: msgspec.json.Decoder(field.type, dec_hook=convert)
    for field in msgspec.structs.fields(PodSpec)
    if field.name != "nodeName"
}
_RAW_PARTS = attrgetter("metadata.namespace", "metadata.labels", *(f"spec.{name}" for name in _FIELDS))
_namespace = msgspec.json.Decoder(str | None).decode
_owners = msgspec.json.Decoder(
    next(field.type for field in msgspec.structs.fields(PodMetadata) if field.name == "ownerReferences")
).decode


def outlines(page: Page) -> Sequence[Any] | None:
    """Give the pods of a page with nothing decoded that most of them share; None if it is no plain list of pods."""
    return items_of(page, BY_TYPE[Pod], _DECODER)


def text(one: Any) -> bytes:
    """Give everything that tells a set of pods from every other, as it came."""
    owners, annotations = bytes(one.metadata.ownerReferences), bytes(one.metadata.annotations)
    name = b"" if b"controller" in owners else one.metadata.name.encode()
    relevant = annotations if to_be_read(annotations) else b"null"
    return _BETWEEN.join((name, owners, relevant, *_RAW_PARTS(one)))


def fingerprint(content: bytes) -> bytes:
    """Give a digest of the text, that is the same whatever suffix the volume of the injected token got."""
    return sha256(_with_suffix(content, _ANY)).digest()


def _with_suffix(content: bytes, wanted: bytes) -> bytes:
    start = content.find(_TOKEN)
    found = content[start : start + len(_ONE)] if start >= 0 else b""
    if found.endswith(b'"') and found[len(_TOKEN) : _NAME].isalnum():
        return content.replace(found, wanted)
    return content


def pod(one: Any, content: bytes) -> Pod:
    """Decode a pod.

    Args:
        one: Its outline.
        content: Its text.

    Raises:
        msgspec.MsgspecError: if a field is not what it should be.
        UnclearError: if a pod with the same fingerprint need not be the same.
    """
    name, owners, annotations, namespace, labels, *fields = content.split(_BETWEEN)
    metadata = PodMetadata(
        one.metadata.name,
        _namespace(namespace),
        one.metadata.uid,
        msgspec.Raw(labels),
        msgspec.Raw(annotations),
        _owners(owners),
    )
    if not name and not any(owner.controller for owner in metadata.ownerReferences or ()):
        raise UnclearError
    spec = _spec(fields)
    if any(_spec(_with_suffix(content, suffix).split(_BETWEEN)[5:]) != spec for suffix in _suffixes(content)):
        raise UnclearError
    node = one.spec.nodeName
    placed = msgspec.structs.replace(spec, nodeName=None if node is None else Placement(node))
    return Pod(one.apiVersion, one.kind, metadata, placed, one.status)


def _suffixes(content: bytes) -> tuple[bytes, ...]:
    return () if _with_suffix(content, _ANY) == content else (_OTHER,) if _ONE in content else (_ONE,)


def _spec(fields: Sequence[bytes]) -> PodSpec:
    pairs = zip(_FIELDS.items(), fields, strict=True)
    return PodSpec(**{name: decoder.decode(field) for (name, decoder), field in pairs})
