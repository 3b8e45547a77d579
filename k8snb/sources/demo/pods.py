"""Makes pods: placed on a node, addressed, admitted, started."""

import json
from collections import Counter
from typing import Any

from k8snb.sources.demo import nodes
from k8snb.sources.demo.admission import Admission
from k8snb.sources.demo.company import full_name, image_digest
from k8snb.sources.demo.seeds import digest, number

Json = dict[str, Any]


def owner(one: Json, uid: str) -> Json:
    """Give the ownerReference to a controller."""
    reference = {"apiVersion": one["apiVersion"], "kind": one["kind"], "name": one["metadata"]["name"], "uid": uid}
    return reference | {"controller": True, "blockOwnerDeletion": True}


def fitting(spec: Json) -> list[str]:
    """Give the nodes that a pod may run on, by its node selector and tolerations."""
    wanted = spec.get("nodeSelector", {}).items()
    return [
        name
        for name in nodes.NAMES
        if wanted <= nodes.labels(name).items() and all(_tolerated(taint, spec) for taint in nodes.taints(name))
    ]


def _tolerated(taint: Json, spec: Json) -> bool:
    return any(
        one.get("key", taint["key"]) == taint["key"] and one.get("effect", taint["effect"]) == taint["effect"]
        for one in spec.get("tolerations", ())
    )


class Pods:
    """Collects pods and gives each an address of its node's prefix."""

    def __init__(self, admission: Admission) -> None:
        self.items: list[Json] = []
        self._admission = admission
        self._addresses: Counter[str] = Counter()

    def make(self, metadata: Json, spec: Json, created: str, *, node: str | None = None, finished: str = "") -> Json:
        """Make a pod.

        Args:
            metadata: Its metadata; copied.
            spec: Its spec, from a template; copied.
            created: When it was created, RFC 3339.
            node: Where it runs; None lets the scheduler choose.
            finished: When it succeeded; empty while it runs.
        """
        pod: Json = {"apiVersion": "v1", "kind": "Pod", "metadata": _copy(metadata), "spec": _copy(spec)}
        pod["metadata"] |= {"creationTimestamp": created, "generation": 1}
        self._admission.admit(pod)
        self._start(pod, node or self._choose(pod), finished)
        self.items.append(pod)
        return pod

    def mirror(self, metadata: Json, spec: Json, created: str, node: str) -> None:
        """Add the mirror of a static pod; the kubelet made it, and no plugin touched it but for defaults."""
        pod: Json = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}
        pod["metadata"] |= {"creationTimestamp": created, "generation": 1}
        self._start(pod, node, "")
        self.items.append(pod)

    def _choose(self, pod: Json) -> str:
        candidates, name = fitting(pod["spec"]), pod["metadata"]["name"]
        group = name.rpartition("-")[0] or name
        start = number(1000, "place", pod["metadata"]["namespace"], group)
        index = sum(one["metadata"]["name"].rpartition("-")[0] == group for one in self.items)
        return candidates[(start + index) % len(candidates)] if candidates else ""

    def _start(self, pod: Json, node: str, finished: str) -> None:
        created = pod["metadata"]["creationTimestamp"]
        if not node:
            pod["status"] = _pending(created)
            return
        pod["spec"]["nodeName"] = node
        host = nodes.address(node)
        self._addresses[node] += 1
        mine = host if pod["spec"].get("hostNetwork") else f"{nodes.pod_prefix(node)}{self._addresses[node] + 1:x}"
        addresses = {"hostIP": host, "hostIPs": [{"ip": host}], "podIP": mine, "podIPs": [{"ip": mine}]}
        pod["status"] = _status(pod, finished) | addresses


def _copy(value: Json) -> Json:
    copied: Json = json.loads(json.dumps(value))
    return copied


def _condition(kind: str, when: str, status: str = "True", **more: str) -> Json:
    return {
        "type": kind,
        "status": status,
        "lastProbeTime": None,
        "lastTransitionTime": when,
        "observedGeneration": 1,
    } | more


def _pending(created: str) -> Json:
    message = "0/9 nodes are available: 9 node(s) didn't match Pod's node affinity/selector."
    condition = _condition("PodScheduled", created, "False", reason="Unschedulable", message=message)
    return {"phase": "Pending", "conditions": [condition], "qosClass": "Burstable", "observedGeneration": 1}


def _status(pod: Json, finished: str) -> Json:
    created, spec = pod["metadata"]["creationTimestamp"], pod["spec"]
    ready = {"status": "False", "reason": "PodCompleted"} if finished else {"status": "True"}
    conditions = [
        _condition("PodReadyToStartContainers", created, "False" if finished else "True"),
        _condition("Initialized", created),
        _condition("Ready", finished or created, **ready),
        _condition("ContainersReady", finished or created, **ready),
        _condition("PodScheduled", created),
    ]
    status = {
        "phase": "Succeeded" if finished else "Running",
        "conditions": conditions,
        "containerStatuses": [_container(pod, one, created, finished) for one in spec["containers"]],
        "observedGeneration": 1,
        "qosClass": _quality(spec),
        "startTime": created,
    }
    if spec.get("initContainers"):
        ends = [finished if one.get("restartPolicy") == "Always" else created for one in spec["initContainers"]]
        pairs = zip(spec["initContainers"], ends, strict=True)
        status["initContainerStatuses"] = [_container(pod, one, created, end) for one, end in pairs]
    return status


def _container(pod: Json, container: Json, started: str, finished: str) -> Json:
    name = full_name(container["image"].partition("@")[0])
    identity = (
        f"containerd://{digest('container', pod['metadata']['namespace'], pod['metadata']['name'], container['name'])}"
    )
    ended = {
        "startedAt": started,
        "finishedAt": finished,
        "exitCode": 0,
        "reason": "Completed",
        "containerID": identity,
    }
    return {
        "name": container["name"],
        "image": name,
        "imageID": f"{name.rpartition(':')[0]}@{image_digest(container['image'])}",
        "containerID": identity,
        "lastState": {},
        "ready": True,
        "restartCount": 0,
        "started": not finished,
        "state": {"terminated": ended} if finished else {"running": {"startedAt": started}},
        "resources": container["resources"],
    }


def _quality(spec: Json) -> str:
    """Give the quality-of-service class. Source: Kubernetes, `pkg/apis/core/v1/helper/qos`."""
    resources = [one["resources"] for one in [*spec.get("initContainers", ()), *spec["containers"]]]
    if not any(one.get("requests") or one.get("limits") for one in resources):
        return "BestEffort"
    full = all({"cpu", "memory"} <= one.get("limits", {}).keys() for one in resources)
    return "Guaranteed" if full and all(one["requests"] == one["limits"] for one in resources) else "Burstable"
