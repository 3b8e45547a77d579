"""StatefulSets and DaemonSets."""

from typing import Any

from k8snb.sources.demo.children import child, clone, key, some_days_ago
from k8snb.sources.demo.pods import Pods, fitting
from k8snb.sources.demo.seeds import suffix
from k8snb.sources.demo.volumes import bind

Json = dict[str, Any]

_DAEMON_TOLERATIONS = ("disk-pressure", "memory-pressure", "pid-pressure", "unschedulable")


def stateful_set(one: Json, pods: Pods) -> list[Json]:
    """Make the pods of a StatefulSet in order; give their claims and volumes."""
    name, count, template = one["metadata"]["name"], one["spec"]["replicas"], one["spec"]["template"]
    revision, made = f"{name}-{suffix(10, 'revision', *key(one))}", []
    for index in range(count):
        labels = {"apps.kubernetes.io/pod-index": str(index), "controller-revision-hash": revision}
        labels["statefulset.kubernetes.io/pod-name"] = f"{name}-{index}"
        spec = clone(template["spec"]) | {"hostname": f"{name}-{index}", "subdomain": one["spec"]["serviceName"]}
        for claim in one["spec"].get("volumeClaimTemplates", ()):
            made += _claim(one, claim, index)
            source = {"persistentVolumeClaim": {"claimName": f"{claim['metadata']['name']}-{name}-{index}"}}
            spec["volumes"] = [*spec.get("volumes", ()), {"name": claim["metadata"]["name"], **source}]
        meta = child(one, f"{name}-{index}", labels, template) | {"generateName": f"{name}-"}
        pods.make(meta, spec, some_days_ago(*key(one), index))
    one["metadata"]["generation"] = 1
    counts = dict.fromkeys(
        ("replicas", "readyReplicas", "availableReplicas", "currentReplicas", "updatedReplicas"), count
    )
    one["status"] = counts | {
        "collisionCount": 0,
        "currentRevision": revision,
        "updateRevision": revision,
        "observedGeneration": 1,
    }
    return made


def _claim(one: Json, template: Json, index: int) -> list[Json]:
    name = f"{template['metadata']['name']}-{one['metadata']['name']}-{index}"
    meta = {
        "name": name,
        "namespace": one["metadata"]["namespace"],
        "labels": clone(one["spec"]["selector"]["matchLabels"]),
    }
    return bind(
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": meta, "spec": clone(template["spec"])}
    )


def daemon_set(one: Json, pods: Pods) -> list[Json]:
    """Make a pod of a DaemonSet on every node that it tolerates and selects."""
    template = one["spec"]["template"]
    spec = clone(template["spec"])
    spec["tolerations"] = [*spec.get("tolerations", ()), *_daemon_tolerations(spec)]
    labels = {"controller-revision-hash": suffix(10, "revision", *key(one)), "pod-template-generation": "1"}
    nodes = fitting(spec)
    for node in nodes:
        term = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}]}
        spec["affinity"] = {
            "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
        }
        name = f"{one['metadata']['name']}-{suffix(5, *key(one), node)}"
        meta = child(one, name, labels, template) | {"generateName": f"{one['metadata']['name']}-"}
        pods.make(meta, spec, some_days_ago(*key(one), node), node=node)
    one["metadata"]["generation"] = 1
    one["metadata"].setdefault("annotations", {})["deprecated.daemonset.template.generation"] = "1"
    counts = dict.fromkeys(("currentNumberScheduled", "desiredNumberScheduled", "numberReady"), len(nodes))
    if nodes:
        counts |= dict.fromkeys(("numberAvailable", "updatedNumberScheduled"), len(nodes))
    one["status"] = counts | {"numberMisscheduled": 0, "observedGeneration": 1}
    return []


def _daemon_tolerations(spec: Json) -> list[Json]:
    keys = [*_DAEMON_TOLERATIONS, *(["network-unavailable"] if spec.get("hostNetwork") else [])]
    evicting = [_toleration(key, "NoExecute") for key in ("not-ready", "unreachable")]
    return evicting + [_toleration(key, "NoSchedule") for key in keys]


def _toleration(key: str, effect: str) -> Json:
    return {"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": effect}
