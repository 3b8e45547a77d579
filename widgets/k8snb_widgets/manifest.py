"""The objects that the evidence of a finding is in, as YAML."""

import re
from typing import Any

import msgspec

from k8snb.assessment.result import Finding, Subject
from k8snb.controls.model import Evidence
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.kinds import KINDS
from k8snb.resources.pod import Placement
from k8snb_widgets.lines import shown
from k8snb_widgets.marks import Line, marked

MOST_LINES = 240
_BEFORE = 40
_MOST_OBJECTS = 3
_ELSEWHERE = re.compile(r"([A-Z]\w*)/([^\s.]\S*)(?: (.*))?", re.DOTALL)


class Manifest(msgspec.Struct, frozen=True):
    """An object: what it is called, lines of its YAML around what is marked, and how many more it has."""

    name: str
    lines: tuple[Line, ...]
    left_out: int = 0


def manifests(cluster: Cluster | None, finding: Finding) -> list[Manifest]:
    """Give the objects that the evidence is in, the subject first, with the fields of the evidence marked.

    Only fields that are assessed were ever read, and credentials are markers in them.

    Args:
        cluster: The inventory; without one there are no objects.
        finding: The finding.
    """
    if cluster is None:
        return []
    fields: dict[Subject, list[tuple[str, Evidence]]] = {finding.subject: []}
    for one in finding.evidence:
        subject, path = _place(finding.subject, one.at)
        fields.setdefault(subject, []).append((path, one))
    found = ((subject, _object(cluster, subject), marks) for subject, marks in fields.items())
    return [_cut(subject, marked(content, marks)) for subject, content, marks in found if content][:_MOST_OBJECTS]


def _place(subject: Subject, at: str) -> tuple[Subject, str]:
    """Say which object a piece of evidence is in, and where in it."""
    found = _ELSEWHERE.fullmatch(at)
    if found is None:
        return subject, at
    namespace, _, name = found[2].rpartition("/")
    other = Subject("", found[1], namespace, name)
    return (subject if str(other) == str(subject) else other), found[3] or ""


def _object(cluster: Cluster, subject: Subject) -> Any:
    """Give an object as builtin types; None where it is none, or was not seen."""
    kind = "Pod" if subject.kind == "Component" else subject.kind
    wanted = (kind, subject.namespace, subject.name, subject.differs or "")
    for one in cluster.all_workloads:
        if (one.kind, one.namespace, one.name, one.variant) == wanted:
            return _workload(one)
    for known in KINDS:
        if known.kind == kind and known.resource != "pods":
            place = subject.namespace if known.namespaced else None
            found = next((one for one in cluster.all(known.type, place or None) if one.name == subject.name), None)
            if found is not None:
                head = {"apiVersion": f"{known.group}/{known.version}".lstrip("/"), "kind": kind}
                return {**head, **_builtins(found), **head}
    return None


def _workload(one: Workload) -> Any:
    """Give a workload as the object that it is: a controller around its template, or a pod."""
    labels = one.metadata_labels if one.path else one.labels
    metadata = {"name": one.variant or one.name, "namespace": one.namespace} | (
        {"labels": dict(labels)} if labels else {}
    )
    body: Any = {"spec": _builtins(one.spec)}
    for step in reversed(one.path.split(".")[:-1]):
        body = {step: body}
    version, kind = (one.api_version, one.kind) if one.path else ("v1", "Pod")
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **body}


def _builtins(one: Any) -> Any:
    return msgspec.to_builtins(one, enc_hook=lambda value: value.node if isinstance(value, Placement) else str(value))


def _cut(subject: Subject, lines: list[Line]) -> Manifest:
    first = next((at for at, one in enumerate(lines) if one.marked), 0)
    start = max(0, min(first - _BEFORE, len(lines) - MOST_LINES))
    kept = tuple(lines[start : start + MOST_LINES])
    return Manifest(shown(subject), kept, len(lines) - len(kept))
