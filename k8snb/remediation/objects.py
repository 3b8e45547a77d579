"""Whole objects, as the source has them: asked of a live cluster, looked up in a recording."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from k8snb.errors import SourceError
from k8snb.inventory.cluster import Cluster
from k8snb.remediation.target import Target, of_object
from k8snb.sources.connection import Connection
from k8snb.sources.connection_answer import Answer, decoded
from k8snb.sources.live import Live
from k8snb.sources.stream import Origin, Page

Raw = dict[str, Any]


class Found(msgspec.Struct, frozen=True):
    """An object with its place in the source's text, where it has one."""

    raw: Raw
    origin: Origin | None = None


def connection_of(cluster: Cluster) -> Connection | None:
    """Give how to ask the cluster itself; None for a recording, manifests or the demo."""
    return cluster.opened.connection if isinstance(cluster.opened, Live) else None


def find(cluster: Cluster, targets: Iterable[Target]) -> dict[Target, Found]:
    """Give those of some objects that exist.

    Raises:
        SourceError: if a live cluster does not give one that it should have.
    """
    wanted = set(targets)
    connection = connection_of(cluster)
    if connection is None:
        return dict(_recorded(cluster, wanted))
    asked = {one: live(connection, one) for one in wanted}
    return {one: Found(raw) for one, raw in asked.items() if raw is not None}


def live(connection: Connection, target: Target) -> Raw | None:
    """Ask for an object as it is now; None if it does not exist.

    Raises:
        SourceError: if it is refused, or there is no answer.
    """
    answer = connection.get(target.path)
    if answer.status == 404:
        return None
    if answer.status != 200 or answer.failed:
        raise SourceError(f"{target} cannot be read: {answer.reason}.", "Fixing needs get on what is fixed.")
    return _object(answer, target)


def _object(answer: Answer, target: Target) -> Raw:
    found = decoded(answer.body, Raw)
    if found is None or "metadata" not in found:
        raise SourceError(f"{target}: the answer is no object.", "Is it a Kubernetes API server?")
    return found


def _recorded(cluster: Cluster, wanted: set[Target]) -> Iterator[tuple[Target, Found]]:
    for part in cluster.opened.parts() if cluster.opened else ():
        for item in part.read():
            if isinstance(item, Page) and any(_may_hold(item.data, one) for one in wanted):
                yield from _of_page(item, wanted)


def _may_hold(data: bytes, target: Target) -> bool:
    return target.name.encode("utf-8", "surrogatepass") in data or b"\\" in data


def _of_page(page: Page, wanted: set[Target]) -> Iterator[tuple[Target, Found]]:
    keys = {(one.kind, one.namespace, one.name): one for one in wanted}
    for raw, origin in _objects(page):
        found = of_object(raw)
        known = keys.get((found.kind, found.namespace, found.name))
        if known:
            yield known, Found(raw, origin)


def _objects(page: Page) -> Iterator[tuple[Raw, Origin | None]]:
    whole = decoded(page.data, Raw) or {}
    items = whole["items"] if isinstance(whole.get("items"), list) else [whole]
    inherited = {"kind": str(whole.get("kind", "")).removesuffix("List"), "apiVersion": whole.get("apiVersion", "")}
    for index, item in enumerate(items):
        if isinstance(item, dict) and isinstance(item.get("metadata"), dict) and "name" in item["metadata"]:
            own = {key: value for key, value in inherited.items() if not item.get(key)}
            yield item | own, page.origins[index] if index < len(page.origins) else None
