"""What happens to a pod between the request and the store: injected proxy, priority, limits, token, tolerations."""

from collections.abc import Mapping
from typing import Any

from k8snb.sources.demo import pod_defaults
from k8snb.sources.demo.seeds import suffix

Json = dict[str, Any]

_TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path
_PRIORITIES = {"system-node-critical": 2000001000, "system-cluster-critical": 2000000000}
_MESH = {"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"cpu": "200m", "memory": "128Mi"}}


class Admission:
    """The admission plugins that change pods, with the objects that they look at.

    Args:
        namespaces: Labels of each namespace.
        accounts: ServiceAccounts by (namespace, name).
        limit_ranges: Container defaults by namespace.
    """

    def __init__(
        self,
        namespaces: Mapping[str, Mapping[str, str]],
        accounts: Mapping[tuple[str, str], Json],
        limit_ranges: Mapping[str, Json],
    ) -> None:
        self._namespaces, self._accounts, self._limit_ranges = namespaces, accounts, limit_ranges

    def admit(self, pod: Json) -> None:
        """Change a pod in place as the plugins would."""
        namespace, spec = pod["metadata"]["namespace"], pod["spec"]
        self._inject(pod)
        pod_defaults.pod(spec)
        _prioritise(spec)
        if limits := self._limit_ranges.get(namespace):
            _limit(pod, limits)
        self._mount_token(pod)
        _tolerate(spec)

    def _inject(self, pod: Json) -> None:
        namespace, labels = pod["metadata"]["namespace"], pod["metadata"].get("labels", {})
        enabled = self._namespaces[namespace].get("mesh.example.com/injection") == "enabled"
        if not enabled or labels.get("mesh.example.com/inject") == "false":
            return
        pod["metadata"].setdefault("annotations", {})["mesh.example.com/status"] = "injected"
        spec = pod["spec"]
        spec["initContainers"] = [_mesh_init(), *spec.get("initContainers", ())]
        spec["containers"] = [*spec["containers"], _mesh_proxy()]
        spec["volumes"] = [*spec.get("volumes", ()), {"name": "mesh-data", "emptyDir": {"medium": "Memory"}}]

    def _mount_token(self, pod: Json) -> None:
        spec = pod["spec"]
        account = spec.setdefault("serviceAccountName", "default")
        spec["serviceAccount"] = account
        mount = spec.get("automountServiceAccountToken")
        if mount is None:
            mount = self._accounts[pod["metadata"]["namespace"], account].get("automountServiceAccountToken", True)
        if mount:
            name = f"kube-api-access-{suffix(5, pod['metadata']['namespace'], pod['metadata']['name'], 'token')}"
            spec["volumes"] = [*spec.get("volumes", ()), _token_volume(name)]
            for container in [*spec.get("initContainers", ()), *spec["containers"]]:
                entry = {"name": name, "mountPath": _TOKEN_PATH, "readOnly": True}
                container["volumeMounts"] = [*container.get("volumeMounts", ()), entry]


def _mesh_init() -> Json:
    security = {
        "runAsUser": 0,
        "runAsGroup": 0,
        "runAsNonRoot": False,
        "capabilities": {"add": ["NET_ADMIN", "NET_RAW"], "drop": ["ALL"]},
    }
    image = "registry.example.com/platform/mesh-proxy:1.27.0"
    command = ["mesh-iptables", "--proxy-port=15001", "--proxy-uid=1337"]
    return {
        "name": "mesh-init",
        "image": image,
        "command": command,
        "securityContext": security,
        "resources": _copy(_MESH),
    }


def _mesh_proxy() -> Json:
    security = {
        "runAsUser": 1337,
        "runAsGroup": 1337,
        "runAsNonRoot": True,
        "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }
    return {
        "name": "mesh-proxy",
        "image": "registry.example.com/platform/mesh-proxy:1.27.0",
        "args": ["--control=mesh-control.mesh-system.svc:15010"],
        "ports": [{"name": "mesh-metrics", "containerPort": 15090}],
        "securityContext": security,
        "resources": _copy(_MESH),
        "volumeMounts": [{"name": "mesh-data", "mountPath": "/var/lib/mesh"}],
    }


def _copy(resources: Mapping[str, Mapping[str, str]]) -> Json:
    return {key: dict(value) for key, value in resources.items()}


def _prioritise(spec: Json) -> None:
    spec["priority"] = _PRIORITIES.get(spec.get("priorityClassName", ""), 0)
    spec["preemptionPolicy"] = "PreemptLowerPriority"


def _limit(pod: Json, limits: Json) -> None:
    notes = []
    for field, word in (("initContainers", "init container"), ("containers", "container")):
        for container in pod["spec"].get(field, ()):
            for kind, values in (("requests", limits["defaultRequest"]), ("limits", limits["default"])):
                missing = {
                    key: value for key, value in values.items() if key not in container["resources"].get(kind, {})
                }
                if missing:
                    container["resources"][kind] = container["resources"].get(kind, {}) | missing
                    notes.append(f"{', '.join(sorted(missing))} {kind[:-1]} for {word} {container['name']}")
    if notes:
        pod["metadata"].setdefault("annotations", {})["kubernetes.io/limit-ranger"] = (
            f"LimitRanger plugin set: {'; '.join(notes)}"
        )


def _token_volume(name: str) -> Json:
    field = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
    sources = [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": field}]}},
    ]
    return {"name": name, "projected": {"defaultMode": 420, "sources": sources}}


def _tolerate(spec: Json) -> None:
    given = spec.setdefault("tolerations", [])
    for key in ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"):
        known = (one for one in given if one.get("key", key) == key and one.get("effect", "NoExecute") == "NoExecute")
        if not any(known):
            given.append({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300})
