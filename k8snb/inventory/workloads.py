"""From controllers and pods to the workloads that are judged."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from k8snb.inventory.likeness import comparable
from k8snb.inventory.pods import PodSet, labels, normalise, profiles
from k8snb.resources.base import OwnerReference
from k8snb.resources.pod import PodSpec, PodTemplate
from k8snb.resources.workload import Controller, CronJob, PodTemplateSpec
from k8snb.sources.stream import Origin

_BELOW = {"CronJob": "spec.jobTemplate.spec.template.", "Pod": ""}
_API = {"Job": "batch/v1", "CronJob": "batch/v1", "Pod": "v1", "ReplicationController": "v1"}
_DEFAULT_BELOW = "spec.template."


class Workload(msgspec.Struct, gc=False):
    """Something that runs pods, or would: the subject of most controls.

    Attributes:
        api_version: `apiVersion` of the controller.
        kind: Its kind; `Pod` for a bare pod.
        namespace: Its namespace.
        name: Its name.
        labels: Labels of the pods.
        metadata_labels: Labels of the controller itself.
        annotations: Annotations of the controller itself.
        template: What the pods are.
        path: What stands before `spec` in the field paths of the template.
        podsets: The running pods that are like this.
        variant: Empty for the template; otherwise these are pods that differ from it, told apart by this word.
        replicas: `spec.replicas`, where the kind has it.
        likeness: What its pods look like when nothing changed them.
        origin: Where it stands in the source's text.
    """

    api_version: str
    kind: str
    namespace: str
    name: str
    labels: Mapping[str, str]
    template: PodTemplate
    metadata_labels: Mapping[str, str] = {}
    annotations: Mapping[str, str] = {}
    path: str = ""
    podsets: list[PodSet] = []
    variant: str = ""
    replicas: int | None = None
    origin: Origin | None = None
    likeness: PodTemplate | None = None

    @property
    def pods(self) -> int:
        """How many running pods are like this."""
        return sum(len(podset.names) for podset in self.podsets)

    @property
    def spec(self) -> PodSpec:
        """The pod spec."""
        return self.template.spec

    @property
    def service_account(self) -> str:
        """Name of the ServiceAccount that the pods run as."""
        return self.spec.serviceAccountName or "default"


Controllers = Mapping[tuple[str, str, str], Controller | CronJob]
"""Controllers by kind, namespace and name."""


def workloads(
    controllers: Iterable[tuple[Controller | CronJob, Origin | None]],
    podsets: Iterable[PodSet],
    complete: frozenset[str],
) -> list[Workload]:
    """Resolve owners and give the workloads: controllers by their template, and pods where these differ from it.

    Args:
        controllers: Everything that makes pods, with its place in the source's text.
        podsets: The running pods.
        complete: Kinds that were listed to the end, so that an owner which is not there does not exist.

    Returns:
        Workloads, each controller before the pods that differ from it; equal templates are the same object.
    """
    places = {(type(one).__name__, one.namespace or "default", one.name): (one, origin) for one, origin in controllers}
    known = {key: one for key, (one, _) in places.items()}
    tops = {key: _of_controller(key, one, origin) for key, (one, origin) in places.items() if _top(known, key) == key}
    result: dict[tuple[str, str, str], list[Workload]] = {key: [top] for key, top in tops.items()}
    for podset in podsets:
        _assign(podset, known, complete, result)
    found = [workload for group in result.values() for workload in group]
    once: dict[PodTemplate, PodTemplate] = {}
    for workload in found:
        workload.template = once.setdefault(workload.template, workload.template)
    return found


def _top(known: Controllers, key: tuple[str, str, str]) -> tuple[str, str, str]:
    """Follow controllers upwards as far as they are known; a loop of owners ends where it began."""
    seen = {key}
    while True:
        owner = _owner(known[key])
        above = (owner.kind, key[1], owner.name) if owner else None
        if owner is None or above is None or above in seen or above not in known or not _same(owner, known[above]):
            return key
        seen.add(above)
        key = above


def _owner(one: Controller | CronJob) -> OwnerReference | None:
    return next((owner for owner in one.metadata.ownerReferences or () if owner.controller), None)


def _same(owner: OwnerReference, one: Controller | CronJob) -> bool:
    return not owner.uid or not one.metadata.uid or owner.uid == one.metadata.uid


def _of_controller(key: tuple[str, str, str], one: Controller | CronJob, origin: Origin | None) -> Workload:
    template = one.template or PodTemplateSpec()
    spec, _ = normalise(template.spec or PodSpec(), injected=False)
    pod = PodTemplate(spec, profiles(template.metadata))
    claims = () if isinstance(one, CronJob) else one.spec.volumeClaimTemplates or ()
    return Workload(
        one.apiVersion or _API.get(key[0], "apps/v1"),
        *key,
        labels=labels(template.metadata),
        template=pod,
        metadata_labels=one.labels,
        annotations=one.annotations,
        path=_BELOW.get(key[0], _DEFAULT_BELOW),
        replicas=None if isinstance(one, CronJob) else one.spec.replicas,
        likeness=comparable(pod, (claim.metadata.name for claim in claims)),
        origin=origin,
    )


def _assign(
    podset: PodSet, known: Controllers, complete: frozenset[str], result: dict[tuple[str, str, str], list[Workload]]
) -> None:
    key = _subject(podset, known, complete)
    group = result.setdefault(key, [])
    likeness = comparable(podset.template)
    for workload in group:
        if workload.likeness == likeness:
            workload.podsets.append(podset)
            return
    group.append(_of_pods(key, podset, likeness, differs=bool(group)))


def _subject(podset: PodSet, known: Controllers, complete: frozenset[str]) -> tuple[str, str, str]:
    """Whose pods these are. Nobody's when the owner that they name is known not to exist: owners can be forged."""
    owner, namespace = podset.owner, podset.namespace
    bare = ("Pod", namespace, podset.names[0])
    if owner is None or owner.kind == "Node":
        return bare
    key = (owner.kind, namespace, owner.name)
    if key in known:
        return _top(known, key) if _same(owner, known[key]) else bare
    return bare if owner.kind in complete else key


def _of_pods(key: tuple[str, str, str], podset: PodSet, likeness: PodTemplate, *, differs: bool) -> Workload:
    kind, owner = key[0], podset.owner
    api_version = (owner.apiVersion if owner and kind != "Pod" else "") or _API.get(kind, "apps/v1")
    return Workload(
        api_version,
        *key,
        labels=podset.labels,
        template=podset.template,
        podsets=[podset],
        variant=podset.names[0] if differs else "",
        origin=podset.origin,
        likeness=likeness,
    )


def by_namespace(items: Iterable[Workload]) -> dict[str, list[Workload]]:
    """Group workloads by namespace."""
    groups: dict[str, list[Workload]] = defaultdict(list)
    for item in items:
        groups[item.namespace].append(item)
    return dict(groups)
