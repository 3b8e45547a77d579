"""Scans of images: from the cluster and from files, fresh and clean or not."""

import json
from pathlib import Path
from typing import Any

import pytest

import k8snb
from k8snb.assessment.result import Finding
from k8snb.errors import UsageError

DIGEST = "sha256:" + "0123456789abcdef" * 4
TODAY = "2026-03-31"
FRESH, STALE = "2026-03-20T10:00:00.123456789Z", "2026-01-20T10:00:00Z"


def pod(*images: str) -> dict[str, Any]:
    containers = [{"name": f"c{index}", "image": image} for index, image in enumerate(images)]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "app", "namespace": "shop"},
        "spec": {"containers": containers},
    }


def judge(images: list[str], *reports: dict[str, Any], **parameters: Any) -> Finding:
    cluster = k8snb.connect(objects=[pod(*images), *reports])
    given = {"today": TODAY, **parameters}
    result = k8snb.assess(cluster, controls=["image-vulnerability-scan"], parameters=given, all=True)
    (finding,) = result.findings()
    return finding


def report(critical: int = 0, high: int = 0, when: str | None = FRESH, **artifact: str) -> dict[str, Any]:
    summary = {"criticalCount": critical, "highCount": high}
    where = {"repository": "library/nginx", "tag": "1.29", **artifact}
    content = {
        "updateTimestamp": when,
        "registry": {"server": "index.docker.io"},
        "artifact": where,
        "summary": summary,
    }
    metadata = {"name": "r", "namespace": "shop"}
    return {
        "apiVersion": "aquasecurity.github.io/v1alpha1",
        "kind": "VulnerabilityReport",
        "metadata": metadata,
        "report": content,
    }


@pytest.mark.parametrize(
    ("image", "reports", "expected"),
    [
        ("nginx:1.29", [report()], "pass"),
        ("nginx:1.29", [report(high=3)], "pass"),
        ("nginx:1.29", [report(critical=1)], "fail"),
        ("nginx:1.29", [report(when=STALE)], "fail"),
        ("nginx:1.29", [report(when=STALE, critical=1), report()], "pass"),
        ("nginx:1.29", [report(), report(critical=1)], "fail"),
        ("nginx:1.29", [report(when=None)], "not-assessed"),
        ("nginx:1.28", [report()], "not-assessed"),
        ("other:1.29", [report()], "not-assessed"),
        (f"nginx:1.29@{DIGEST}", [report()], "not-assessed"),
        (f"nginx:1.29@{DIGEST}", [report(digest=DIGEST)], "pass"),
        (f"mirror.example.com/nginx@{DIGEST}", [report(digest=DIGEST)], "pass"),
        ("nginx:1.29", [], "not-assessed"),
    ],
)
def test_the_newest_scan_of_the_very_image_decides(image: str, reports: list[dict[str, Any]], expected: str) -> None:
    assert judge([image], *reports).status == expected


def test_one_image_without_a_scan_leaves_the_pod_open() -> None:
    assert judge(["nginx:1.29", "other:1"], report()).status == "not-assessed"


def test_the_severity_and_the_age_can_be_chosen() -> None:
    assert judge(["nginx:1.29"], report(high=1), image_scan_severity="high").status == "fail"
    assert judge(["nginx:1.29"], report(when=STALE), image_scan_max_age_days=90).status == "pass"


def trivy(severity: str | None, **change: Any) -> dict[str, Any]:
    found = [{"VulnerabilityID": "CVE-1", "Severity": severity}] if severity else None
    results = [{"Target": "nginx", "Class": "os-pkgs", "Vulnerabilities": found}]
    return {"ArtifactName": "nginx:1.29", "CreatedAt": FRESH, "Results": results, **change}


def grype(severity: str | None) -> dict[str, Any]:
    matches = [{"vulnerability": {"id": "CVE-1", "severity": severity}}] if severity else []
    source = {"type": "image", "target": {"userInput": "nginx:1.29", "repoDigests": [f"nginx@{DIGEST}"]}}
    return {"matches": matches, "source": source, "descriptor": {"name": "grype", "timestamp": FRESH}}


def sarif(score: Any, **result: Any) -> dict[str, Any]:
    rules = [{"id": "CVE-1", "properties": {"security-severity": score}}]
    results = [{"ruleId": "CVE-1", **result}] if score is not None else []
    run = {
        "tool": {"driver": {"name": "trivy", "rules": rules}},
        "results": results,
        "invocations": [{"endTimeUtc": FRESH}],
        "properties": {"imageName": "nginx:1.29"},
    }
    return {"version": "2.1.0", "runs": [run]}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (trivy("CRITICAL"), "fail"),
        (trivy("HIGH"), "pass"),
        (trivy(None), "pass"),
        (trivy(None, Results=[]), "not-assessed"),
        (trivy(None, CreatedAt=None), "not-assessed"),
        (trivy("CRITICAL", CreatedAt="yesterday"), "not-assessed"),
        (grype("Critical"), "fail"),
        (grype("Negligible"), "pass"),
        (grype(None), "pass"),
        (grype("Catastrophic"), "fail"),
        (sarif("9.8"), "fail"),
        (sarif("8.9"), "pass"),
        (sarif("nan"), "fail"),
        (sarif("none"), "fail"),
        (sarif("9.8", suppressions=[{"kind": "external"}]), "pass"),
        (sarif(None), "pass"),
    ],
)
def test_files_of_scanners_count(tmp_path: Path, content: dict[str, Any], expected: str) -> None:
    file = tmp_path / "scan.json"
    file.write_text(json.dumps(content))
    assert judge(["nginx:1.29"], image_scans=[str(file)]).status == expected


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "scan.json"
    cluster = k8snb.connect(objects=[pod("nginx:1.29")])
    found = []
    for severity, length in (("CRITICAL", 0), (None, 1)):
        file.write_text(json.dumps(trivy(severity)) + " " * length)
        parameters = {"today": TODAY, "image_scans": [str(file)]}
        result = k8snb.assess(cluster, controls=["image-vulnerability-scan"], parameters=parameters, all=True)
        found += [one.status for one in result.findings()]
    assert found == ["fail", "pass"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        "null",
        '{"runs": 1}',
        '{"matches": []}',
        '{"ArtifactName": 1}',
        '{"ArtifactName": "?"}',
        "[" * 100_000,
        "\xff\xfe",
    ],
)
def test_a_bad_file_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "scan.json"
    file.write_text(text, encoding="latin-1")
    with pytest.raises(UsageError, match=r"scan\.json"):
        judge(["nginx:1.29"], image_scans=[str(file)])


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        judge(["nginx:1.29"], image_scans=[str(tmp_path / "gone.json")])
