"""Kubernetes releases: which versions are maintained, and which patches are known."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

import msgspec

from k8snb.data import Dated, load

_VERSION = re.compile(r"v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:[-+.].*)?")


class Version(msgspec.Struct, frozen=True, order=True):
    """A Kubernetes version; what vendors append (`+k3s1`, `-gke.100`) does not count."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"v{self.major}.{self.minor}.{self.patch}"


class Minor(msgspec.Struct, frozen=True):
    """What is known of a minor release.

    Attributes:
        minor: Such as `1.35`.
        end_of_life: The last day on which it is maintained.
        patches: Release day by patch number.
    """

    minor: str
    end_of_life: date
    patches: Mapping[str, date]


class Releases(Dated, frozen=True):
    """The minor releases, oldest first."""

    minors: tuple[Minor, ...]


@cache
def releases() -> Releases:
    """Give what is known of Kubernetes' releases. Source: https://kubernetes.io/releases/."""
    return load("releases", Releases)


def parse(text: str | None) -> Version | None:
    """Read a version such as `v1.35.6` or `v1.31.4-eks-2d5f260`; None if it is none."""
    match = _VERSION.fullmatch(text or "")
    return Version(*map(int, match.groups())) if match else None


def find(version: Version) -> Minor | None:
    """Give what is known of a version's minor release; None if nothing is."""
    return next((one for one in releases().minors if one.minor == f"{version.major}.{version.minor}"), None)


def older_than_all(version: Version) -> bool:
    """Say whether a version is older than every minor release of the data."""
    first = tuple(map(int, releases().minors[0].minor.split(".")))
    return (version.major, version.minor) < first


def overdue(version: Version, minor: Minor, today: date, days: int) -> tuple[str, date] | None:
    """Give the newest patch release that is newer than a version and has been out for more than some days.

    Args:
        version: What runs.
        minor: Its minor release.
        today: The day to judge by.
        days: How many days an update may take.

    Returns:
        The patch release and its day; None if there is none in the data.
    """
    newer = [
        (int(patch), day)
        for patch, day in minor.patches.items()
        if int(patch) > version.patch and day + timedelta(days) < today
    ]
    if not newer:
        return None
    patch, day = max(newer)
    return f"v{minor.minor}.{patch}", day


def knows(minor: Minor, today: date, days: int) -> bool:
    """Say whether the data is young enough to know every patch of a minor that is older than some days.

    A minor that had reached its end of life when the data was made gets no further patch.
    """
    made = date.fromisoformat(releases().date)
    return made > minor.end_of_life or today <= made + timedelta(days)
