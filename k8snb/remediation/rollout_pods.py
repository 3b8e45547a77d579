"""Why a rollout does not get on: what its pods, and the events of its workload, say."""

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import urlencode

from k8snb.remediation.edits import same
from k8snb.remediation.objects import Raw
from k8snb.remediation.target import Target
from k8snb.sources.connection import Connection
from k8snb.sources.connection_answer import decoded

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
_LONGEST = 300
_EVENTS = "reason=FailedCreate,involvedObject.kind={},involvedObject.uid={}"


def failed(connection: Connection, target: Target, now: Raw) -> str:
    """Tell why a new pod does not start, where its status says so clearly; empty where none does.

    Args:
        connection: Whom to ask.
        target: The workload.
        now: It, as its controller has seen it.
    """
    for pod in _pods(connection, target, now):
        for name, reason, message in _waiting(pod):
            if _new(connection, target, now, pod):
                return f"Pod {pod['metadata']['name']}, container {name}: {reason}{message}."
    return ""


def refusals(connection: Connection, target: Target, now: Raw) -> Counter[str]:
    """Count how often the server took no pod of a workload (quota, Pod Security, a webhook), by what it said.

    A Deployment has a condition for it, of which there is one; others have events, where these may be read.

    Source: Kubernetes, `deployment/progress.go`; events `FailedCreate` of StatefulSets and DaemonSets.
    """
    if target.kind == "Deployment":
        conditions = (now.get("status") or {}).get("conditions") or ()
        return Counter(_said(one) for one in conditions if one.get("type") == "ReplicaFailure")
    words = _EVENTS.format(target.kind, now["metadata"].get("uid"))
    found: Counter[str] = Counter()
    for one in _items(connection, f"/api/v1/namespaces/{target.namespace}/events", {"fieldSelector": words}):
        found[_said(one)] += one.get("count") or (one.get("series") or {}).get("count") or 1
    return found


def held(connection: Connection, target: Target, now: Raw) -> str:
    """Tell which pod keeps a rollout from getting on, and why as far as its conditions say."""
    for pod in _pods(connection, target, now):
        why = _not_ready(pod)
        if not why:
            continue
        name = pod["metadata"]["name"]
        if target.kind == "StatefulSet" and not _new(connection, target, now, pod):
            return (
                f"Pod {name} is not ready ({why}), is none of the new ones, and a StatefulSet waits for it: "
                f"kubectl -n {target.namespace} delete pod {name}"
            )
        return f"Pod {name} is not ready: {why}"
    return ""


def _said(told: Raw) -> str:
    return str(told.get("message") or told.get("note") or "").strip(" .")[:_LONGEST]


def _not_ready(pod: Raw) -> str:
    found = {one.get("type"): one for one in (pod.get("status") or {}).get("conditions") or ()}
    if (found.get("Ready") or {}).get("status") == "True":
        return ""
    waiting = next((f"container {name}: {reason}" for name, reason, _ in _waiting(pod)), "")
    for kind in ("PodScheduled", "Ready"):
        one = found.get(kind) or {}
        if not waiting and one.get("status") == "False" and (one.get("message") or one.get("reason")):
            return str(one.get("message") or one["reason"]).strip(" .")[:_LONGEST]
    return waiting or "its status does not say why"


def _pods(connection: Connection, target: Target, now: Raw) -> list[Raw]:
    """List the pods of a workload that are to stay; nothing where that may not be read."""
    found = _selected(connection, f"/api/v1/namespaces/{target.namespace}/pods", now)
    return [one for one in found if not one["metadata"].get("deletionTimestamp")]


def _selected(connection: Connection, path: str, now: Raw) -> list[Raw]:
    selector = ((now.get("spec") or {}).get("selector") or {}).get("matchLabels")
    words = ",".join(f"{key}={value}" for key, value in (selector or {}).items())
    return _items(connection, path, {"labelSelector": words}) if words else []


def _items(connection: Connection, path: str, query: dict[str, str]) -> list[Raw]:
    answer = connection.get(f"{path}?{urlencode(query | {'limit': '500'})}")
    items = (decoded(answer.body, Raw) or {}).get("items") if answer.status == 200 else None
    return items if isinstance(items, list) else []


def _new(connection: Connection, target: Target, now: Raw, pod: Raw) -> bool:
    """Say whether a pod follows the template as it is now; times alone do not tell within one second."""
    labels, metadata = pod["metadata"].get("labels") or {}, now["metadata"]
    if target.kind == "StatefulSet":
        return labels.get("controller-revision-hash") == (now.get("status") or {}).get("updateRevision")
    if target.kind == "DaemonSet":
        generation = (metadata.get("annotations") or {}).get("deprecated.daemonset.template.generation")
        return labels.get("pod-template-generation") == generation
    owners = {one.get("uid") for one in pod["metadata"].get("ownerReferences") or ()}
    sets = _selected(connection, f"/apis/apps/v1/namespaces/{target.namespace}/replicasets", now)
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
                message = str(found.get("message") or "").strip(" .")[:_LONGEST]
                yield str(one.get("name")), found["reason"], f" ({message})" if message else ""
