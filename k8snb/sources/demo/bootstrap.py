"""What kubeadm, kube-apiserver and kube-controller-manager make by themselves."""

from typing import Any

from k8snb.sources.demo.company import document

Json = dict[str, Any]

FOUNDED = "2025-01-13T14:00:00Z"
_LABEL = {"kubernetes.io/bootstrapping": "rbac-defaults"}
_UPDATE = "rbac.authorization.kubernetes.io/autoupdate"
_CERTIFICATE = (
    "-----BEGIN CERTIFICATE-----\nQSBkZW1vIGNsdXN0ZXIgaGFzIG5vIGNlcnRpZmljYXRlLg==\n-----END CERTIFICATE-----\n"
)
_CHANGED = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]}
_RBAC = "rbac.authorization.k8s.io/v1"


def objects(namespaces: list[str]) -> list[Json]:
    """Give the default objects.

    Args:
        namespaces: The other namespaces; each gets its `default` ServiceAccount and the cluster's certificate.
    """
    system = ["default", "kube-system", "kube-public", "kube-node-lease"]
    return [
        *(_namespace(name) for name in system),
        *(one for name in [*system, *namespaces] for one in _furniture(name)),
        *rbac(),
        _kubernetes_service(),
        _config_map("kube-public", "cluster-info", {"kubeconfig": _CLUSTER_INFO}),
        _config_map("kube-system", "extension-apiserver-authentication", {"client-ca-file": _CERTIFICATE}),
    ]


_CLUSTER_INFO = """apiVersion: v1
kind: Config
clusters:
- name: ""
  cluster:
    server: https://api.k8s.example.com:6443
"""


def _namespace(name: str) -> Json:
    labels = {"pod-security.kubernetes.io/enforce": "privileged"} if name == "kube-system" else {}
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "creationTimestamp": FOUNDED, "labels": labels},
    }


def _furniture(namespace: str) -> list[Json]:
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": namespace}}
    return [account, _config_map(namespace, "kube-root-ca.crt", {"ca.crt": _CERTIFICATE})]


def _config_map(namespace: str, name: str, data: dict[str, str]) -> Json:
    metadata: Json = {"name": name, "namespace": namespace}
    if name == "kube-root-ca.crt":
        note = "Contains a CA bundle that can be used to verify the kube-apiserver."
        metadata["annotations"] = {"kubernetes.io/description": note}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def _kubernetes_service() -> Json:
    labels = {"component": "apiserver", "provider": "kubernetes"}
    ports = [{"name": "https", "port": 443, "targetPort": 6443}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "kubernetes", "namespace": "default", "creationTimestamp": FOUNDED, "labels": labels},
        "spec": {"clusterIP": "2001:db8:96::1", "ports": ports},
    }


def rbac() -> list[Json]:
    """Give the default roles and bindings; one has been changed by hand, so that `view` reads Secrets.

    Source: Kubernetes 1.35, `bootstrappolicy`; `bootstrap/rbac.yaml`.
    """
    kinds = document("bootstrap/rbac.yaml")
    result = [_rbac_object(kind, entry) for kind, entries in kinds.items() for entry in entries]
    changed = next(one for one in result if one["metadata"]["name"] == "system:aggregate-to-view")
    changed["rules"].append(_CHANGED)
    changed["metadata"]["annotations"][_UPDATE] = "false"
    return result


def _rbac_object(kind: str, entry: Json) -> Json:
    metadata = {"name": entry["name"], "creationTimestamp": FOUNDED}
    metadata |= {"labels": _LABEL | entry.get("labels", {}), "annotations": {_UPDATE: "true"}}
    if "namespace" in entry:
        metadata["namespace"] = entry["namespace"]
    one: Json = {"apiVersion": _RBAC, "kind": kind, "metadata": metadata}
    if kind.endswith("Binding"):
        role_kind, role = entry["role"].split("/", 1)
        one["roleRef"] = {"kind": role_kind, "name": role}
        return one | ({"subjects": entry["subjects"]} if "subjects" in entry else {})
    if "aggregationRule" in entry:
        one["aggregationRule"] = entry["aggregationRule"]
    return one | {"rules": entry.get("rules", [])}


def aggregate(roles: list[Json]) -> None:
    """Fill the aggregated ClusterRoles with the rules of the roles they select, as the controller manager does."""
    for _ in range(3):  # admin takes from edit, edit from view, view from its parts
        for role in roles:
            if "aggregationRule" in role:
                role["rules"] = _selected(role, roles)


def _selected(role: Json, roles: list[Json]) -> list[Json]:
    rules: list[Json] = []
    for selector in role["aggregationRule"]["clusterRoleSelectors"]:
        wanted = selector["matchLabels"].items()
        for other in sorted(roles, key=lambda one: str(one["metadata"]["name"])):
            if other is not role and wanted <= other["metadata"].get("labels", {}).items():
                rules += [rule for rule in other["rules"] if rule not in rules]
    return rules
