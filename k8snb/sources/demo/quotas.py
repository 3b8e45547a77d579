"""What the resource quotas report as used."""

from collections.abc import Callable
from typing import Any

from k8snb.sources.demo.quantity import total

Json = dict[str, Any]


def measure(quota: Json, objects: list[Json]) -> None:
    """Fill in `status` of a ResourceQuota from the objects of its namespace."""
    here = [one for one in objects if one["metadata"].get("namespace") == quota["metadata"]["namespace"]]
    pods = [one for one in here if one["kind"] == "Pod" and one["status"]["phase"] in {"Running", "Pending"}]
    hard = quota["spec"]["hard"]
    quota["status"] = {"hard": dict(hard), "used": {name: _used(name, pods, here) for name in hard}}


def _used(name: str, pods: list[Json], here: list[Json]) -> str:
    count = _COUNTS.get(name)
    if count:
        return str(count(pods, here))
    kind, resource = name.split(".")
    return total(_amount(pod["spec"], kind, resource) for pod in pods)


def _amount(spec: Json, kind: str, resource: str) -> str:
    """What a pod asks for: its containers and sidecars together (its plain init containers ask for less)."""
    sidecars = [one for one in spec.get("initContainers", ()) if one.get("restartPolicy") == "Always"]
    return total(one["resources"].get(kind, {}).get(resource, "0") for one in [*sidecars, *spec["containers"]])


def _node_ports(_: list[Json], here: list[Json]) -> int:
    return sum(
        len(one["spec"]["ports"]) for one in here if one["kind"] == "Service" and one["spec"]["type"] == "NodePort"
    )


_COUNTS: dict[str, Callable[[list[Json], list[Json]], int]] = {
    "pods": lambda pods, _: len(pods),
    "persistentvolumeclaims": lambda _, here: sum(one["kind"] == "PersistentVolumeClaim" for one in here),
    "services.nodeports": _node_ports,
}
