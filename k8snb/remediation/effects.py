"""Who else a change reaches: pods that restart, peers that are cut off, subjects that lose rights."""

from typing import Any

import msgspec

from k8snb.analysis.pod_security.model import LEVELS
from k8snb.analysis.pod_security.registry import admits
from k8snb.inventory.cluster import Cluster
from k8snb.remediation.effects_network import cut_off
from k8snb.remediation.effects_rbac import lost
from k8snb.remediation.objects import Raw, connection_of
from k8snb.remediation.patch import Change
from k8snb.remediation.target import TEMPLATES, template_of
from k8snb.resources.base import LabelSelector
from k8snb.sources.connection import Connection
from k8snb.sources.connection_answer import decoded

_ENFORCE, _SHOWN = "pod-security.kubernetes.io/enforce", 5
_BUDGETS = "/apis/policy/v1/namespaces/{}/poddisruptionbudgets"
_SCALERS = "/apis/autoscaling/v2/namespaces/{}/horizontalpodautoscalers"
_KEPT = "Running pods stay as they are until they are deleted; only pods made from now on are changed."
_LATER = {
    "CronJob": "Running Jobs stay as they are; the next ones are made from the new template.",
    "ReplicaSet": _KEPT,
    "ReplicationController": _KEPT,
}


def effects(cluster: Cluster, changed: Cluster, change: Change, stored: Raw | None) -> list[str]:
    """Tell whom a change reaches, one sentence each.

    Args:
        cluster: As it is.
        changed: As it would be.
        change: What changes.
        stored: The object as it would be stored.
    """
    kind = change.target.kind
    if kind in TEMPLATES and change.verb == "patch":
        return _of_workload(cluster, change, stored or change.wanted or {})
    if kind == "NetworkPolicy":
        return cut_off(cluster, changed, change.target.namespace)
    if kind in {"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"}:
        return lost(cluster, changed, change.target)
    if kind == "Namespace":
        return _refused(changed, change.target.name, stored or change.wanted or {})
    return []


def _refused(changed: Cluster, namespace: str, stored: Raw) -> list[str]:
    """Tell whose pods a Pod Security level would refuse, by the rules of the newest version."""
    level = (stored["metadata"].get("labels") or {}).get(_ENFORCE)
    if level not in LEVELS:
        return []
    here = [one for one in changed.workloads if one.namespace == namespace and not one.variant]
    bad = sorted(f"{one.kind} {one.name}" for one in here if not admits(one.template, level, "latest"))
    if not bad:
        return [f"Every workload here may start again at the level {level}."]
    shown = ", ".join(bad[:_SHOWN]) + (f" and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else "")
    return [f"At their next start pods of {shown} would be refused; running ones stay."]


def _of_workload(cluster: Cluster, change: Change, stored: Raw) -> list[str]:
    if not _restarts(change.before, stored):
        return ["The pod template does not change: no pod restarts."]
    target = change.target
    if target.kind in _LATER:
        return [_LATER[target.kind]]
    key = (target.kind, target.namespace, target.name)
    running = sum(one.pods for one in cluster.workloads if (one.kind, one.namespace, one.name) == key)
    found = [_rollout(target.kind, running, stored.get("spec") or {})]
    connection = connection_of(cluster)
    if connection is None:
        return [*found, "PodDisruptionBudgets and autoscalers are not in this source."]
    return [*found, *_budgets(connection, target.namespace, stored), *_scalers(connection, target.namespace, key)]


def _restarts(before: Raw | None, stored: Raw) -> bool:
    return msgspec.json.encode(template_of(before or {})) != msgspec.json.encode(template_of(stored))


def _rollout(kind: str, running: int, spec: Raw) -> str:
    wanted = spec.get("replicas")
    pods = f"{running} running {'pod' if running == 1 else 'pods'}"
    pods += f" (replicas: {wanted})" if wanted is not None else ""
    strategy = spec.get("strategy") or spec.get("updateStrategy") or {}
    way = strategy.get("type", "RollingUpdate")
    rolling = strategy.get("rollingUpdate") or {}
    if spec.get("paused"):
        return f"The Deployment is paused: {pods} stay until it is resumed."
    if way == "OnDelete":
        return f"{pods} stay as they are until somebody deletes them (updateStrategy OnDelete)."
    if way == "Recreate":
        return f"{pods} stop, all at once, before new ones start (strategy Recreate)."
    limits = ", ".join(f"{key} {rolling[key]}" for key in ("maxSurge", "maxUnavailable", "partition") if key in rolling)
    how = f"{kind}, {limits}" if limits else kind
    return f"{pods} restart, step by step, by a rolling update ({how})."


def _listed(connection: Connection, path: str) -> list[Raw] | None:
    answer = connection.get(path)
    found = decoded(answer.body, Raw) if answer.status == 200 else None
    items = (found or {}).get("items")
    return items if isinstance(items, list) else None


def _budgets(connection: Connection, namespace: str, stored: Raw) -> list[str]:
    found = _listed(connection, _BUDGETS.format(namespace))
    if found is None:
        return ["PodDisruptionBudgets may not be read here."]
    labels = ((template_of(stored) or {}).get("metadata") or {}).get("labels") or {}
    return [
        f"PodDisruptionBudget {one['metadata']['name']} covers these pods (disruptions allowed now: {_allowed(one)}); "
        "a rollout does not ask it, but pods that it takes down count."
        for one in found
        if _selects((one.get("spec") or {}).get("selector"), labels)
    ]


def _allowed(budget: Raw) -> Any:
    return (budget.get("status") or {}).get("disruptionsAllowed", "unknown")


def _selects(selector: Any, labels: dict[str, str]) -> bool:
    try:
        return selector is not None and msgspec.convert(selector, LabelSelector).matches(labels)
    except msgspec.ValidationError:
        return False


def _scalers(connection: Connection, namespace: str, key: tuple[str, str, str]) -> list[str]:
    found = _listed(connection, _SCALERS.format(namespace))
    if found is None:
        return ["HorizontalPodAutoscalers may not be read here."]
    told = []
    for one in found:
        spec = one.get("spec") or {}
        reference = spec.get("scaleTargetRef") or {}
        if (reference.get("kind"), reference.get("name")) == (key[0], key[2]):
            between = f"{spec.get('minReplicas', 1)} and {spec.get('maxReplicas')}"
            told.append(f"HorizontalPodAutoscaler {one['metadata']['name']} keeps between {between} pods, and goes on.")
    return told
