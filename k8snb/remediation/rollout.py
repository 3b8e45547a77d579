"""Waiting for a rollout: until the new pods are ready, or there is a clear reason why they will not be."""

import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec

from k8snb.remediation.edits import same
from k8snb.remediation.objects import Raw, live
from k8snb.remediation.patch import MANAGER
from k8snb.remediation.target import Target
from k8snb.sources.connection import Connection
from k8snb.sources.connection_answer import decoded

LIMIT = 180.0
"""Seconds."""
_PAUSE = 0.5
_FATAL = frozenset(
    {
        "CreateContainerConfigError",
        "CreateContainerError",
        "RunContainerError",
        "CrashLoopBackOff",
        "ImagePullBackOff",
        "ErrImagePull",
        "ErrImageNeverPull",
        "InvalidImageName",
    }
)


class Rollout(msgspec.Struct, frozen=True):
    """How a rollout ended.

    Attributes:
        state: `none` where there is nothing to wait for, `done`, `failed`, or `late` where the time was over first.
        told: One sentence; untrusted text.
    """

    state: Literal["none", "done", "failed", "late"]
    told: str = ""


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
    judge = _JUDGES.get(target.kind)
    if judge is None:
        return Rollout("none")
    deadline, said = time.monotonic() + limit, ""
    while True:
        now = live(connection, target)
        if now is None:
            return Rollout("failed", f"{target} is gone.")
        found = _failed(connection, target, now, _since(stored)) or judge(
            now.get("spec") or {}, now.get("status") or {}, now
        )
        if found.state in {"none", "done", "failed"}:
            return found
        if time.monotonic() > deadline:
            return Rollout("late", f"After {limit:.0f} seconds: {found.told}")
        if found.told != said:
            tell(said := found.told)
        time.sleep(_PAUSE)


def _pending(told: str) -> Rollout:
    return Rollout("late", told)


def _observed(status: Raw, now: Raw) -> bool:
    return int(status.get("observedGeneration") or 0) >= int(now["metadata"].get("generation") or 0)


def _deployment(spec: Raw, status: Raw, now: Raw) -> Rollout:
    if spec.get("paused"):
        return Rollout("none", "The Deployment is paused.")
    if not _observed(status, now):
        return _pending("the controller has not looked yet")
    for one in status.get("conditions") or ():
        if one.get("type") == "Progressing" and one.get("reason") == "ProgressDeadlineExceeded":
            return Rollout("failed", f"The rollout made no progress in time: {one.get('message', '')}")
        if one.get("type") == "ReplicaFailure" and one.get("status") == "True":
            return Rollout("failed", f"Pods cannot be made: {one.get('message', '')}")
    wanted = spec.get("replicas", 1)
    updated, ready = status.get("updatedReplicas", 0), status.get("availableReplicas", 0)
    if updated >= wanted and status.get("replicas", 0) == updated and ready >= wanted:
        return Rollout("done", f"{ready} of {wanted} new pods are ready.")
    return _pending(f"{updated} of {wanted} pods are new, {ready} are ready")


def _stateful_set(spec: Raw, status: Raw, now: Raw) -> Rollout:
    if (spec.get("updateStrategy") or {}).get("type") == "OnDelete":
        return Rollout("none", "Its pods change when they are deleted.")
    if not _observed(status, now):
        return _pending("the controller has not looked yet")
    wanted, ready = spec.get("replicas", 1), status.get("readyReplicas", 0)
    over = status.get("currentRevision") == status.get("updateRevision")
    if over and ready >= wanted:
        return Rollout("done", f"{ready} of {wanted} pods are ready.")
    return _pending(f"{status.get('updatedReplicas', 0)} of {wanted} pods are new, {ready} are ready")


def _daemon_set(spec: Raw, status: Raw, now: Raw) -> Rollout:
    if (spec.get("updateStrategy") or {}).get("type") == "OnDelete":
        return Rollout("none", "Its pods change when they are deleted.")
    if not _observed(status, now):
        return _pending("the controller has not looked yet")
    wanted = status.get("desiredNumberScheduled", 0)
    updated, ready = status.get("updatedNumberScheduled", 0), status.get("numberAvailable", 0)
    if updated >= wanted and ready >= wanted:
        return Rollout("done", f"{ready} of {wanted} pods are ready.")
    return _pending(f"{updated} of {wanted} pods are new, {ready} are ready")


_JUDGES: dict[str, Callable[[Raw, Raw, Raw], Rollout]] = {
    "Deployment": _deployment,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
}
ROLLING = frozenset(_JUDGES)
"""Kinds that have a rollout to wait for."""


def _since(stored: Raw) -> str:
    """Give the server's own time of the change."""
    fields = stored["metadata"].get("managedFields") or ()
    return max((str(one.get("time", "")) for one in fields if one.get("manager") == MANAGER), default="")


def _failed(connection: Connection, target: Target, now: Raw, since: str) -> Rollout | None:
    """Tell why a new pod does not start, where its status says so clearly."""
    for pod in _listed(connection, f"/api/v1/namespaces/{target.namespace}/pods", now):
        if str(pod["metadata"].get("creationTimestamp", "")) < since or pod["metadata"].get("deletionTimestamp"):
            continue
        for name, reason, message in _waiting(pod):
            if _new(connection, target, now, pod):
                return Rollout("failed", f"Pod {pod['metadata']['name']}, container {name}: {reason}{message}.")
    return None


def _listed(connection: Connection, path: str, now: Raw) -> list[Raw]:
    """List what the workload selects; nothing where that may not be read."""
    selector = ((now.get("spec") or {}).get("selector") or {}).get("matchLabels")
    if not selector:
        return []
    words = ",".join(f"{key}={value}" for key, value in selector.items())
    answer = connection.get(f"{path}?{urlencode({'labelSelector': words, 'limit': '500'})}")
    items = (decoded(answer.body, Raw) or {}).get("items") if answer.status == 200 else None
    return items if isinstance(items, list) else []


def _new(connection: Connection, target: Target, now: Raw, pod: Raw) -> bool:
    """Say whether a pod follows the template as it is now; times alone do not tell within one second."""
    owners = {one.get("uid") for one in pod["metadata"].get("ownerReferences") or ()}
    if target.kind == "StatefulSet":
        labels = pod["metadata"].get("labels") or {}
        return labels.get("controller-revision-hash") == (now.get("status") or {}).get("updateRevision")
    if target.kind != "Deployment":
        return True
    sets = _listed(connection, f"/apis/apps/v1/namespaces/{target.namespace}/replicasets", now)
    return any(one["metadata"]["uid"] in owners and _follows(one, now) for one in sets)


def _follows(replicas: Raw, now: Raw) -> bool:
    template = deepcopy(replicas["spec"]["template"])
    template["metadata"]["labels"].pop("pod-template-hash", None)
    return same(template, now["spec"]["template"])


def _waiting(pod: Any) -> Iterator[tuple[str, str, str]]:
    status = pod.get("status") or {}
    for field in ("initContainerStatuses", "containerStatuses"):
        for one in status.get(field) or ():
            found = (one.get("state") or {}).get("waiting") or {}
            if found.get("reason") in _FATAL:
                message = str(found.get("message") or "").strip(" .")[:300]
                yield str(one.get("name")), found["reason"], f" ({message})" if message else ""
