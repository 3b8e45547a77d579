"""The official CVE feed of Kubernetes: which entries concern a version, and whether it may be trusted to say none."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import zip_longest
from typing import Literal

import msgspec

from k8snb.analysis.releases import find, older_than_all, parse
from k8snb.analysis.running import Number, number
from k8snb.data import Dated, load

FRESH_DAYS = 60
"""After so many days the absence of an entry proves nothing any more."""


class Range(msgspec.Struct, frozen=True):
    """Versions that are affected.

    Attributes:
        introduced: The first one; `0` for all.
        fixed: The first that is not affected any more; empty where `last` tells, or nothing is fixed.
        last: The last one that is affected.
    """

    introduced: str = "0"
    fixed: str = ""
    last: str = ""


class Entry(msgspec.Struct, frozen=True):
    """An entry of the feed.

    Attributes:
        id: Such as `CVE-2025-1974`.
        component: What is affected, as `Running.name` calls it.
        affected: In which versions.
        summary: One clause.
        url: Where it was told.
        severity: By its CVSS base score; empty when that is not known.
        only: `windows` if only that is affected.
        unfixed: Whether the project does not mend it in any version; it asks for measures, not for an update.
    """

    id: str
    component: str
    affected: tuple[Range, ...]
    summary: str
    url: str
    severity: Literal["", "critical", "high", "medium", "low"] = ""
    only: Literal["", "windows"] = ""
    unfixed: bool = False


class Feed(Dated, frozen=True):
    """The feed.

    Attributes:
        covers: The oldest version, by component, from which on every entry up to its date is in it.
        entries: The entries.
    """

    covers: Mapping[str, str]
    entries: tuple[Entry, ...]


@cache
def feed() -> Feed:
    """Give the feed. Source: https://kubernetes.io/docs/reference/issues-security/official-cve-feed/."""
    return load("cves", Feed)


def concerning(component: str, version: Number, *, windows: bool) -> Iterator[Entry]:
    """Give the entries that concern a version of a component, those without any fix among them."""
    for entry in feed().entries:
        mine = entry.component == component and (windows or entry.only != "windows")
        if mine and any(_within(version, one) for one in entry.affected):
            yield entry


def _within(version: Number, one: Range) -> bool:
    if _less(version, number(one.introduced) or ()):
        return False
    if one.fixed:
        return _less(version, number(one.fixed) or ())
    return not one.last or not _less(number(one.last) or (), version)


def _less(one: Number, other: Number) -> bool:
    return next((a < b for a, b in zip_longest(one, other, fillvalue=0) if a != b), False)


def silent(component: str, text: str, version: Number, today: date) -> str:
    """Say why the feed's silence about a version proves nothing; empty when it does.

    It proves something only while the feed covers the component and the version, is not older than 60 days, and was
    made after the version came out and before its end of life: it names no affected versions that nobody maintains.

    Args:
        component: As `Running.name` calls it.
        text: The version as it was seen.
        version: The same as numbers.
        today: The day to judge by.
    """
    known, made = feed(), date.fromisoformat(feed().date)
    oldest = known.covers.get(component)
    if oldest is None:
        return f"the CVE feed does not cover {component}"
    if _less(version, number(oldest) or ()):
        return f"the CVE feed that is kept here covers {component} from {oldest} on"
    if today > made + timedelta(FRESH_DAYS):
        return f"the CVE feed that is kept here is of {made}; k8snb data update brings a newer one"
    return "" if component == "ingress-nginx" else _released_later(text, made)


def _released_later(text: str, made: date) -> str:
    version = parse(text)
    minor = find(version) if version else None
    if version is None or older_than_all(version) or (minor and minor.end_of_life < made):
        return f"the CVE feed of {made} does not look at versions that were no longer maintained then, such as {text}"
    days = {int(patch): day for patch, day in (minor.patches if minor else {}).items()}
    if any(patch >= version.patch and day <= made for patch, day in days.items()):
        return ""
    if version.patch in days:
        return f"{version} came out on {days[version.patch]}, after the CVE feed of {made} that is kept here"
    return f"it is not known whether {version} came out before the CVE feed of {made} that is kept here"
