"""Judging an inventory."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from k8snb.assessment.ageing import stale
from k8snb.assessment.assessment import Assessment
from k8snb.assessment.imported import brought, considered
from k8snb.assessment.parameters import resolve
from k8snb.assessment.result import (
    SCHEMA,
    ControlResult,
    Counts,
    Finding,
    Record,
    SourceRecord,
    Subject,
    Tool,
    worst,
)
from k8snb.assessment.score import Weighed, score
from k8snb.assessment.subjects import SUBJECTS
from k8snb.assessment.verdict import Verdict, above, below, verdict
from k8snb.assessment.waivers import Attestations, Waivers, attestations_from, waivers_from
from k8snb.controls.model import Control
from k8snb.controls.registry import controls as all_controls
from k8snb.controls.registry import select
from k8snb.garbage import collected_later
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.progress import steps
from k8snb.resources.base import Object
from k8snb.sources.stream import Gap, Origin

Judged = tuple[Subject, Verdict, object]
"""What was judged, how, and the object or place of it, from which its origin can be told."""
TOLD = {"fail", "not-assessed"}
_PLACED = (Workload, Object)


@collected_later()
def assess(
    cluster: Cluster,
    *,
    chapters: Sequence[str] | None = None,
    controls: Sequence[str] | None = None,
    parameters: Mapping[str, Any] | None = None,
    waivers: str | None = None,
    attestations: str | None = None,
    all: bool = False,  # noqa: A002 - the interface's word
) -> Assessment:
    """Judge a cluster.

    Args:
        cluster: The inventory, from `k8snb.connect`.
        chapters: Ids of chapters; None for all.
        controls: Ids of controls, besides the chapters'; None for all.
        parameters: Values of parameters that controls declare.
        waivers: Path of a YAML file of waivers.
        attestations: Path of a YAML file of attestations.
        all: Whether findings that pass or do not apply are kept too.

    Raises:
        UsageError: if a chapter, control or parameter does not exist, a value does not fit, or a file cannot be read.
    """
    started = _now()
    selected = select(chapters, controls)
    values = resolve(parameters, all_controls().values(), cluster.clock)
    accepted, attested = waivers_from(waivers, values["today"]), attestations_from(attestations, values["today"])
    results, findings, weighed = [], [], []
    for control in steps(selected, "Assessing", "control"):
        judged = judge(cluster, control, values)
        if attested.entries:
            judged = [_attested(control, one, attested) for one in judged]
        found = [_finding(cluster, control, one, accepted) for one in judged if all or one[1].status in TOLD]
        result = _result(control, judged, sum(one.waiver is not None for one in found))
        results.append(result)
        weighed.append(_weighed(control, result))
        findings += found
    source = cluster.source
    record = Record(
        SCHEMA,
        Tool(),
        SourceRecord(
            source.kind, source.name, cluster.version, cluster.provider, started, _now(), source.recorded, source.seen
        ),
        {name: values[name] for name in sorted({"today", *(p.name for c in selected for p in c.parameters)})},
        cluster.coverage,
        score(weighed),
        tuple(results),
        tuple(findings),
        (*cluster.notes, *stale((name for one in selected for name in one.data), values["today"])),
    )
    return Assessment(record, cluster)


def judge(cluster: Cluster, control: Control, values: Mapping[str, Any]) -> list[Judged]:
    """Judge every subject of one control, and tell what hides further ones."""
    kind = SUBJECTS[control.subject]
    offered = {"cluster": cluster, "parameters": values}
    arguments = {name: offered[name] for name in control.wants}
    judged = list(_subjects(cluster, control, arguments))
    hidden = list(_hidden(cluster, kind.resources))
    if not judged and not hidden:
        gap = next((gap for resource in kind.resources if (gap := cluster.gap(resource))), None)
        hidden = [(Subject("", "Cluster", "", cluster.source.name), _open(gap), None)] if gap else []
    return judged + hidden


def _subjects(cluster: Cluster, control: Control, arguments: Mapping[str, Any]) -> Iterator[Judged]:
    ask = _remembering(control, arguments) if control.subject == "pod" else _asking(control, arguments)
    templates: dict[tuple[str, str, str], tuple[str, Verdict]] = {}
    imports = brought(cluster)
    for subject, value in SUBJECTS[control.subject].find(cluster):
        found = ask(value)
        if imports:
            found = considered(cluster, control.id, value, found)
        if isinstance(value, Workload):
            owner = (subject.kind, subject.namespace, subject.name)
            if subject.differs is None:
                templates[owner] = (value.path, found)
            elif owner in templates and above(value.path, found) == above(*templates[owner]):
                continue
        yield subject, found, value


def _asking(control: Control, arguments: Mapping[str, Any]) -> Callable[[Any], Verdict]:
    return lambda value: verdict(control.judge(value, **arguments))


def _remembering(control: Control, arguments: Mapping[str, Any]) -> Callable[[Workload], Verdict]:
    """Judge equal templates once (the inventory keeps them once); only where their field paths begin may differ."""
    known: dict[tuple[int, str], Verdict] = {}

    def ask(workload: Workload) -> Verdict:
        key = (id(workload.template), workload.path)
        found = known.get(key)
        if found is None:
            found = known[key] = below(workload.path, verdict(control.judge(workload.template, **arguments)))
        return found

    return ask


def _hidden(cluster: Cluster, resources: Sequence[str]) -> Iterator[Judged]:
    """One verdict for every object that could not be read, and one for every other gap that may hide subjects."""
    selected = cluster.selected_namespaces
    for gap in cluster.gaps:
        if gap.resource not in {None, *resources} or (selected and gap.namespace and gap.namespace not in selected):
            continue
        if gap.subject:
            yield Subject("", *gap.subject), _open(gap), gap.origin
        else:
            yield (
                Subject("", "List", gap.namespace or "", str(gap.origin or gap.resource or "")),
                _open(gap),
                gap.origin,
            )


def _open(gap: Gap) -> Verdict:
    return Verdict("not-assessed", gap.cause, gap.message, ())


def _attested(control: Control, judged: Judged, attestations: Attestations) -> Judged:
    subject, found, place = judged
    asks = found.status == "not-assessed" or (found.status == "fail" and "attestation" in control.evidence)
    answer = attestations.answer(control.id, subject) if asks else None
    return (subject, answer, place) if answer else judged


def _origin(cluster: Cluster, place: object) -> Origin | None:
    if isinstance(place, Origin):
        return place
    return cluster.origin(place) if isinstance(place, _PLACED) else None


def _finding(cluster: Cluster, control: Control, judged: Judged, waivers: Waivers) -> Finding:
    subject, found, place = judged
    origin = _origin(cluster, place)
    failing = found.status == "fail"
    identity = "\0".join(
        (control.id, subject.apiVersion, subject.kind, subject.namespace, subject.name, subject.differs or "")
    )
    return Finding(
        hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:12],
        control.id,
        control.chapter,
        found.severity or control.severity if failing else control.severity,
        found.status,
        found.cause if found.status == "not-assessed" else None,
        subject,
        found.message,
        found.evidence,
        control.remedy if failing else None,
        waivers.accepts(control.id, subject) if failing else None,
        str(origin) if origin else None,
    )


def _result(control: Control, judged: Sequence[Judged], waived: int) -> ControlResult:
    statuses = [found.status for _, found, _ in judged]
    counts = Counts(
        statuses.count("pass"),
        statuses.count("fail") - waived,
        statuses.count("not-assessed"),
        statuses.count("not-applicable"),
        waived,
    )
    return ControlResult(control.id, control.chapter, control.severity, worst(statuses), counts, control.title)


def _weighed(control: Control, result: ControlResult) -> Weighed:
    counts = result.counts
    failed = counts.fail + counts.waived
    return Weighed(control.chapter, control.severity, counts.passed, failed, counts.not_assessed, control.informational)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
