"""What a cluster serves in an API group, to name what a wildcard stands for."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

import msgspec

from k8snb.sources.connection import Connection
from k8snb.sources.connection_answer import decoded


class _Resource(msgspec.Struct):
    name: str = ""
    verbs: tuple[str, ...] | None = None


class _Resources(msgspec.Struct):
    resources: list[_Resource] | None = None


def discoverer(connection: Connection | None) -> Any:
    """Give what tells the resources of an API group with their verbs; empty where the cluster does not say."""

    @cache
    def discover(group: str) -> Mapping[str, tuple[str, ...]]:
        version = _version(connection, group) if connection else ""
        if connection is None or not version:
            return {}
        found = decoded(connection.get(version).body, _Resources)
        return {one.name: one.verbs or () for one in (found.resources if found else None) or ()}

    return discover


def _version(connection: Connection, group: str) -> str:
    if not group:
        return "/api/v1"
    root = f"/apis/{quote(group, safe='')}"
    told = decoded(connection.get(root).body, dict[str, Any]) or {}
    preferred = told.get("preferredVersion")
    version = preferred.get("version") if isinstance(preferred, dict) else None
    return f"{root}/{quote(version, safe='')}" if isinstance(version, str) else ""
