"""Which version of the API server runs, and since when, as it tells itself."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from k8snb.evidence.zpages import page
from k8snb.sources.connection import Connection
from k8snb.sources.stream import Fact, Gap

PATH = "/statusz"
NAME = "status/kube-apiserver"


class _Statusz(msgspec.Struct, tag_field="kind", tag="Statusz"):
    startTime: datetime
    binaryVersion: str
    emulationVersion: str = ""


def read(connection: Connection, seen: str) -> Iterator[Fact | Gap]:
    """Ask for the status.

    Args:
        connection: How to ask.
        seen: When, RFC 3339.

    Yields:
        A fact whose value holds `startTime` (RFC 3339), `binaryVersion` (such as `1.37.2`) and `emulationVersion` (such
        as `1.37`, empty where there is none); or why there is none. Source: Kubernetes, feature `ComponentStatusz`, on
        by default since 1.36.
    """
    found = page(connection, PATH, "Statusz", _Statusz)
    yield found if isinstance(found, Gap) else Fact(NAME, _value(found), "probe", PATH, seen)


def _value(found: _Statusz) -> dict[str, str]:
    return {name: str(value) for name, value in msgspec.to_builtins(found).items() if name != "kind"}
