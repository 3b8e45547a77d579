"""What of a namespace is left over, one kind after the other."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import msgspec

from k8snb.analysis.namespaces import NamespaceView
from k8snb.analysis.words import some
from k8snb.controls.model import Observation, seen, unknown
from k8snb.inventory.cluster import CONTROLLERS, Cluster
from k8snb.resources.base import Object
from k8snb.resources.core import ConfigMap, PersistentVolumeClaim, Service
from k8snb.resources.network import Gateway, Ingress
from k8snb.resources.pod import Container, PodSpec
from k8snb.resources.workload import (
    Condition,
    Controller,
    ControllerStatus,
    Deployment,
    Job,
    ReplicaSet,
    ReplicationController,
    StatefulSet,
)

T = TypeVar("T")
DAYS = 90
SYSTEM = frozenset({"kube-system", "kube-public", "kube-node-lease"})
_MADE = frozenset({"kube-root-ca.crt", "openshift-service-ca.crt", "istio-ca-root-cert"})
"""ConfigMaps that a controller puts into every namespace."""
_WATCHED: Mapping[str, set[str] | None] = {
    "app.kubernetes.io/part-of": {"argocd"},
    "grafana_alert": None,
    "grafana_dashboard": None,
    "grafana_datasource": None,
}
"""Labels by which Argo CD and Grafana's sidecar find ConfigMaps through the API, with the values, or any.

