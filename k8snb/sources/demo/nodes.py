"""The machines: three of the control plane, six workers, one of them forgotten by the upgrades."""

from typing import Any

from k8snb.sources.demo.bootstrap import FOUNDED
from k8snb.sources.demo.seeds import before, digest, uid

Json = dict[str, Any]

_OS, _KERNEL = "Ubuntu 24.04.3 LTS", "6.8.0-87-generic"
_CURRENT = ("v1.35.6", "containerd://2.1.5", _OS, _KERNEL)
_MACHINES: dict[str, tuple[str, tuple[str, str, str, str]]] = {
    "cp-1": ("2001:db8:10::11", _CURRENT),
    "cp-2": ("2001:db8:10::12", _CURRENT),
    "cp-3": ("2001:db8:10::13", _CURRENT),
    "worker-1": ("2001:db8:10::21", _CURRENT),
    "worker-2": ("2001:db8:10::22", _CURRENT),
    "worker-3": ("2001:db8:10::23", _CURRENT),
    "worker-4": ("2001:db8:10::24", _CURRENT),
    "worker-5": ("2001:db8:10::25", ("v1.35.6", "containerd://2.1.5", _OS, "6.8.0-71-generic")),
    "worker-6": ("2001:db8:10::26", ("v1.31.4", "containerd://1.6.33", "Ubuntu 20.04.6 LTS", "5.4.0-216-generic")),
}
NAMES = tuple(_MACHINES)
CONTROL_PLANE = tuple(name for name in NAMES if name.startswith("cp-"))
_TAINT = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}
_EXTERNAL = {"worker-4": "2001:db8:feed::24"}


def address(name: str) -> str:
    """Give the InternalIP of a node."""
    return _MACHINES[name][0]


def pod_prefix(name: str) -> str:
    """Give the start of the addresses of a node's pods; a /64 each."""
    return f"2001:db8:42:{NAMES.index(name) + 1}::"


def labels(name: str) -> dict[str, str]:
    """Give a node's labels."""
    result = {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/zone": f"hall-{'abc'[NAMES.index(name) % 3]}",
    }
    if name in CONTROL_PLANE:
        result["node-role.kubernetes.io/control-plane"] = ""
        result["node.kubernetes.io/exclude-from-external-load-balancers"] = ""
    return result


def taints(name: str) -> list[Json]:
    """Give a node's taints."""
    return [dict(_TAINT)] if name in CONTROL_PLANE else []


def objects() -> list[Json]:
    """Give the nodes."""
    return [_node(name) for name in NAMES]


def _node(name: str) -> Json:
    spec: Json = {"podCIDR": f"{pod_prefix(name)}/64", "podCIDRs": [f"{pod_prefix(name)}/64"]}
    if name in CONTROL_PLANE:
        spec["taints"] = taints(name)
    annotations = {
        "node.alpha.kubernetes.io/ttl": "0",
        "projectcalico.org/IPv6Address": f"{address(name)}/64",
        "volumes.kubernetes.io/controller-managed-attach-detach": "true",
    }
    metadata = {"name": name, "creationTimestamp": FOUNDED, "labels": labels(name), "annotations": annotations}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "spec": spec, "status": _status(name)}


def _status(name: str) -> Json:
    capacity = {"cpu": "32", "ephemeral-storage": "958Gi", "hugepages-2Mi": "0", "memory": "128Gi", "pods": "110"}
    addresses = [{"type": "InternalIP", "address": address(name)}, {"type": "Hostname", "address": name}]
    if name in _EXTERNAL:
        addresses.insert(1, {"type": "ExternalIP", "address": _EXTERNAL[name]})
    return {
        "addresses": addresses,
        "allocatable": capacity | {"cpu": "31500m", "memory": "124Gi", "ephemeral-storage": "882Gi"},
        "capacity": capacity,
        "conditions": [_condition(*one) for one in _CONDITIONS],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": _info(name),
    }


_CONDITIONS = (
    ("NetworkUnavailable", "False", "CalicoIsUp", "Calico is running on this node"),
    ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
)


def _condition(kind: str, status: str, reason: str, message: str) -> Json:
    times = {"lastHeartbeatTime": before(minutes=3), "lastTransitionTime": before(days=40)}
    return {"type": kind, "status": status, "reason": reason, "message": message} | times


def _info(name: str) -> Json:
    kubelet, runtime, image, kernel = _MACHINES[name][1]
    return {
        "architecture": "amd64",
        "bootID": uid("boot", "", name),
        "containerRuntimeVersion": runtime,
        "kernelVersion": kernel,
        "kubeProxyVersion": "",
        "kubeletVersion": kubelet,
        "machineID": digest("machine", name)[:32],
        "operatingSystem": "linux",
        "osImage": image,
        "systemUUID": uid("system", "", name),
    }


_KUBELET: Json = {
    "authentication": {
        "x509": {"clientCAFile": "/etc/kubernetes/pki/ca.crt"},
        "webhook": {"enabled": True, "cacheTTL": "2m0s"},
        "anonymous": {"enabled": False},
    },
    "authorization": {"mode": "Webhook"},
    "rotateCertificates": True,
}
_FORGOTTEN: Json = {
    "authentication": {"webhook": {"enabled": False}, "anonymous": {"enabled": True}},
    "authorization": {"mode": "AlwaysAllow"},
    "readOnlyPort": 10255,
}


def kubelets() -> dict[str, Json]:
    """Give what the kubelet of each node would tell of its configuration; the outdated one was never gone over."""
    signed = {"serverTLSBootstrap": True}
    special = {"worker-2": _KUBELET | signed, "worker-3": _KUBELET | signed, "worker-6": _FORGOTTEN}
    return {name: special.get(name, _KUBELET) for name in _MACHINES}
