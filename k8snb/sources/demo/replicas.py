"""Deployments, ReplicaSets and ReplicationControllers."""

from datetime import timedelta
from typing import Any

from k8snb.sources.demo import metadata
from k8snb.sources.demo.children import child, clone, key, some_days_ago
from k8snb.sources.demo.pods import Pods
from k8snb.sources.demo.seeds import number, parse, stamp, suffix

Json = dict[str, Any]


def deployment(one: Json, pods: Pods) -> list[Json]:
    """Roll a Deployment out: give its ReplicaSets, the former one scaled to zero."""
    revision = 1 + number(3, "revision", *key(one))
    previous = clone(one["spec"]["template"])
    if revision > 1:
        annotations = one["spec"]["template"]["metadata"].setdefault("annotations", {})
        annotations["kubectl.kubernetes.io/restartedAt"] = some_days_ago(*key(one))
    one["metadata"]["generation"] = revision
    one["metadata"].setdefault("annotations", {})["deployment.kubernetes.io/revision"] = str(revision)
    made = [_replica_set_of(one, previous, revision - 1, 0)] if revision > 1 else []
    current = _replica_set_of(one, one["spec"]["template"], revision, one["spec"]["replicas"])
    ready = _replicate(current, pods)
    one["status"] = _deployment_status(one, ready)
    return [*made, current]


def _replica_set_of(one: Json, template: Json, revision: int, replicas: int) -> Json:
    hashed = suffix(9, "template", *key(one), revision)
    template = clone(template)
    template["metadata"].setdefault("labels", {})["pod-template-hash"] = hashed
    selector = clone(one["spec"]["selector"])
    selector.setdefault("matchLabels", {})["pod-template-hash"] = hashed
    meta = child(
        one, f"{one['metadata']['name']}-{hashed}", {}, {"metadata": {"labels": template["metadata"]["labels"]}}
    )
    count = str(one["spec"]["replicas"])
    meta["annotations"] = {
        "deployment.kubernetes.io/desired-replicas": count,
        "deployment.kubernetes.io/max-replicas": str(_surge(one)),
        "deployment.kubernetes.io/revision": str(revision),
    }
    when = template["metadata"].get("annotations", {}).get("kubectl.kubernetes.io/restartedAt")
    meta["creationTimestamp"] = when or metadata.created(one)
    spec = {"replicas": replicas, "selector": selector, "template": template}
    status = {"replicas": 0, "observedGeneration": 1}
    return {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta, "spec": spec, "status": status}


def _surge(one: Json) -> int:
    replicas: int = one["spec"]["replicas"]
    return replicas + -(-replicas // 4) if one["spec"]["strategy"]["type"] == "RollingUpdate" else replicas


def _deployment_status(one: Json, ready: int) -> Json:
    replicas, generation = one["spec"]["replicas"], one["metadata"]["generation"]
    since = metadata.created(one)
    words = ("True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    if ready < replicas:
        words = ("False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    available = dict(zip(("status", "reason", "message"), words, strict=True))
    done = {"status": "True", "reason": "NewReplicaSetAvailable", "message": "ReplicaSet has successfully progressed."}
    times = {"lastTransitionTime": since, "lastUpdateTime": since}
    status: Json = {"conditions": [{"type": "Available"} | available | times, {"type": "Progressing"} | done | times]}
    status["observedGeneration"] = generation
    if replicas:
        status |= {"replicas": replicas, "updatedReplicas": replicas}
        status |= {"readyReplicas": ready, "availableReplicas": ready} if ready else {"unavailableReplicas": replicas}
    return status


def _replicate(one: Json, pods: Pods) -> int:
    """Make the pods of a ReplicaSet or ReplicationController; give how many are ready."""
    template, ready = one["spec"]["template"], 0
    for index in range(one["spec"]["replicas"]):
        name = f"{one['metadata']['name']}-{suffix(5, *key(one), index)}"
        first = stamp(parse(metadata.created(one)) + timedelta(seconds=2 + index))
        moved = some_days_ago(*key(one), index)  # when its node was last drained
        pod = pods.make(
            child(one, name, {}, template) | {"generateName": f"{one['metadata']['name']}-"},
            template["spec"],
            max(first, moved),
        )
        ready += pod["status"]["phase"] == "Running"
    if one["spec"]["replicas"]:
        full = {"replicas": one["spec"]["replicas"], "fullyLabeledReplicas": one["spec"]["replicas"]}
        one["status"] = (
            full | {"observedGeneration": 1} | ({"readyReplicas": ready, "availableReplicas": ready} if ready else {})
        )
    return ready


def replica_set(one: Json, pods: Pods) -> list[Json]:
    """Make the pods of a ReplicaSet or ReplicationController that nobody owns."""
    one["metadata"]["generation"] = 1
    _replicate(one, pods)
    return []
