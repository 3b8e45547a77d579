"""How far a rollout is, by what the controller says in the status of its workload."""

from collections.abc import Callable
from typing import Literal

import msgspec

from k8snb.remediation.objects import Raw


class Rollout(msgspec.Struct, frozen=True):
    """How a rollout ended.

    Attributes:
        state: `none` where there is nothing to wait for, `done`, `failed`, or `late` where the time was over first.
        told: One sentence; untrusted text.
    """

    state: Literal["none", "done", "failed", "late"]
    told: str = ""


_ON_DELETE = Rollout("none", "Its pods change when they are deleted (updateStrategy OnDelete).")
UNSEEN = Rollout("late", "the controller has not looked yet")
"""Nothing else in the status tells of the change then."""


def _observed(status: Raw, now: Raw) -> bool:
    return int(status.get("observedGeneration") or 0) >= int(now["metadata"].get("generation") or 0)


def _strategy(spec: Raw) -> Raw:
    return spec.get("updateStrategy") or {}


def _progress(updated: int, ready: int, wanted: int) -> Rollout:
    return Rollout("late", f"{updated} of {wanted} pods are new, {ready} are ready")


def _deployment(spec: Raw, status: Raw, now: Raw) -> Rollout:
    if spec.get("paused"):
        return Rollout("none", "The Deployment is paused: its pods change once it is resumed.")
    if not _observed(status, now):
        return UNSEEN
    for one in status.get("conditions") or ():
        if one.get("type") == "Progressing" and one.get("reason") == "ProgressDeadlineExceeded":
            return Rollout("failed", f"The rollout made no progress in time: {one.get('message', '')}")
    wanted = spec.get("replicas", 1)
    updated, ready = status.get("updatedReplicas", 0), status.get("availableReplicas", 0)
    if updated >= wanted and status.get("replicas", 0) == updated and ready >= wanted:
        return Rollout("done", f"{ready} of {wanted} new pods are ready.")
    return _progress(updated, ready, wanted)


def _stateful_set(spec: Raw, status: Raw, now: Raw) -> Rollout:
    """Judge a StatefulSet; pods below its partition keep the old template, and that is meant."""
    if _strategy(spec).get("type") == "OnDelete":
        return _ON_DELETE
    wanted = spec.get("replicas", 1)
    kept = min((_strategy(spec).get("rollingUpdate") or {}).get("partition") or 0, wanted)
    if kept and kept == wanted:
        return Rollout("none", "Its partition keeps every pod on the old template until it is lowered.")
    if not _observed(status, now):
        return UNSEEN
    updated, ready = status.get("updatedReplicas", 0), status.get("readyReplicas", 0)
    over = status.get("currentRevision") == status.get("updateRevision") or (kept and updated >= wanted - kept)
    if over and ready >= wanted:
        rest = f"{ready} of {wanted} pods are ready; its partition keeps {kept} on the old template."
        return Rollout("done", rest if kept else f"{ready} of {wanted} pods are ready.")
    return _progress(updated, ready, wanted)


def _daemon_set(spec: Raw, status: Raw, now: Raw) -> Rollout:
    if _strategy(spec).get("type") == "OnDelete":
        return _ON_DELETE
    if not _observed(status, now):
        return UNSEEN
    wanted = status.get("desiredNumberScheduled", 0)
    updated, ready = status.get("updatedNumberScheduled", 0), status.get("numberAvailable", 0)
    if updated >= wanted and ready >= wanted:
        return Rollout("done", f"{ready} of {wanted} pods are ready.")
    return _progress(updated, ready, wanted)


JUDGES: dict[str, Callable[[Raw, Raw, Raw], Rollout]] = {
    "Deployment": _deployment,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
}
"""By kind: from the spec, the status and the whole object."""
