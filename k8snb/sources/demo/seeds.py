"""Everything that chance or time decides in a real cluster, derived from names instead."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 16, 8, 0, 0, tzinfo=UTC)
"""When the demo cluster was recorded."""

_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_SPACE = uuid.UUID("6b38736e-6264-4656-8d6f-000000000000")


def uid(kind: str, namespace: str, name: str) -> str:
    """Give `metadata.uid` of an object."""
    return str(uuid.uuid5(_SPACE, f"{kind}/{namespace}/{name}"))


def digest(*parts: object) -> str:
    """Give 64 hexadecimal digits that depend on the parts alone."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()


def number(limit: int, *parts: object) -> int:
    """Give a number from 0 to below the limit."""
    return int(digest(*parts)[:12], 16) % limit


def suffix(length: int, *parts: object) -> str:
    """Give a random-looking suffix in the alphabet that Kubernetes uses (`k8s.io/apimachinery/pkg/util/rand`)."""
    value, letters = int(digest(*parts), 16), ""
    for _ in range(length):
        value, index = divmod(value, len(_LETTERS))
        letters += _LETTERS[index]
    return letters


def before(**ago: float) -> str:
    """Give the RFC 3339 time that was so long before the recording (`days`, `hours`, `minutes`)."""
    return stamp(NOW - timedelta(**ago))


def stamp(when: datetime) -> str:
    """Write a time as Kubernetes does."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: str) -> datetime:
    """Read a time as Kubernetes writes it."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
