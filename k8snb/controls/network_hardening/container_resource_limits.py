"""Every container has requests and limits of CPU and memory."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from k8snb.analysis.words import clip
from k8snb.controls.model import Observation, References, seen
from k8snb.controls.network_hardening._shared import CHAPTER, NO_CONTAINER, RESOURCES, empty, pod
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.base import Quantity
from k8snb.resources.core import LimitRange
from k8snb.resources.pod import ResourceRequirements

_QUANTITY = re.compile(r"\+?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?")
_RESOURCES: tuple[Literal["cpu", "memory"], ...] = ("cpu", "memory")

_LIMITS = pod("resources: {limits: {cpu: 500m, memory: 256Mi}}")
_ALL = pod("resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: 500m, memory: 256Mi}}")
_NO_CPU = pod("resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}")
_REQUESTS = pod("resources: {requests: {cpu: 100m, memory: 128Mi}}")


@control(
    id="container-resource-limits",
    chapter=CHAPTER,
    section=RESOURCES,
    severity="medium",
    subject="workload",
    reads=["limitranges"],
    title="Containers have requests and limits of CPU and memory",
    why=(
        "A container without limits may eat its node: by accident, by a leak, or because somebody mines coins in it. "
        "The neighbours are starved or evicted."
    ),
    fix=(
        "Set resources.limits for cpu and memory on every init and regular container (requests follow the limits where "
        "they are not set), or let a LimitRange of the namespace supply them."
    ),
    caution="A memory limit that is too low kills the container; measure first. A CPU limit slows it down under load.",
    remedy="patch",
    references=References(
        nist_800_53=("SC-5", "SC-6"),
        nist_800_190=("4.4.3",),
        mitre=("T1496", "T1499"),
        kubescape=("C-0270", "C-0271"),
        trivy=("KSV-0011", "KSV-0015", "KSV-0016", "KSV-0018"),
    ),
    passing=[
        _LIMITS,
        _ALL,
    ],
    failing=[pod(""), _NO_CPU, _REQUESTS, pod("resources: {limits: {cpu: 0, memory: 256Mi}}")],
)
def container_resource_limits(workload: Workload, cluster: Cluster) -> Iterator[Observation]:
    """Containers have requests and limits of CPU and memory.

    Limits of the pod itself (`spec.resources`) hold for all its containers. A LimitRange fills in what a template
    leaves out, unless pods run without it. Ephemeral containers cannot have any resources and are left out.
    """
    if empty(workload.template):
        yield NO_CONTAINER
    supplied = {} if workload.podsets or not workload.path else _defaults(cluster, workload.namespace)
    for path, container in workload.template.containers():
        if not path.startswith("ephemeralContainers"):
            at = f"{workload.path}spec.{path}.resources"
            given = _given(container.resources, workload.spec.resources, supplied)
            yield from _observe(at, container.name, given)


def _given(own: ResourceRequirements | None, pods: ResourceRequirements | None, supplied: Mapping[str, Any]) -> Any:
    limits = {name: _amount(own, "limits", name) or _amount(pods, "limits", name) for name in _RESOURCES}
    limits = {name: limits[name] or supplied.get(f"default.{name}") for name in _RESOURCES}
    asked = {name: _amount(own, "requests", name) or _amount(pods, "requests", name) for name in _RESOURCES}
    requests = {name: asked[name] or supplied.get(f"defaultRequest.{name}") or limits[name] for name in _RESOURCES}
    return {"limits": limits, "requests": requests}


def _observe(at: str, name: str | None, given: Mapping[str, Mapping[str, Any]]) -> Iterator[Observation]:
    for what in ("limits", "requests"):
        missing = [resource for resource in _RESOURCES if given[what][resource] is None]
        clause = f"container {clip(name)} has no {what} of {' and '.join(missing)}" if missing else ""
        observed = {resource: amount for resource, amount in given[what].items() if amount is not None}
        clause = clause or f"container {clip(name)} has {what} of CPU and memory"
        yield seen(not missing, f"{at}.{what}", observed or None, "cpu and memory", clause)


def _amount(resources: ResourceRequirements | None, what: str, name: str) -> Quantity | None:
    amounts = getattr(resources, what) if resources else None
    amount: Quantity | None = getattr(amounts, name) if amounts else None
    return amount if _is_set(amount, what) else None


def _is_set(amount: Quantity | None, what: str) -> bool:
    """Whether this is a quantity; a limit of zero is no limit. Source: Kubernetes, `resource.Quantity`."""
    found = _QUANTITY.fullmatch("" if amount is None else str(amount))
    return found is not None and (what != "limits" or bool(found[1].strip("0.")))


def _defaults(cluster: Cluster, namespace: str) -> Mapping[str, Quantity]:
    """Give what the LimitRanges of a namespace fill in, as `default.cpu` and the like.

    A `max` stands for a missing `default`, a `min` for a missing `defaultRequest`. Source: Kubernetes,
    `SetDefaults_LimitRangeItem`.
    """
    return {
        f"{what}.{name}": amount
        for one in cluster.all(LimitRange, namespace)
        for item in one.spec.limits or ()
        if item.type == "Container"
        for what, instead in (("default", "max"), ("defaultRequest", "min"))
        for name in _RESOURCES
        for amounts in (getattr(item, instead), getattr(item, what))
        if amounts and _is_set(amount := getattr(amounts, name), "limits")
    }
