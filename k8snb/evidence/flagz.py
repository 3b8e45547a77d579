"""The flags in force of an API server, defaults included, as it tells them itself."""

from collections.abc import Iterator

import msgspec

from k8snb.evidence.zpages import page
from k8snb.sources.connection import Connection
from k8snb.sources.stream import Fact, Gap

PATH = "/flagz"
NAME = "flags/kube-apiserver"


class _Flagz(msgspec.Struct, tag_field="kind", tag="Flagz"):
    flags: dict[str, str]


def read(connection: Connection, seen: str) -> Iterator[Fact | Gap]:
    """Ask for the flags.

    Args:
        connection: How to ask.
        seen: When, RFC 3339.

    Yields:
        A fact whose value holds the flags that have a value, by name without dashes, lists joined by commas; or why
        there is none. Source: Kubernetes, feature `ComponentFlagz`, on by default since 1.36.
    """
    found = page(connection, PATH, "Flagz", _Flagz)
    if isinstance(found, Gap):
        yield found
        return
    flags = {name: plain for name, value in sorted(found.flags.items()) if (plain := _plain(value))}
    yield Fact(NAME, flags, "flag", PATH, seen)


def _plain(value: str) -> str:
    """Give a value as a command line has it: a list is told as `[a,b]`."""
    return value[1:-1] if value.startswith("[") and value.endswith("]") else value
