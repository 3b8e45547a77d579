"""Scans of the cluster: the newest trace of each kind decides, and none is no answer."""

import json
from pathlib import Path
from typing import Any

import pytest

import k8snb
from k8snb.assessment.result import Finding
from k8snb.errors import UsageError

DAY = "2026-04-01"


def cron(image: str, last: str | None, name: str = "scan") -> dict[str, Any]:
    template = {"spec": {"containers": [{"name": "c", "image": image}]}}
    spec = {"schedule": "0 3 * * 0", "jobTemplate": {"spec": {"template": template}}}
    status = {"lastSuccessfulTime": f"{last}T03:00:00Z"} if last else {}
    metadata = {"name": name, "namespace": "security"}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": metadata, "spec": spec, "status": status}


def job(image: str, done: str | None) -> dict[str, Any]:
    spec = {"template": {"spec": {"containers": [{"name": "c", "image": image}]}}}
    status = {"completionTime": f"{done}T03:00:00Z"} if done else {"failed": 1}
    metadata = {"name": "run", "namespace": "security"}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec, "status": status}


def compliance(identity: str, updated: str) -> dict[str, Any]:
    return {
        "apiVersion": "aquasecurity.github.io/v1alpha1",
        "kind": "ClusterComplianceReport",
        "metadata": {"name": identity},
        "spec": {"compliance": {"id": identity}},
        "status": {"updateTimestamp": f"{updated}T00:00:00Z"},
    }


def judge(*objects: dict[str, Any], complete: bool = True, **parameters: Any) -> Finding:
    cluster = k8snb.connect(objects=list(objects), complete=complete)
    values = {"today": DAY, **parameters}
    (found,) = k8snb.assess(cluster, controls=["scheduled-scans"], parameters=values, all=True)
    return found


REST = [cron("aquasec/trivy:0.69", "2026-03-29"), job("aquasec/kube-hunter", "2025-12-01")]


@pytest.mark.parametrize(
    ("benchmark", "expected"),
    [
        ([cron("aquasec/kube-bench:v0.15", "2026-03-29")], "pass"),
        ([job("docker.io/aquasec/kube-bench@sha256:" + "0" * 64, "2026-03-29")], "pass"),
        ([cron("quay.io/kubescape/kubescape:v4", "2026-03-29")], "pass"),
        ([compliance("k8s-cis-1.23", "2026-03-31")], "pass"),
        ([compliance("k8s-nsa-1.0", "2026-03-31")], "not-assessed"),
        ([cron("aquasec/kube-bench", "2025-12-31")], "fail"),
        ([cron("aquasec/kube-bench", "2026-01-01")], "pass"),
        ([cron("aquasec/kube-bench", None)], "not-assessed"),
        ([job("aquasec/kube-bench", None)], "not-assessed"),
        ([cron("aquasec/kube-bench", "2026-04-02")], "not-assessed"),
        ([cron("aquasec/kube-bench", "not-a-day")], "not-assessed"),
        ([cron("example.com/not-kube-bench-at-all", "2026-03-29")], "not-assessed"),
        ([cron("aquasec/kube-bench", "2025-01-01"), job("aquasec/kube-bench", "2026-03-01")], "pass"),
        ([], "not-assessed"),
    ],
)
def test_a_benchmark_run_leaves_a_trace(benchmark: list[dict[str, Any]], expected: str) -> None:
    assert judge(*benchmark, *REST).status == expected


def test_in_a_part_of_a_cluster_an_old_run_may_not_be_the_last() -> None:
    found = judge(cron("aquasec/kube-bench", "2025-01-01"), *REST, complete=False)
    assert (found.status, found.cause) == ("not-assessed", "not-collected")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ([{"Controls": []}], "pass"),
        ({"Controls": [], "Totals": {}}, "pass"),
        ({"summaryDetails": {}, "generationTime": "2024-01-01T00:00:00Z"}, "fail"),
        ({"summaryDetails": {}, "generationTime": "2026-03-30T00:00:00Z"}, "pass"),
    ],
)
def test_files_of_scanners_count_with_their_date(tmp_path: Path, content: Any, expected: str) -> None:
    import os

    path = tmp_path / "report.json"
    path.write_text(json.dumps(content))
    os.utime(path, (1774800000, 1774800000))  # 2026-03-29
    assert judge(*REST, scan_reports=[str(path)]).status == expected


@pytest.mark.parametrize("content", ["{}", "[]", "[1]", "no json", '{"items": []}'])
def test_other_files_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(content)
    with pytest.raises(UsageError):
        judge(scan_reports=[str(path)])


def test_what_leaves_no_trace_is_asked_for_and_can_be_attested(tmp_path: Path) -> None:
    objects = [*REST[:1], cron("aquasec/kube-bench", "2026-03-29")]
    assert "attest it" in judge(*objects).message
    path = tmp_path / "attestations.yaml"
    path.write_text(
        "attestations: [{control: scheduled-scans, status: pass, who: Example Ltd, why: tested, "
        "when: 2026-02-01, until: 2026-12-31}]"
    )
    cluster, values = k8snb.connect(objects=objects), {"today": DAY}
    result = k8snb.assess(cluster, controls=["scheduled-scans"], parameters=values, attestations=str(path), all=True)
    assert [one.status for one in result] == ["pass"]
