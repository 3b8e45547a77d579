"""What a control is, and what its judging function gives."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import msgspec

from k8snb.sources.stream import Cause, Gap

Severity = Literal["critical", "high", "medium", "low"]
Status = Literal["pass", "fail", "not-applicable", "not-assessed"]
EvidenceSource = Literal["object", "flag", "metric", "probe", "provider", "benchmark", "attestation"]
SubjectKind = Literal[
    "pod",
    "workload",
    "namespace",
    "namespace-with-pods",
    "service",
    "ingress",
    "configuration",
    "role",
    "binding",
    "rbac-subject",
    "service-account",
    "node",
    "api-server",
    "etcd",
    "scheduler",
    "controller-manager",
    "control-plane",
    "component",
    "cluster",
]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """What was observed, where, and what was expected.

    Attributes:
        source: How it was seen.
        at: The very place: a field path, a flag, a metric, an address.
        observed: What was there; None when nothing was. Never a secret.
        expected: What would pass, in words.
    """

    source: EvidenceSource
    at: str
    observed: Any
    expected: str


class Observation(msgspec.Struct, frozen=True, gc=False):
    """One thing that a judging function saw; the verdict follows from all of them.

    Attributes:
        holds: True as wanted, False not, None when it could not be seen.
        evidence: What was seen.
        message: For a person, one clause; empty where the evidence says it all.
        cause: Why it could not be seen.
        severity: Replaces the control's severity for this finding, where the context makes it worse.
    """

    holds: bool | None
    evidence: Evidence
    message: str = ""
    cause: Cause | None = None
    severity: Severity | None = None


def seen(
    holds: bool,
    at: str,
    observed: Any,
    expected: str,
    message: str = "",
    *,
    source: EvidenceSource = "object",
    severity: Severity | None = None,
) -> Observation:
    """Tell what was seen.

    Args:
        holds: Whether it is as the control wants it.
        at: The place, such as `spec.containers[0].securityContext.privileged`.
        observed: What is there, JSON types; None for an unset field. Never a secret.
        expected: What would pass, in words or as a value.
        message: One clause for a person, such as `container app runs privileged`.
        source: How it was seen.
        severity: A severity for this very finding, where the context makes it worse.
    """
    return Observation(holds, Evidence(source, at, observed, expected), message, None, severity)


def unknown(gap: Gap | Cause, at: str, expected: str, message: str = "") -> Observation:
    """Tell what could not be seen, and why; the subject is then `not-assessed`, unless something else fails it.

    Args:
        gap: The gap that hides it, or its cause.
        at: What would have to be seen: a resource, a flag, a parameter.
        expected: What would pass.
        message: One clause for a person; the gap's own message if empty.
    """
    cause, told = (gap.cause, gap.message) if isinstance(gap, Gap) else (gap, "")
    return Observation(None, Evidence("object", at, None, expected), message or told, cause)


class References(msgspec.Struct, frozen=True):
    """Where else the rule stands; empty where it does not.

    Attributes:
        pss: Pod Security Standards field, such as `restricted: Running as Non-root`.
        cis: Numbers of the CIS Kubernetes Benchmark 1.12.
        nist_800_53: NIST SP 800-53 rev. 5 controls.
        nist_800_190: NIST SP 800-190 sections.
        mitre: MITRE ATT&CK for Containers techniques.
        kubescape: Rule ids of kubescape.
        trivy: Rule ids of Trivy.
        kube_bench: Rule ids of kube-bench.
    """

    pss: tuple[str, ...] = ()
    cis: tuple[str, ...] = ()
    nist_800_53: tuple[str, ...] = ()
    nist_800_190: tuple[str, ...] = ()
    mitre: tuple[str, ...] = ()
    kubescape: tuple[str, ...] = ()
    trivy: tuple[str, ...] = ()
    kube_bench: tuple[str, ...] = ()


class Parameter(msgspec.Struct, frozen=True):
    """A value that the user may set for a run.

    Attributes:
        name: Its name in the shell, in notebooks and in Python.
        type: The type that a value must have, as msgspec reads it.
        default: What is used when nobody sets it.
        help: One line.
    """

    name: str
    type: Any
    default: Any
    help: str


class Example(msgspec.Struct, frozen=True):
    """A small whole cluster on which a control must pass or fail.

    Attributes:
        objects: Kubernetes objects as YAML.
        parameters: Parameters of the run.
        facts: Facts by name, such as `version`.
    """

    objects: str
    parameters: Mapping[str, Any] = {}
    facts: Mapping[str, Any] = {}


Judge = Callable[..., Iterable[Observation]]
Remedy = Literal["patch", "template", "manual"]


class Control(msgspec.Struct, frozen=True):
    """One recommendation of the guide, made checkable; `k8snb.controls.control` explains the fields."""

    id: str
    chapter: str
    section: str
    title: str
    severity: Severity
    subject: SubjectKind
    reads: tuple[str, ...]
    why: str
    fix: str
    caution: str
    remedy: Remedy
    evidence: tuple[EvidenceSource, ...]
    references: References
    parameters: tuple[Parameter, ...]
    passing: tuple[Example, ...]
    failing: tuple[Example, ...]
    judge: Judge
    wants: frozenset[str]
    informational: bool = False
    data: tuple[str, ...] = ()
