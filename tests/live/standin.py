"""What stands in for an API server where there is none: the same lists, pages and discovery, from objects in memory."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from k8snb.resources.kinds import KINDS, Kind

Reply = tuple[int, bytes]


class Upstream(Protocol):
    """An API server behind the proxy."""

    def ask(self, target: str, headers: Mapping[str, str]) -> Reply:
        """Give status and body for a path with its query."""


class StandIn:
    """Serves objects as an API server lists them; optional kinds only where it has some."""

    def __init__(self, objects: Iterable[dict[str, Any]]) -> None:
        self._lists: dict[str, list[dict[str, Any]]] = {kind.path: [] for kind in KINDS if not kind.optional}
        by_kind = {kind.kind: kind for kind in KINDS}
        for one in objects:
            if one["kind"] in by_kind:
                self._lists.setdefault(by_kind[one["kind"]].path, []).append(one)
        for found in self._lists.values():
            found.sort(key=_key)

    def ask(self, target: str, headers: Mapping[str, str]) -> Reply:  # noqa: ARG002 - whatever is asked for, JSON
        """Answer as an API server would."""
        parts = urlsplit(target)
        if parts.path == "/version":
            return 200, b'{"gitVersion": "v1.37.2", "major": "1", "minor": "37"}'
        if parts.path == "/apis":
            return 200, json.dumps({"kind": "APIGroupDiscoveryList", "items": self._groups()}).encode()
        kind = next((kind for kind in KINDS if kind.path == parts.path), None)
        if kind is None or kind.path not in self._lists:
            return 404, b"404 page not found\n"
        return 200, self._page(kind, {key: value[0] for key, value in parse_qs(parts.query).items()})

    def _page(self, kind: Kind, query: Mapping[str, str]) -> bytes:
        left = [one for one in self._lists[kind.path] if _key(one) > query.get("continue", "")]
        items = left[: int(query.get("limit", "500"))]
        meta = {"continue": _key(items[-1])} if len(items) < len(left) else {}
        return json.dumps({"kind": f"{kind.kind}List", "apiVersion": "v1", "metadata": meta, "items": items}).encode()

    def _groups(self) -> list[dict[str, Any]]:
        return [
            {
                "metadata": {"name": kind.group},
                "versions": [{"version": kind.version, "resources": _resources(kind, self._lists)}],
            }
            for kind in KINDS
            if kind.group and kind.path in self._lists
        ]


def _resources(kind: Kind, served: Mapping[str, Any]) -> list[dict[str, str]]:
    same = (other for other in KINDS if (other.group, other.version) == (kind.group, kind.version))
    return [{"resource": other.resource} for other in same if other.path in served]


def _key(one: Mapping[str, Any]) -> str:
    return f"{one['metadata'].get('namespace', '')}/{one['metadata']['name']}"
