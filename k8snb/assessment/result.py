"""What an assessment gives: findings, verdicts per control, coverage and score, in the shape of its JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from k8snb._version import __version__
from k8snb.assessment.score import Interval, Score
from k8snb.controls.model import Evidence, Severity, Status
from k8snb.inventory.coverage import Coverage
from k8snb.sources.stream import Cause

SCHEMA = "k8snb/assessment/v1"


class Subject(msgspec.Struct, frozen=True, gc=False):
    """What a finding is about.

    Attributes:
        apiVersion: `apiVersion` of the object; empty where it is no object.
        kind: Its kind; `Cluster`, `Component` or `List` where it is no object.
        namespace: Its namespace; empty for cluster-scoped ones.
        name: Its name; untrusted text.
        pods: How many running pods it stands for; None where pods mean nothing.
        differs: Name of one of its pods, where the finding is about pods that differ from their template.
    """

    apiVersion: str
    kind: str
    namespace: str
    name: str
    pods: int | None = None
    differs: str | None = None

    def __str__(self) -> str:
        return "/".join(part for part in (self.kind, self.namespace, self.name) if part)


class Finding(msgspec.Struct, frozen=True, gc=False):
    """A control, a subject and the verdict, with what was seen.

    Attributes:
        id: Stable from run to run: derived from the control and the subject's identity.
        control: Id of the control.
        chapter: Id of its chapter.
        severity: How bad a failure is here.
        status: The verdict.
        cause: Why it was not assessed.
        subject: What it is about.
        message: One sentence for a person.
        evidence: What decided.
        fix: Whether the fix is a `patch`, a `template` or `manual`; None where nothing is to fix.
        waiver: Who accepted it, why and until when; None where nobody did.
        origin: File and line, where the subject came from text.
    """

    id: str
    control: str
    chapter: str
    severity: Severity
    status: Status
    cause: Cause | None
    subject: Subject
    message: str
    evidence: tuple[Evidence, ...]
    fix: str | None = None
    waiver: dict[str, str] | None = None
    origin: str | None = None


class Counts(msgspec.Struct, frozen=True, rename="kebab"):
    """How many subjects got which verdict; waived ones fail and are counted as waived instead."""

    passed: int = msgspec.field(default=0, name="pass")
    fail: int = 0
    not_assessed: int = 0
    not_applicable: int = 0
    waived: int = 0


class ControlResult(msgspec.Struct, frozen=True):
    """The verdict on one control over all its subjects."""

    id: str
    chapter: str
    severity: Severity
    status: Status
    counts: Counts
    title: str = ""


class Tool(msgspec.Struct, frozen=True):
    """What made the assessment."""

    name: str = "k8snb"
    version: str = __version__


class SourceRecord(msgspec.Struct, frozen=True):
    """What was assessed, and when.

    Of a snapshot, `recorded` is the kind of source that it was made of, and `seen` is when that was read.
    """

    kind: str
    name: str
    server: str | None
    provider: str | None
    started: str
    finished: str
    recorded: str | None = None
    seen: str | None = None


class Record(msgspec.Struct, frozen=True):
    """The JSON of an assessment, `k8snb/assessment/v1`."""

    schema: str
    tool: Tool
    source: SourceRecord
    parameters: Mapping[str, Any]
    coverage: tuple[Coverage, ...]
    score: Score
    controls: tuple[ControlResult, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()

    @property
    def interval(self) -> Interval:
        """The whole score."""
        return Interval(self.score.low, self.score.high)


def worst(statuses: Sequence[Status]) -> Status:
    """Give a control's status from its subjects': any failure fails it, then anything not assessed leaves it so."""
    for status in ("fail", "not-assessed", "pass"):
        if status in statuses:
            return status
    return "not-applicable"
