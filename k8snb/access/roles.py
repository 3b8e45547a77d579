"""The manifests that let an identity read a cluster, and nothing else."""

from collections.abc import Iterable, Sequence
from typing import Any

from k8snb.access.levels import Level
from k8snb.access.permissions import READING, Permission, permissions

NAME = "k8snb"
_RBAC = "rbac.authorization.k8s.io"
_RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}
Manifest = dict[str, Any]


def rules(wanted: Iterable[Permission]) -> list[Manifest]:
    """Give the rules of a role: one for each API group, one for each subresource, one for the paths.

    Args:
        wanted: What they grant.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    urls = []
    for one in wanted:
        if one.url:
            urls.append(one.url)
        else:
            groups.setdefault((one.group, one.subresource), []).append(one.written)
    found: list[Manifest] = [
        {"apiGroups": [group], "resources": names, "verbs": ["get"] if part else [*READING]}
        for (group, part), names in groups.items()
    ]
    return [*found, {"nonResourceURLs": urls, "verbs": ["get"]}] if urls else found


def manifests(
    level: Level,
    namespace: str | None = None,
    *,
    kubelet: bool = False,
    name: str | None = None,
    more: Sequence[Manifest] = (),
) -> list[Manifest]:
    """Give a ServiceAccount, its role, and the binding of the two.

    Args:
        level: How much it may read, see `permissions`.
        namespace: Where the ServiceAccount lives, and what the level `namespace` reads; it is there already. None makes
            a namespace of its own.
        kubelet: Whether it may read the configuration of the kubelets.
        name: What the role is called after; its level if None.
        more: Rules beside those for reading.
    """
    if namespace is None:
        return [_namespace(NAME), *manifests(level, NAME, kubelet=kubelet, name=name, more=more)]
    called = f"{NAME}-{name or level}"
    wanted = permissions(level, kubelet=kubelet)
    kind = "Role" if level == "namespace" else "ClusterRole"
    place = {"namespace": namespace} if level == "namespace" else {}
    return [
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": NAME, "namespace": namespace},
            "automountServiceAccountToken": False,
        },
        {
            "apiVersion": f"{_RBAC}/v1",
            "kind": kind,
            "metadata": {"name": called, **place},
            "rules": [*rules(wanted), *more],
        },
        {
            "apiVersion": f"{_RBAC}/v1",
            "kind": f"{kind}Binding",
            "metadata": {"name": called, **place},
            "roleRef": {"apiGroup": _RBAC, "kind": kind, "name": called},
            "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": namespace}],
        },
    ]


def _namespace(name: str) -> Manifest:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": dict(_RESTRICTED)}}
