"""Requests, limits and quotas, from what the containers of a namespace ask for."""

from collections.abc import Iterator
from decimal import Decimal
from math import ceil
from typing import Any

from k8snb.inventory.workloads import Workload
from k8snb.remediation.objects import Raw
from k8snb.remediation.plans.model import Context, Proposal, Proposed, Recipe, on_template
from k8snb.remediation.target import Target

_REQUEST = {"cpu": "100m", "memory": "128Mi"}
_LIMIT = {"cpu": "500m", "memory": "256Mi"}
_ROOM = {"cpu": 4, "memory": 2}
"""How many times its request a container may use, where nobody said."""
_GUESS = "What nobody has set is a guess (100m CPU, 128Mi): measure, then raise or lower it."


def amount(text: Any) -> Decimal | None:
    """Read a quantity such as `250m` or `2Gi`; None for what is none."""
    import importlib

    parse_quantity: Any = importlib.import_module("kubernetes.utils.quantity").parse_quantity

    try:
        return None if text is None else Decimal(parse_quantity(text))
    except ValueError:
        return None


def written(resource: str, value: Decimal) -> str:
    """Write a quantity: CPU in thousandths, memory in Mi, both rounded up."""
    if resource == "cpu":
        return f"{ceil(value * 1000)}m"
    return f"{ceil(value / (1 << 20))}Mi"


def _of_containers(template: Raw) -> str:
    guessed = False
    for field in ("initContainers", "containers"):
        for one in template["spec"].get(field) or ():
            guessed = _complete(one) or guessed
    return _GUESS if guessed else ""


def _complete(container: Raw) -> bool:
    """Set what is missing; say whether some of it is a guess."""
    resources = container["resources"] = container.get("resources") or {}
    guessed = False
    for name in ("cpu", "memory"):
        request = amount((resources.get("requests") or {}).get(name))
        limit = amount((resources.get("limits") or {}).get(name))
        if request is None and not limit:
            guessed = True
            request = amount(_REQUEST[name])
        if not limit:
            resources["limits"] = (resources.get("limits") or {}) | {
                name: written(name, max((request or Decimal(0)) * _ROOM[name], amount(_LIMIT[name]) or Decimal(0)))
            }
        if not (resources.get("requests") or {}).get(name):
            asked = written(name, request) if request is not None else resources["limits"][name]
            resources["requests"] = (resources.get("requests") or {}) | {name: asked}
    return guessed


class _Asked:
    """What the containers of a namespace ask for, one value a container, and the sums over all pods."""

    def __init__(self, workloads: list[Workload]) -> None:
        self.values: dict[tuple[str, str], list[Decimal]] = {}
        self.sums: dict[tuple[str, str], Decimal] = {}
        self.missing: set[tuple[str, str]] = set()
        self.pods = sum(max(one.pods, one.replicas or 0, 1) for one in workloads)
        for one in workloads:
            for _, container in one.template.containers():
                self._add(container.resources, max(one.pods, one.replicas or 0, 1))

    def _add(self, resources: Any, pods: int) -> None:
        for what in ("requests", "limits"):
            for name in ("cpu", "memory"):
                amounts = getattr(resources, what, None)
                found = amount(getattr(amounts, name, None))
                if found is None:
                    self.missing.add((what, name))
                else:
                    self.values.setdefault((what, name), []).append(found)
                    self.sums[what, name] = self.sums.get((what, name), Decimal(0)) + found * pods


def _asked(context: Context) -> _Asked:
    return _Asked([one for one in context.cluster.workloads if one.namespace == context.target.name])


def _limit_range(context: Context) -> Iterator[Proposed]:
    asked = _asked(context)

    def default(what: str, otherwise: dict[str, str]) -> dict[str, str]:
        found = {name: sorted(asked.values.get((what, name), [])) for name in otherwise}
        return {name: written(name, all_[len(all_) // 2]) if all_ else otherwise[name] for name, all_ in found.items()}

    requests, limits = default("requests", _REQUEST), default("limits", _LIMIT)
    for name, request in requests.items():
        if (amount(request) or 0) > (amount(limits[name]) or 0):
            limits[name] = request
    spec = {"limits": [{"type": "Container", "default": limits, "defaultRequest": requests}]}
    note = "Defaults are the median of what the containers here ask for; they reach pods that are made from now on."
    yield _make(context, "LimitRange", "default-limits", spec, note if asked.values else _GUESS)


def _quota(context: Context) -> Iterator[Proposed]:
    asked = _asked(context)
    hard = {"pods": str(max(10, -(-asked.pods * 3 // 2)))}
    for (what, name), total in sorted(asked.sums.items()):
        if (what, name) not in asked.missing:
            hard[f"{what}.{name}"] = written(name, total * Decimal("1.5"))
    missing = ", ".join(f"{what}.{name}" for what, name in sorted(asked.missing))
    note = "Half as much again as is asked for today."
    note += f" Not limited, as some container sets none: {missing}." if missing else ""
    yield _make(context, "ResourceQuota", "default-quota", {"hard": hard}, note)


def _make(context: Context, kind: str, name: str, spec: Raw, note: str) -> Proposal:
    namespace = context.target.name
    raw = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec}
    return Proposal(Target("v1", kind, namespace, name), make=raw, note=note)


RECIPES: dict[str, Recipe] = {
    "container-resource-limits": on_template(_of_containers),
    "limit-range": _limit_range,
    "resource-quota": _quota,
}
