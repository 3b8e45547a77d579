"""Collecting a source's stream into one inventory, in as many processes as pay."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

import msgspec

from k8snb.inventory.decode import Batch, Skipped, decode
from k8snb.inventory.pages import PodPages
from k8snb.inventory.pods import PodSet, PodSets, identity_of, labels, profiles
from k8snb.progress import steps
from k8snb.resources.core import ConfigMap
from k8snb.resources.kinds import Kind
from k8snb.resources.workload import Controller, CronJob, Pod
from k8snb.sources.stream import Fact, Gap, Item, Listed, Note, Origin, Page, Part


class Collected(msgspec.Struct, gc=False):
    """What was read of a source, or of a share of its parts.

    Attributes:
        podsets: Pods, equal ones together.
        objects: Every other object by resource.
        origins: Where each of these stands in the source's text, in the same order.
        listed: Resources that were listed to the end, and the namespaces of each (None: all).
        gaps: What could not be read.
        facts: Evidence that is no object.
        notes: What was left aside on purpose.
        skipped: How many objects of kinds that no control reads, by `apiVersion` and kind with a space between.
    """

    podsets: list[PodSet] = []
    objects: dict[str, list[Any]] = {}
    origins: dict[str, list[Origin | None]] = {}
    listed: list[Listed] = []
    gaps: list[Gap] = []
    facts: list[Fact] = []
    notes: list[str] = []
    skipped: dict[str, int] = {}


def collect(parts: Iterable[Part]) -> Collected:
    """Read parts of a source, in this process."""
    pages, result = PodPages(PodSets()), Collected()
    for item in steps(chain.from_iterable(part.read() for part in parts), "Reading", "page"):
        _take(item, pages, result)
    result.podsets = pages.sets.sets()
    return result


def _take(item: Item, pages: PodPages, result: Collected) -> None:
    match item:
        case Page() if not pages.add(item):
            for found in decode(item):
                _keep(found, pages.sets, result)
        case Listed():
            result.listed.append(item)
        case Gap():
            result.gaps.append(item)
        case Fact():
            result.facts.append(item)
        case Note():
            result.notes.append(item.message)


def _keep(found: Batch | Skipped | Gap, pods: PodSets, result: Collected) -> None:
    match found:
        case Gap():
            result.gaps.append(found)
        case Skipped():
            called = f"{found.api_version} {found.kind}"
            result.skipped[called] = result.skipped.get(called, 0) + 1
        case Batch() if found.kind.type is Pod:
            _add_pods(found, pods, result)
        case Batch():
            whole = _whole(found, result.gaps) if issubclass(found.kind.type, Controller | CronJob) else found
            result.objects.setdefault(found.kind.resource, []).extend(_harmless(whole))
            result.origins.setdefault(found.kind.resource, []).extend(whole.origins)


def _whole(found: Batch, gaps: list[Gap]) -> Batch:
    """Leave out what makes pods whose labels or annotations are no maps of strings, and tell of it."""
    kept = []
    for one, origin in zip(found.objects, found.origins, strict=True):
        metadata = one.template.metadata if one.template else None
        try:
            labels(metadata)
            profiles(metadata)
            kept.append((one, origin))
        except msgspec.ValidationError as error:
            gaps.append(_malformed(found.kind, one, error, origin))
    if len(kept) == len(found.objects):
        return found
    return Batch(found.kind, tuple(one for one, _ in kept), tuple(origin for _, origin in kept))


def _malformed(kind: Kind, one: Any, error: Exception, origin: Origin | None) -> Gap:
    subject = (kind.kind, one.metadata.namespace or "default", one.metadata.name)
    where = f"{origin}: " if origin else ""
    return Gap("malformed", f"{where}{'/'.join(subject)}: {error}", kind.resource, subject[1], origin, subject)


def _harmless(found: Batch) -> Iterable[Any]:
    """Give objects without literal credentials, in the process that reads them."""
    from k8snb.resources.redact import without_credentials, without_values

    if found.kind.type is ConfigMap:
        return map(without_values, found.objects)
    return (
        map(without_credentials, found.objects) if issubclass(found.kind.type, Controller | CronJob) else found.objects
    )


def _add_pods(batch: Batch, pods: PodSets, result: Collected) -> None:
    for pod, origin in zip(batch.objects, batch.origins, strict=True):
        try:
            pods.add(pod, origin)
        except msgspec.ValidationError as error:
            result.gaps.append(_malformed(batch.kind, pod, error, origin))


def merge(first: Collected, others: Iterable[Collected]) -> Collected:
    """Put together what several processes read, as if one had read it all.

    Args:
        first: What this process read; it takes the rest in.
        others: What the others read, in any number of pieces.
    """
    known = {identity_of(podset, podset.names[0]): podset for podset in first.podsets}
    templates = {podset.template: podset.template for podset in first.podsets}
    for other in others:
        for podset in other.podsets:
            podset.template = templates.setdefault(podset.template, podset.template)
            same = known.setdefault(identity_of(podset, podset.names[0]), podset)
            if same is not podset:
                same.names.extend(podset.names)
                same.nodes.extend(podset.nodes)
        _add(first, other)
    first.podsets = list(known.values())
    return first


def _add(first: Collected, other: Collected) -> None:
    for resource, objects in other.objects.items():
        first.objects.setdefault(resource, []).extend(objects)
        first.origins.setdefault(resource, []).extend(other.origins[resource])
    for kind, count in other.skipped.items():
        first.skipped[kind] = first.skipped.get(kind, 0) + count
    first.listed += other.listed
    first.gaps += other.gaps
    first.facts += other.facts
    first.notes += other.notes
