"""Adding a page of pods to their sets, decoding only those that are unlike any before."""

from collections.abc import Sequence
from typing import Any

import msgspec

from k8snb.inventory.decode import origins_of
from k8snb.inventory.outline import fingerprint, outlines, pod, text
from k8snb.inventory.pods import PodSet, PodSets, labels, profiles
from k8snb.resources.workload import Pod
from k8snb.sources.stream import Page

_MOST = 65536
"""How many fingerprints are remembered."""


class PodPages:
    """Adds pages of pods to sets.

    Attributes:
        sets: What the pods are added to.
    """

    def __init__(self, sets: PodSets) -> None:
        self.sets = sets
        self._known: dict[bytes, PodSet] = {}

    def add(self, page: Page) -> bool:
        """Add all pods of a page.

        Returns:
            Whether it was done: a page with anything else in it, or with anything wrong in it, is left as it is.
        """
        pods = outlines(page)
        if pods is None:
            return False
        try:
            prints, fresh = self._look(pods)
        except (msgspec.MsgspecError, RecursionError, ValueError):
            return False
        self._keep(page, pods, prints, fresh)
        return True

    def _look(self, pods: Sequence[Any]) -> tuple[list[bytes], dict[bytes, Pod]]:
        prints: list[bytes] = []
        fresh: dict[bytes, Pod] = {}
        for one in pods:
            content = text(one)
            found = fingerprint(content)
            if found not in self._known and found not in fresh:
                fresh[found] = _checked(pod(one, content))
            prints.append(found)
        return prints, fresh

    def _keep(self, page: Page, pods: Sequence[Any], prints: Sequence[bytes], fresh: dict[bytes, Pod]) -> None:
        for one, found, origin in zip(pods, prints, origins_of(page, len(pods)), strict=True):
            if found in fresh:
                self._known[found] = self.sets.add(fresh.pop(found), origin)
            else:
                self.sets.append(self._known[found], one.metadata.name, one.spec.nodeName or "")
        if len(self._known) > _MOST:
            self._known.clear()


def _checked(found: Pod) -> Pod:
    """Read what is decoded last, so that nothing can go wrong any more."""
    labels(found.metadata), profiles(found.metadata)
    return found
