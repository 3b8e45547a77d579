"""Until when operating systems and container runtimes get fixes."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

import msgspec

from k8snb.analysis.releases import releases
from k8snb.data import Dated, load


class LifeCycle(msgspec.Struct, frozen=True):
    """The releases of an operating system or a runtime.

    Attributes:
        name: Its name.
        match: Regular expression that what a node says of itself matches; its group is the release.
        notice: Where the dates are told.
        ends: The last day of each release.
        like_kubernetes: Whether its minor releases live as long as those of Kubernetes with the same number.
    """

    name: str
    match: str
    notice: str
    ends: Mapping[str, date] = {}
    like_kubernetes: bool = False

    def __post_init__(self) -> None:
        if re.compile(self.match).groups != 1:
            message = f"{self.match} has not one group"
            raise ValueError(message)


class EndsOfLife(Dated, frozen=True):
    """What is known of operating systems and container runtimes."""

    systems: tuple[LifeCycle, ...]
    runtimes: tuple[LifeCycle, ...]


class Release(msgspec.Struct, frozen=True):
    """The release that a node says it has.

    Attributes:
        name: Such as `Ubuntu 24.04`.
        end: The last day on which it gets fixes; None if that is not known.
        notice: Where that is told.
    """

    name: str
    end: date | None
    notice: str


@cache
def ends_of_life() -> EndsOfLife:
    """Give what is known."""
    return load("end_of_life", EndsOfLife)


def system(image: str) -> Release | None:
    """Give the release of an operating system, by `osImage` of a node; None if it is not known."""
    return _release(ends_of_life().systems, image)


def runtime(version: str) -> Release | None:
    """Give the release of a container runtime, by `containerRuntimeVersion` of a node; None if it is not known."""
    return _release(ends_of_life().runtimes, version)


def _release(known: tuple[LifeCycle, ...], text: str) -> Release | None:
    for one in known:
        match = re.search(one.match, text)
        if match:
            ends = {minor.minor: minor.end_of_life for minor in releases().minors} if one.like_kubernetes else one.ends
            return Release(f"{one.name} {match[1]}", ends.get(match[1]), one.notice)
    return None
