"""What a change does to the findings: the changed objects are judged, in an inventory that is otherwise the same."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import msgspec

from k8snb.assessment.assess import assess
from k8snb.assessment.result import Finding
from k8snb.inventory.build import Collected, collect
from k8snb.inventory.cluster import Cluster
from k8snb.remediation.objects import Raw
from k8snb.remediation.target import Target
from k8snb.resources.kinds import BY_RESOURCE
from k8snb.sources.objects import Objects
from k8snb.sources.stream import Page

Replaced = Mapping[Target, Raw | None]


class Difference(msgspec.Struct, frozen=True):
    """What a change does to the findings.

    Attributes:
        fixed: Those that fail before it, and no longer after it.
        caused: Those that fail after it, and did not before.
    """

    fixed: tuple[Finding, ...] = ()
    caused: tuple[Finding, ...] = ()


def difference(cluster: Cluster, changed: Cluster, namespace: str, parameters: Mapping[str, Any]) -> Difference:
    """Judge both inventories by every control, in one namespace or everywhere.

    Args:
        cluster: As it is.
        changed: As it would be.
        namespace: Where something changes; empty for the whole cluster.
        parameters: Values of the run's parameters.
    """
    before, after = _before(cluster, namespace, parameters), _statuses(changed, namespace, parameters)
    fixed = [one for key, one in before.items() if one.status == "fail" and not _fails(after.get(key))]
    caused = [one for key, one in after.items() if one.status == "fail" and not _fails(before.get(key))]
    return Difference(tuple(fixed), tuple(caused))


def _fails(one: Finding | None) -> bool:
    return one is not None and one.status != "pass"


_known: WeakKeyDictionary[Cluster, dict[str, dict[str, Finding]]] = WeakKeyDictionary()


def _before(cluster: Cluster, namespace: str, parameters: Mapping[str, Any]) -> dict[str, Finding]:
    known = _known.setdefault(cluster, {})
    if namespace not in known:
        known[namespace] = _statuses(cluster, namespace, parameters)
    return known[namespace]


def _statuses(cluster: Cluster, namespace: str, parameters: Mapping[str, Any]) -> dict[str, Finding]:
    here = cluster.limited((namespace,)) if namespace in cluster.namespace_names else cluster
    return {one.id: one for one in assess(here, parameters=parameters) if one.subject.differs is None}


def replaced(cluster: Cluster, objects: Replaced) -> Cluster:
    """Give the inventory with some objects replaced, made or gone.

    Pods of a workload that changes are left out: its next ones follow the new template.

    Args:
        cluster: As it is; stays so.
        objects: What becomes of each object; None where it goes.
    """
    stale = [
        podset for one in cluster.workloads if _of(one) in {_key(key) for key in objects} for podset in one.podsets
    ]

    def change(old: Collected) -> Collected:
        found = _copy(old)
        for target, raw in objects.items():
            _replace(found, target, raw)
        found.podsets = [one for one in found.podsets if not any(one is other for other in stale)]
        return _joined(found, [raw for target, raw in objects.items() if raw is not None and target.kind == "Pod"])

    return cluster.changed(change)


def refreshed(cluster: Cluster, namespace: str, resources: Mapping[str, Sequence[Raw]]) -> Cluster:
    """Give the inventory with some resources of a namespace as they were listed just now."""

    def change(old: Collected) -> Collected:
        found = _copy(old)
        for resource in resources:
            _forget(found, resource, namespace)
        if "pods" in resources:
            found.podsets = [one for one in found.podsets if one.namespace != namespace]
        return _joined(found, [raw for listed in resources.values() for raw in listed])

    return cluster.changed(change)


def _of(workload: Any) -> tuple[str, str, str]:
    return workload.kind, workload.namespace, workload.name


def _key(target: Target) -> tuple[str, str, str]:
    return target.kind, target.namespace, target.name


def _copy(old: Collected) -> Collected:
    objects = {key: list(values) for key, values in old.objects.items()}
    origins = {key: list(values) for key, values in old.origins.items()}
    return msgspec.structs.replace(old, podsets=list(old.podsets), objects=objects, origins=origins)


def _forget(found: Collected, resource: str, namespace: str, name: str | None = None) -> None:
    namespaced = BY_RESOURCE[resource].namespaced
    kept = [
        (one, origin)
        for one, origin in zip(found.objects.get(resource, ()), found.origins.get(resource, ()), strict=True)
        if (namespaced and (one.namespace or "default") != namespace) or name not in {None, one.name}
    ]
    found.objects[resource], found.origins[resource] = [one for one, _ in kept], [origin for _, origin in kept]


def _replace(found: Collected, target: Target, raw: Raw | None) -> None:
    kind = target.known
    if kind is None or kind.resource == "pods":
        return
    objects, origins = found.objects.get(kind.resource, []), found.origins.get(kind.resource, [])
    index = next((i for i, one in enumerate(objects) if _named(one, target)), None)
    new = _typed(raw).objects.get(kind.resource, []) if raw is not None else []
    if index is None:
        found.objects[kind.resource], found.origins[kind.resource] = [*objects, *new], [*origins, *[None] * len(new)]
    else:
        objects[index : index + 1] = new
        origins[index : index + 1] = origins[index : index + 1] * len(new)


def _named(one: Any, target: Target) -> bool:
    return one.name == target.name and (not target.namespace or (one.namespace or "default") == target.namespace)


def _typed(*raws: Raw) -> Collected:
    return collect([Objects(tuple(Page(msgspec.json.encode(one)) for one in raws))])


def _joined(found: Collected, raws: Iterable[Raw]) -> Collected:
    new = _typed(*raws)
    found.podsets += new.podsets
    for resource, objects in new.objects.items():
        found.objects.setdefault(resource, []).extend(objects)
        found.origins.setdefault(resource, []).extend(new.origins[resource])
    return found