Argo CD does not read even its own `argocd-cm` without its label (argoproj/argo-helm issue 101).
"""
_API = ("default", "kubernetes")
"""The Service whose endpoints the API server keeps."""
_WORD = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_WORKLOADS = ("pods", *(kind.resource for kind in CONTROLLERS))
_THINGS = ("services", "persistentvolumeclaims", "configmaps", "ingresses")


class Place(msgspec.Struct, frozen=True):
    """A namespace on a day, in its cluster."""

    view: NamespaceView
    cluster: Cluster
    today: date

    @property
    def name(self) -> str:
        """Name of the namespace."""
        return self.view.name

    @property
    def long_ago(self) -> date:
        """The day 90 days before."""
        return self.today - timedelta(DAYS)

    def all(self, wanted: type[T]) -> Sequence[T]:
        """Give the objects of a type in the namespace."""
        return self.cluster.all(wanted, self.name)

    def hidden(self, told: "Told", *resources: str) -> Iterator[Observation]:
        """Tell why there may be more of it, if there may."""
        gap = next((gap for one in resources if (gap := self.cluster.gap(one, self.name))), None)
        if gap:
            yield unknown(gap, told.at, told.expected)


class Told(msgspec.Struct, frozen=True):
    """How one kind is told: its place, what would pass, and a clause for each verdict."""

    at: str
    expected: str
    wrong: str
    right: str

    def summary(self, checked: int, left: Iterable[str]) -> Iterator[Observation]:
        """Tell of those that are left over, or that none is; nothing where there is none at all."""
        names = sorted(left)
        if names:
            observed = [name[:253] for name in names[:20]]
            yield seen(False, self.at, observed, self.expected, f"{self.wrong}: {some(names)}")
        elif checked:
            yield seen(True, self.at, checked, self.expected, self.right)

    def open(self, why: str, names: Iterable[str]) -> Iterator[Observation]:
        """Tell of those of which it is not known."""
        named = sorted(names)
        if named:
            yield unknown("not-collected", self.at, self.expected, f"{why}: {some(named)}")


def scaled_to_zero(place: Place) -> Iterator[Observation]:
    """No workload has had no replicas for 90 days, as far as its conditions and its age tell."""
    expected, wrong = f"no workload scaled to zero for {DAYS} days", f"scaled to zero for {DAYS} days or more"
    told = Told("spec.replicas", expected, wrong, "no workload has been idle for long")
    kinds: tuple[type[Controller], ...] = (Deployment, StatefulSet, ReplicaSet, ReplicationController)
    every = [one for kind in kinds for one in place.all(kind) if not _owned(one)]
    idle = [(f"{type(one).__name__}/{one.name}", _since(one)) for one in every if one.spec.replicas == 0]
    old = [name for name, (since, changed) in idle if changed and since and since < place.long_ago]
    unsure = [name for name, (since, changed) in idle if not changed and not (since and since >= place.long_ago)]
    yield from told.summary(len(every) - len(unsure), old)
    yield from told.open("since when it is scaled to zero is not shown", unsure)
    yield from place.hidden(told, *(kind.resource for kind in CONTROLLERS))


def _since(one: Controller) -> tuple[date | None, bool]:
    """Give the day of the last change that a workload shows, and whether it shows any: else the day it was made."""
    conditions = (one.status and one.status.conditions) or ()
    days = [found for each in conditions if (found := _day(each.lastUpdateTime or each.lastTransitionTime))]
    return (max(days), True) if days else (_day(one.metadata.creationTimestamp), False)


def without_endpoints(place: Place) -> Iterator[Observation]:
    """No Service selects nothing. Endpoints of one without a selector are made by others, and are not read."""
    expected = "a pod, or a workload with replicas, that the Service selects"
    told = Told("Service", expected, "Services without endpoints", "every Service selects something")
    inside = [one for one in place.all(Service) if one.spec.type != "ExternalName"]
    known, every = _labels(place.view), [(one.name, one.spec.selector) for one in inside if one.spec.selector]
    left = [name for name, selector in every if not set.intersection(*(known[pair] for pair in selector.items()))]
    by_hand = [one.name for one in inside if not one.spec.selector and (place.name, one.name) != _API]
    yield from told.open("endpoints of Services without a selector are not read", by_hand)
    hidden = list(place.hidden(told, *_WORKLOADS)) if left else []
    yield from hidden or told.summary(len(every), left)
    yield from place.hidden(told, "services")


def _labels(view: NamespaceView) -> Mapping[tuple[str, str], set[int]]:
    """Give the pods and the workloads with replicas, as numbers, by each of their labels."""
    labels = [podset.labels for work in view.workloads for podset in work.podsets]
    labels += [dict(work.labels) for work in view.workloads if work.replicas != 0]
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, each in enumerate(labels):
        for pair in each.items():
            found[pair].add(number)
    return found


def unbound_claims(place: Place) -> Iterator[Observation]:
    """Every PersistentVolumeClaim is bound."""
    at = "PersistentVolumeClaim status.phase"
    told = Told(at, "Bound", "claims that are not bound", "every claim is bound")
    phases = {one.name: one.status.phase if one.status else None for one in place.all(PersistentVolumeClaim)}
    unsure = [name for name, phase in phases.items() if phase is None]
    left = [name for name, phase in phases.items() if phase not in {None, "Bound"}]
    yield from told.summary(len(phases) - len(unsure), left)
    yield from told.open("whether it is bound is not told", unsure)
    yield from place.hidden(told, "persistentvolumeclaims")


def unreferenced_config_maps(place: Place) -> Iterator[Observation]:
    """No ConfigMap is without a reference: by a pod, by a word of a command line, by a label, or by an owner."""
    expected = "a workload that refers to the ConfigMap"
    told = Told("ConfigMap", expected, "ConfigMaps that nothing refers to", "every ConfigMap is used")
    if place.name in SYSTEM:
        return
    every = [one for one in place.all(ConfigMap) if one.name not in _MADE]
    used = {name for work in place.view.workloads for name in _references(work.spec)}
    left = [one.name for one in every if one.name not in used and not _owned(one) and not _watched(one)]
    words = _words(place.view) if left else set[str]()
    left = [name for name in left if name not in words]
    hidden = list(place.hidden(told, *_WORKLOADS)) if left else []
    yield from hidden or told.summary(len(every), left)
    yield from place.hidden(told, "configmaps")


def _references(spec: PodSpec) -> Iterator[str]:
    for volume in spec.volumes or ():
        sources = (volume.projected and volume.projected.sources) or ()
        for ref in (volume.configMap, *(source.configMap for source in sources)):
            if ref and ref.name:
                yield ref.name
    for boxes in (spec.containers, spec.initContainers, spec.ephemeralContainers):
        for box in boxes or ():
            yield from _of_container(box)


def _of_container(box: Container) -> Iterator[str]:
    whole = [one.configMapRef for one in box.envFrom or ()]
    keys = [one.valueFrom.configMapKeyRef for one in box.env or () if one.valueFrom]
    yield from (ref.name for ref in (*whole, *keys) if ref and ref.name)


def _words(view: NamespaceView) -> set[str]:
    boxes = [box for work in view.workloads for _, box in work.template.containers()]
    arguments = (argument for box in boxes for argument in (*(box.command or ()), *(box.args or ())))
    return {word for argument in arguments for word in _WORD.findall(argument)}


def _watched(one: Object) -> bool:
    """Say whether a controller that is known to look for such labels reads an object through the API."""
    labels = one.metadata.labels or {}
    return any(key in labels and (values is None or labels[key] in values) for key, values in _WATCHED.items())


def finished_jobs(place: Place) -> Iterator[Observation]:
    """No finished Job is there after its `ttlSecondsAfterFinished`; one without it may stay."""
    expected = "removed after its ttlSecondsAfterFinished"
    told = Told("Job", expected, "finished Jobs beyond their TTL", "no finished Job is overdue")
    every = [one for one in place.all(Job) if one.spec.ttlSecondsAfterFinished is not None]
    yield from told.summary(len(every), [one.name for one in every if _overdue(one, place.today)])
    yield from place.hidden(told, "jobs")


def _overdue(one: Job, today: date) -> bool:
    status, limit = one.status or ControllerStatus(), one.spec.ttlSecondsAfterFinished or 0
    done = [each.lastTransitionTime for each in status.conditions or () if _finished(each)]
    ended = _day(status.completionTime or next(iter(done), None))
    days = min(max(limit, 0) // 86_400, 100_000) + 1
    return ended is not None and ended < today - timedelta(days)


def _finished(one: Condition) -> bool:
    return one.type in {"Complete", "Failed"} and one.status == "True"


def empty(place: Place) -> Iterator[Observation]:
    """The namespace is not empty, or not older than 90 days."""
    expected = f"something that is used, or an age of at most {DAYS} days"
    told = Told("Namespace", expected, "", "the namespace is in use")
    kinds: tuple[type[Object], ...] = (Service, PersistentVolumeClaim, Ingress, Gateway)
    things = len(place.view.workloads) + sum(len(place.all(kind)) for kind in kinds)
    things += sum(one.name not in _MADE for one in place.all(ConfigMap))
    hidden = list(place.hidden(told, *_WORKLOADS, *_THINGS))
    made = _day(place.view.object.metadata.creationTimestamp) if place.view.object else None
    if things or place.name in SYSTEM or place.name == "default":
        yield seen(True, told.at, things, told.expected, told.right)
    elif hidden or made is None:
        yield from hidden or told.open("the namespace is empty, and its age is not told", [place.name])
    else:
        clause = f"the namespace is empty, and was made on {made}"
        yield seen(made >= place.long_ago, told.at, made.isoformat(), told.expected, clause)


def _owned(one: Object) -> bool:
    """Say whether somebody else keeps an object."""
    return bool(one.metadata.ownerReferences)


def _day(text: str | None) -> date | None:
    """Read a timestamp's day, in UTC; None if it is none."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).date() if text else None
    except (ValueError, OverflowError):
        return None


CHECKS: tuple[Callable[[Place], Iterator[Observation]], ...] = (
    scaled_to_zero,
    without_endpoints,
    unbound_claims,
    unreferenced_config_maps,
    finished_jobs,
    empty,
)
