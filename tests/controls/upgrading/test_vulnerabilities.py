"""The CVE feed: what fails, what its silence proves, and what stays open."""

from datetime import date, timedelta
from typing import Any

import pytest

import k8snb
from k8snb.analysis.running import number
from k8snb.analysis.vulnerabilities import concerning, feed
from k8snb.assessment.result import Finding

FRESH = (date.fromisoformat(feed().date) + timedelta(7)).isoformat()
STALE = (date.fromisoformat(feed().date) + timedelta(61)).isoformat()


def pod(image: str, program: str = "", namespace: str = "kube-system", system: str = "linux") -> dict[str, Any]:
    box = {"name": "c", "image": image} | ({"command": [program]} if program else {})
    spec = {"containers": [box], "os": {"name": system}}
    name = (program or image).rpartition("/")[2].partition(":")[0]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def node(kubelet: str | None, name: str = "w1", runs: str = "", system: str = "linux") -> dict[str, Any]:
    info = {"kubeletVersion": kubelet, "containerRuntimeVersion": runs, "operatingSystem": system}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "status": {"nodeInfo": info}}


def judge(*objects: dict[str, Any], today: str = FRESH) -> dict[str, Finding]:
    cluster = k8snb.connect(objects=list(objects))
    result = k8snb.assess(cluster, controls=["known-vulnerabilities"], parameters={"today": today}, all=True)
    return {one.subject.name: one for one in result}


@pytest.mark.parametrize(
    ("component", "version", "windows", "expected"),
    [
        ("kubelet", "v1.28.11", False, "CVE-2024-10220"),
        ("kubelet", "v1.28.12", False, "CVE-2025-0426"),
        ("kubelet", "v1.30.10", False, ""),
        ("kubelet", "v1.27.15", True, "CVE-2024-5321"),
        ("kube-apiserver", "v1.33.1", False, "CVE-2025-4563"),
        ("kube-apiserver", "v1.33.4", False, ""),
        ("kube-controller-manager", "v1.34.1", False, "CVE-2025-13281"),
        ("kube-controller-manager", "v1.37.1", False, ""),
        ("ingress-nginx", "v1.12.0", False, "CVE-2025-1974"),
        ("ingress-nginx", "v1.15.1", False, ""),
        ("ingress-nginx", "controller-v1.9.4", False, "CVE-2025-1974"),
        ("containerd", "1.7.32", False, "CVE-2026-47262"),
        ("containerd", "1.7.28", False, "CVE-2024-25621"),
        ("containerd", "1.6.37", False, "CVE-2024-40635"),
        ("containerd", "2.0.6", False, "CVE-2025-64329"),
        ("containerd", "2.2.10", False, ""),
        ("CoreDNS", "v1.14.2", False, ""),
    ],
)
def test_entries_concern_the_versions_that_they_name(
    component: str, version: str, windows: bool, expected: str
) -> None:
    known = number(version)
    assert known is not None
    found = {one.id for one in concerning(component, known, windows=windows) if not one.unfixed}
    assert expected in found if expected else not found


def test_what_only_windows_has_does_not_count_on_linux() -> None:
    found = judge(node("v1.29.13", "linux"), node("v1.30.8", "win", system="windows"))["kubelet"]
    assert [one.observed["version"] for one in found.evidence] == ["v1.29.13", "v1.30.8"]
    told = [" ".join(one.observed["vulnerabilities"]) for one in found.evidence]
    assert ["CVE-2024-9042" in one for one in told] == [False, True]


def test_holes_without_a_fix_in_any_version_are_told_and_fail_nothing() -> None:
    found = judge(pod("registry.k8s.io/kube-apiserver:v1.33.10", "kube-apiserver"))["kube-apiserver"]
    assert found.status == "pass"
    assert "CVE-2020-8554" in found.evidence[0].observed["without a fix in any version"]
    assert f"CVE feed of {feed().date}" in found.message


def test_an_entry_is_not_dated_by_the_day_to_which_the_feed_is_complete() -> None:
    found = judge(pod("registry.k8s.io/kube-controller-manager:v1.35.6", "kube-controller-manager"))
    told = found["kube-controller-manager"]
    assert (told.status, feed().date in told.message) == ("fail", False)
    assert feed().date in told.evidence[0].expected


@pytest.mark.parametrize(
    ("version", "today", "why"),
    [
        ("v1.33.10", STALE, "data update"),
        ("v1.33.14", FRESH, "not known whether"),
        ("v1.36.5", FRESH, "came out on 2026-09-15"),
        ("v1.32.13", FRESH, "no longer maintained"),
        ("v1.23.17", FRESH, "from 1.24.0 on"),
        ("latest", FRESH, "is no version"),
    ],
)
def test_silence_that_proves_nothing_is_no_pass(version: str, today: str, why: str) -> None:
    image = f"registry.k8s.io/kube-scheduler:{version}"
    found = judge(pod(image, "kube-scheduler"), today=today)["kube-scheduler"]
    assert (found.status, found.cause) == ("not-assessed", "not-collected")
    assert why in found.message


def test_components_without_a_feed_stay_open() -> None:
    objects = [pod("quay.io/calico/node:v3.31.1"), node("v1.33.10", runs="containerd://2.4.2")]
    found = judge(*objects)
    assert {one: found[one].status for one in ("Calico", "containerd")} == dict.fromkeys(
        ("Calico", "containerd"), "not-assessed"
    )


def test_nodes_of_one_version_are_one_line_of_evidence() -> None:
    found = judge(*(node("v1.29.6", f"w{number:03}") for number in range(40)))["kubelet"]
    assert len(found.evidence) == 1
    assert "w000" in found.evidence[0].at
    assert "and 28 more" in found.evidence[0].at
    assert found.severity == "high"


def test_a_control_plane_that_nobody_sees_is_the_providers() -> None:
    cluster = k8snb.connect(objects=[node("v1.33.10")])
    cluster._collected.facts.append(k8snb.sources.stream.Fact("version", {"gitVersion": "v1.33.10"}, "probe", "x"))
    result = k8snb.assess(cluster, controls=["known-vulnerabilities"], parameters={"today": FRESH}, all=True)
    status = {one.subject.name: (one.status, one.cause) for one in result}
    assert status["kube-apiserver"] == ("pass", None)
    assert status["kube-scheduler"] == ("not-assessed", "managed-by-provider")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v1.35.6+k3s1", (1, 35, 6)),
        ("1.7.24-0ubuntu1", (1, 7, 24)),
        ("controller-v1.12.1", (1, 12, 1)),
        ("1.6.0", (1, 6, 0)),
        ("v2", None),
        (f"v1.{'9' * 5000}.1", None),
        ("latest", None),
        ("", None),
        (None, None),
    ],
)
def test_versions_are_read(text: str | None, expected: tuple[int, ...] | None) -> None:
    assert number(text) == expected
