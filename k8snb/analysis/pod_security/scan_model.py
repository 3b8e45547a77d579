"""What a vulnerability scan of an image is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

SEVERITIES = ("critical", "high", "medium", "low")


class Scan(msgspec.Struct, frozen=True):
    """One scan of one image.

    Attributes:
        keys: What it is known by: digests, and `registry/repository:tag`.
        day: When it was made; None where it does not say.
        counts: Open findings by severity; None where it does not say that packages were looked at.
        where: The object or file it comes from; untrusted text.
    """

    keys: tuple[str, ...]
    day: date | None
    counts: Mapping[str, int] | None
    where: str

    def at_least(self, severity: str) -> int:
        """Count the open findings of a severity or a worse one."""
        return sum((self.counts or {}).get(name, 0) for name in SEVERITIES[: SEVERITIES.index(severity) + 1])


def counted(severities: Iterable[str | None]) -> Mapping[str, int]:
    """Count findings by severity, in any case of letters; a severity that no scanner knows counts as critical."""
    ignorable = {"unknown", "negligible", "none", ""}
    words = ((one or "").lower() for one in severities)
    return Counter(word if word in SEVERITIES else "critical" for word in words if word not in ignorable)


def day(text: str | None) -> date | None:
    """Give the day of an RFC 3339 time; None if it is none."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
