"""Waiting for a rollout: until the new pods are ready, or there is a clear reason why they will not be."""

import time
from collections import Counter
from collections.abc import Callable

from k8snb.remediation.objects import Raw, live
from k8snb.remediation.rollout_pods import failed, held, refusals
from k8snb.remediation.rollout_status import JUDGES, UNSEEN, Rollout
from k8snb.remediation.target import Target
from k8snb.sources.connection import Connection

__all__ = ["LIMIT", "ROLLING", "Rollout", "wait"]
LIMIT = 180.0
"""Seconds."""
PATIENCE = 8.0
"""Seconds that the server may refuse new pods: a quota is free again only once old pods are gone."""
ROLLING = frozenset(JUDGES)
"""Kinds that have a rollout to wait for."""
_PAUSE = 0.5


def wait(
    connection: Connection,
    target: Target,
    stored: Raw,
    limit: float = LIMIT,
    tell: Callable[[str], None] = lambda _: None,
) -> Rollout:
    """Wait until a workload runs as it was just changed.

    Args:
        connection: Whom to ask.
        target: The workload.
        stored: It, as the change left it.
        limit: Seconds.
        tell: Called with one line of progress at a time.
    """
    if target.kind not in ROLLING:
        return Rollout("none")
    began = time.monotonic()
    said, well, known = "", began, refusals(connection, target, stored)
    while True:
        now = live(connection, target)
        if now is None:
            return Rollout("failed", f"{target} is gone.")
        found = _looked(connection, target, now)
        if found.state != "late":
            return found
        clock = time.monotonic()
        told = " ".join(_refused(connection, target, now, known))
        well = well if told else clock
        if clock - well > PATIENCE:
            return Rollout("failed", f"Pods cannot be made: {told}")
        if clock - began > limit:
            why = told or held(connection, target, now)
            return Rollout("late", f"After {limit:.0f} seconds: {found.told}. {why}".rstrip())
        if found.told != said:
            tell(said := found.told)
        time.sleep(_PAUSE)


def _looked(connection: Connection, target: Target, now: Raw) -> Rollout:
    found = JUDGES[target.kind](now.get("spec") or {}, now.get("status") or {}, now)
    why = failed(connection, target, now) if found.state == "late" and found != UNSEEN else ""
    return Rollout("failed", why) if why else found


def _refused(connection: Connection, target: Target, now: Raw, known: Counter[str]) -> list[str]:
    """Give the newest refusal that was not known when the waiting began; none, or one."""
    found = refusals(connection, target, now)
    return [one for one, count in found.items() if target.kind == "Deployment" or count > known[one]][-1:]
