"""Assessments made by hand, from harmless to hostile."""

from collections.abc import Callable
from typing import Any

import pytest

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import SCHEMA, ControlResult, Counts, Finding, Record, SourceRecord, Subject, Tool, worst
from k8snb.assessment.score import Weighed, score
from k8snb.controls.model import Evidence, Severity, Status
from k8snb.inventory.coverage import Coverage
from k8snb.sources.stream import Cause

HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e'\"><img src=x onerror=alert(2)>\n`{{7*7}}` %{text} ../"
CONTROLS: dict[str, tuple[str, Severity]] = {
    "run-as-non-root": ("pod-security", "high"),
    "no-privileged-containers": ("pod-security", "critical"),
    "default-deny-ingress": ("network-hardening", "high"),
    "audit-logging-enabled": ("audit-logging", "high"),
    "limit-range": ("network-hardening", "low"),
}


def finding(
    status: Status = "fail",
    *,
    name: str = "cart",
    namespace: str = "shop",
    control: str = "run-as-non-root",
    **more: Any,
) -> Finding:
    chapter, severity = CONTROLS[control]
    cause: Cause | None = "forbidden" if status == "not-assessed" else None
    subject = Subject("apps/v1", "Deployment", namespace, name, 3)
    evidence = (Evidence("object", "spec.containers[0].securityContext.privileged", True, "false"),)
    fields: dict[str, Any] = {"message": "container app is privileged", "evidence": evidence} | more
    return Finding("0a1b2c3d4e5f", control, chapter, severity, status, cause, fields.pop("subject", subject), **fields)


def hostile() -> Finding:
    return finding(
        message=HOSTILE,
        evidence=(Evidence("object", HOSTILE, {HOSTILE: [HOSTILE]}, HOSTILE),),
        subject=Subject(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1, HOSTILE),
        waiver={"who": HOSTILE, "why": HOSTILE, "until": HOSTILE},
        origin=HOSTILE,
    )


def assessment(findings: list[Finding], *, name: str = "prod", coverage: tuple[Coverage, ...] = ()) -> Assessment:
    results, weighed = [], []
    for control, (chapter, severity) in CONTROLS.items():
        statuses: list[Status] = [one.status for one in findings if one.control == control]
        counts = Counts(statuses.count("pass"), statuses.count("fail"), statuses.count("not-assessed"))
        results.append(ControlResult(control, chapter, severity, worst(statuses), counts, f"Title of {control}"))
        weighed.append(Weighed(chapter, severity, counts.passed, counts.fail, counts.not_assessed, False))
    source = SourceRecord("manifests", name, None, None, "2026-11-23T10:00:00Z", "2026-11-23T10:00:01Z")
    record = Record(
        SCHEMA,
        Tool(),
        source,
        {},
        coverage,
        score(weighed),
        tuple(results if findings else ()),
        tuple(findings),
        (name,),
    )
    return Assessment(record)


@pytest.fixture(scope="session")
def make() -> Callable[..., Assessment]:
    return assessment


@pytest.fixture(scope="session")
def mixed() -> Assessment:
    return assessment(
        [
            finding(name="cart"),
            finding(name="api", control="no-privileged-containers"),
            finding(name="old", waiver={"who": "Ada", "why": "until the rewrite", "until": "2027-01-31"}),
            finding("not-assessed", control="audit-logging-enabled", namespace="kube-system"),
            finding("pass", name="good", namespace="payments"),
        ],
        coverage=(Coverage("pods", 812, None), Coverage("nodes", 0, "forbidden", "nodes is forbidden")),
    )


@pytest.fixture(scope="session")
def nasty() -> Assessment:
    return assessment([hostile()], name=HOSTILE, coverage=(Coverage(HOSTILE, 1, "malformed", HOSTILE),))
