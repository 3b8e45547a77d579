"""Nodes that nobody runs: kwok reports for them, and for every pod that is placed on a node."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from k8snb.sandbox.client import Client
from k8snb.sandbox.errors import SandboxError
from k8snb.sandbox.home import Home

CONFIGURATION = "stages.yaml"
_THREADS = 6
_SIZE = {"cpu": "32", "memory": "256Gi", "ephemeral-storage": "1Ti", "pods": "250"}
_NODE_READY = """
conditions:
- type: Ready
  status: "True"
  reason: Pretended
  lastHeartbeatTime: {{ Now | Quote }}
  lastTransitionTime: {{ Now | Quote }}
"""
_POD_RUNNING = """
{{ $now := Now | Quote }}
phase: Running
startTime: {{ $now }}
{{ with .metadata }}
podIP: {{ PodIPWith $.spec.nodeName (or $.spec.hostNetwork false) .uid .name .namespace | Quote }}
{{ end }}
conditions:
{{ range list "Initialized" "Ready" "ContainersReady" }}
- {type: {{ . }}, status: "True", lastTransitionTime: {{ $now }}}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- {name: {{ .name | Quote }}, image: {{ .image | Quote }}, ready: true, state: {running: {startedAt: {{ $now }}}}}
{{ end }}
"""
_READY = '.status.conditions.[] | select( .type == "Ready" ) | .status'
_DELETED = ".metadata.deletionTimestamp"


def stages(_: Home) -> str:
    """Give the configuration of kwok: nodes are ready, pods that wait run, pods that are deleted are gone.

    What runs already, such as the recorded pods of the demo cluster, keeps its status.
    """
    pending = [_when(_DELETED, "DoesNotExist"), _when(".status.phase", "In", "Pending")]
    found = (
        _stage("node-ready", "Node", [_when(_READY, "NotIn", "True")], {"statusTemplate": _NODE_READY}),
        _stage("pod-running", "Pod", pending, {"statusTemplate": _POD_RUNNING}),
        _stage("pod-gone", "Pod", [_when(_DELETED, "Exists")], {"finalizers": {"empty": True}, "delete": True}),
    )
    return "\n---\n".join(map(json.dumps, found))


def _when(key: str, operator: str, *values: str) -> dict[str, Any]:
    return {"key": key, "operator": operator} | ({"values": list(values)} if values else {})


def _stage(name: str, kind: str, when: list[dict[str, Any]], then: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "Stage",
        "metadata": {"name": name},
        "spec": {
            "resourceRef": {"apiGroup": "v1", "kind": kind},
            "selector": {"matchExpressions": when},
            "next": then,
        },
    }


def create(client: Client, count: int, kubelet: str) -> None:
    """Create the pretended nodes that are not there yet.

    Args:
        client: Who creates them.
        count: How many there should be.
        kubelet: Which version their kubelets tell.

    Raises:
        SandboxError: if the API server refuses one.
    """

    def made(number: int) -> None:
        status, told = client.ask("POST", "/api/v1/nodes", _node(f"pretended-{number:04}", kubelet))
        if status not in {201, 409}:
            raise SandboxError(f"The API server refuses a pretended node ({status}): {str(told)[:300]}")

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(made, range(1, count + 1)))


def _node(name: str, kubelet: str) -> dict[str, Any]:
    system = {"operatingSystem": "linux", "architecture": "amd64"}
    labels = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "status": {"capacity": _SIZE, "allocatable": _SIZE, "nodeInfo": system | {"kubeletVersion": kubelet}},
    }
