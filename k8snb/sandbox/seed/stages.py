"""In which order the demo cluster is written, and what of it is left to the server."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from k8snb.resources.kinds import find
from k8snb.sandbox.seed.definitions import definitions

Object = dict[str, Any]
_SERVERS_OWN = ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink")
_PSA = "pod-security.kubernetes.io/"
_ORDER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("namespaces and accounts", ("Namespace",)),
    (
        "accounts, roles and configuration",
        ("ServiceAccount", "ClusterRole", "Role", "ConfigMap", "RuntimeClass", "Node"),
    ),
    ("bindings, volumes and services", ("ClusterRoleBinding", "RoleBinding", "PersistentVolume", "Service")),
    ("claims", ("PersistentVolumeClaim",)),
    ("workloads", ("Deployment", "StatefulSet", "DaemonSet", "CronJob", "ReplicationController")),
    ("what workloads own", ("ReplicaSet", "Job")),
    ("pods", ("Pod",)),
    ("reports and routes", ("VulnerabilityReport", "Gateway", "Ingress", "PodDisruptionBudget")),
    ("network policies and autoscalers", ("NetworkPolicy", "HorizontalPodAutoscaler")),
    ("limits", ("LimitRange", "ResourceQuota")),
    ("admission policies", ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")),
    ("webhooks", ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")),
)
_SERVICE = ("Service", "default", "kubernetes")
_AUTHENTICATION = ("ConfigMap", "kube-system", "extension-apiserver-authentication")
_UPDATED = "rbac.authorization.kubernetes.io/autoupdate"
_PLURALS = {
    "PersistentVolume": ("persistentvolumes", False),
    "PersistentVolumeClaim": ("persistentvolumeclaims", True),
    "PodDisruptionBudget": ("poddisruptionbudgets", True),
    "HorizontalPodAutoscaler": ("horizontalpodautoscalers", True),
    "CustomResourceDefinition": ("customresourcedefinitions", False),
}


class Step(msgspec.Struct, frozen=True):
    """One object on its way.

    Attributes:
        path: Where it is created.
        body: What is sent first.
        old_uid: Its identity where it comes from; what it owns refers to that.
        status: Its status, which the API takes apart from the rest.
        ephemeral: Its ephemeral containers, which the API takes apart too.
        yields: Whether it stays as it is where the server has made it already.
    """

    path: str
    body: Object
    old_uid: str
    status: Object | None = None
    ephemeral: list[Any] | None = None
    yields: bool = False


def stages(objects: Iterable[Object]) -> Iterator[tuple[str, list[Step]]]:
    """Give what to write, in an order that the API server accepts.

    Owners come before what they own; rules that refuse pods come after the pods that break them, and the webhooks,
    whose services nobody runs, come last.

    Args:
        objects: A cluster, as an API server would list it.
    """
    everything = [one for one in objects if _where(one) != _SERVICE]
    yield "definitions of custom resources", [step(one) for one in definitions()]
    for title, kinds in _ORDER:
        yield title, [step(one) for one in everything if one["kind"] in kinds]
    yield "Pod Security labels", [step(one, labels=True) for one in everything if one["kind"] == "Namespace"]


def step(one: Object, *, labels: bool = False) -> Step:
    """Give what to do for one object.

    Args:
        one: The object.
        labels: Whether a namespace keeps its Pod Security labels.
    """
    body = {key: value for key, value in one.items() if key != "status"}
    metadata: Object = {key: value for key, value in one["metadata"].items() if key not in _SERVERS_OWN}
    if one["kind"] == "Namespace":
        metadata["labels"] = _labels(metadata.get("labels", {}), labels)
    body["metadata"] = metadata
    ephemeral = None
    if one["kind"] == "Pod":
        body["spec"], ephemeral = _pod_spec(one["spec"])
    if one["kind"] == "Job":
        body["spec"] = _job_spec(one["spec"])
    status = one.get("status") if one["kind"] not in {"Namespace", "CustomResourceDefinition"} else None
    return Step(_path(one), body, one["metadata"].get("uid", ""), status, ephemeral, _of_the_server(one))


def _labels(labels: Mapping[str, str], security: bool) -> dict[str, str]:
    return {key: value for key, value in labels.items() if security or not key.startswith(_PSA)}


def _pod_spec(spec: Object) -> tuple[Object, list[Any] | None]:
    """Part the ephemeral containers from a pod; its priority follows from its class."""
    apart = ("ephemeralContainers", "priority", "preemptionPolicy")
    return {key: value for key, value in spec.items() if key not in apart}, spec.get("ephemeralContainers")


def _job_spec(spec: Object) -> Object:
    """Leave what holds the job's identity to the server."""
    metadata = spec["template"]["metadata"]
    labels = {key: value for key, value in metadata.get("labels", {}).items() if not key.endswith("controller-uid")}
    template = spec["template"] | {"metadata": metadata | {"labels": labels}}
    return {key: value for key, value in spec.items() if key != "selector"} | {"template": template}


def _path(one: Object) -> str:
    version, kind = one["apiVersion"], one["kind"]
    known = find(version, kind)
    resource, namespaced = (known.plural, known.namespaced) if known else _PLURALS[kind]
    root = f"/apis/{version}" if "/" in version else f"/api/{version}"
    return f"{root}/namespaces/{one['metadata']['namespace']}/{resource}" if namespaced else f"{root}/{resource}"


def _of_the_server(one: Object) -> bool:
    """Whether a server makes it itself, as its version wants it; default roles that somebody changed are others."""
    return _where(one) == _AUTHENTICATION or (one["metadata"].get("annotations") or {}).get(_UPDATED) == "true"


def _where(one: Object) -> tuple[str, str | None, str]:
    return one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"]
