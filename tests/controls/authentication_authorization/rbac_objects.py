"""Objects of RBAC in few words, and judging them."""

from typing import Any

import k8snb
from k8snb.assessment.result import Finding
from k8snb.inventory.cluster import Cluster
from k8snb.sources.stream import Gap

Json = dict[str, Any]
API, RBAC = "rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io"


def rule(words: str, group: str = "", names: str = "") -> Json:
    """Give a rule from `get,list pods,secrets`."""
    verbs, resources = words.split()
    named = {"resourceNames": names.split(",")} if names else {}
    return {"apiGroups": [group], "resources": resources.split(","), "verbs": verbs.split(","), **named}


def role(name: str, *rules: Json, namespace: str = "", labels: Any = None, aggregates: str = "") -> Json:
    selector = {"clusterRoleSelectors": [{"matchLabels": {aggregates: "true"}}]}
    return {
        "apiVersion": API,
        "kind": "Role" if namespace else "ClusterRole",
        "metadata": {"name": name, "labels": labels, **({"namespace": namespace} if namespace else {})},
        "rules": list(rules),
        **({"aggregationRule": selector} if aggregates else {}),
    }


def binding(target: str, *subjects: str, namespace: str = "", name: str = "", labels: Any = None) -> Json:
    """Bind `ClusterRole/x` to subjects such as `User/ana` or `ServiceAccount/shop/cart`."""
    kind, _, role_name = target.partition("/")
    return {
        "apiVersion": API,
        "kind": "RoleBinding" if namespace else "ClusterRoleBinding",
        "metadata": {
            "name": name or f"{role_name}-{namespace}",
            "labels": labels,
            **({"namespace": namespace} if namespace else {}),
        },
        "roleRef": {"apiGroup": RBAC, "kind": kind, "name": role_name},
        "subjects": list(map(_subject, subjects)),
    }


def _subject(told: str) -> Json:
    kind, *rest = told.split("/")
    return {"kind": kind, "name": rest[-1], **({"namespace": rest[0]} if len(rest) > 1 else {})}


def account(namespace: str, name: str) -> Json:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": namespace}}


def pod(namespace: str, name: str, runs_as: str, **spec: Any) -> Json:
    metadata = {"name": name, "namespace": namespace}
    spec = {"serviceAccountName": runs_as, "containers": [{"name": "c"}], **spec}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def connect(*objects: Json, complete: bool = True, unread: tuple[str, str | None] | None = None) -> Cluster:
    cluster = k8snb.connect(objects=list(objects), complete=complete)
    if unread:
        cluster._collected.gaps.append(Gap("forbidden", "may not be listed", *unread))
    return cluster


def judge(control: str, cluster: Cluster, subject: str = "") -> Finding:
    """Give the finding of a control about a subject, as `Kind/namespace/name`; about the only one if empty."""
    found = [one for one in k8snb.assess(cluster, controls=[control], all=True) if one.subject.kind != "List"]
    (finding,) = [one for one in found if subject in {"", str(one.subject)}]
    return finding
