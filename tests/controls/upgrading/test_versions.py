"""Releases, patches and skew, on a given day."""

from collections.abc import Mapping
from typing import Any

import pytest

import k8snb
from k8snb.assessment.result import Finding
from k8snb.inventory.cluster import load
from k8snb.sources.objects import Objects
from k8snb.sources.objects import objects as of
from k8snb.sources.stream import Fact


def server(version: str | None = None, name: str = "kube-apiserver", on: str = "cp1") -> dict[str, Any]:
    container = {"name": name, "image": f"registry.k8s.io/{name}:{version}", "command": [name]}
    metadata = {"name": f"{name}-{on}", "namespace": "kube-system"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"containers": [container], "nodeName": on},
    }


def node(kubelet: str | None, name: str = "w1") -> dict[str, Any]:
    status = {"nodeInfo": {"kubeletVersion": kubelet}}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "status": status}


def judge(
    control: str,
    *objects: dict[str, Any],
    today: str = "2026-11-16",
    complete: bool = True,
    facts: Mapping[str, Any] | None = None,
) -> list[Finding]:
    known = [Fact(name, value, "probe", "test") for name, value in (facts or {}).items()]
    cluster = load(Objects((*of(objects, complete=complete).items, *known), complete))
    return list(k8snb.assess(cluster, controls=[control], parameters={"today": today}, all=True))


@pytest.mark.parametrize(
    ("version", "today", "expected"),
    [
        ("v1.34.13", "2026-10-27", "pass"),
        ("v1.34.13", "2026-10-28", "fail"),
        ("v1.35.9", "2027-02-28", "pass"),
        ("v1.35.9", "2027-03-01", "fail"),
        ("v1.36.4", "2027-06-29", "fail"),
        ("v1.37.2", "2027-10-28", "pass"),
        ("v1.37.2-eks-2d5f260", "2027-10-29", "fail"),
        ("v1.20.0", "2026-11-16", "fail"),
        ("v1.99.0", "2026-11-16", "not-assessed"),
        ("latest", "2026-11-16", "not-assessed"),
    ],
)
def test_supported_version(version: str, today: str, expected: str) -> None:
    (finding,) = judge("supported-version", server(version), today=today)
    assert (finding.status, finding.subject.kind) == (expected, "Cluster")
    assert "2026-11-23" in finding.evidence[0].expected or expected == "not-assessed"


@pytest.mark.parametrize(
    ("kubelet", "today", "expected"),
    [
        ("v1.35.9", "2026-11-16", "pass"),
        ("v1.35.9", "2026-11-26", "pass"),
        ("v1.35.9", "2026-11-27", "fail"),
        ("v1.35.8", "2026-11-16", "fail"),
        ("v1.35.10+k3s1", "2026-11-27", "pass"),
        ("v1.35.11", "2026-11-27", "pass"),
        ("v1.35.10", "2027-02-01", "not-assessed"),
        ("v1.34.13", "2027-02-01", "pass"),
        ("v1.34.12", "2027-02-01", "fail"),
        ("v1.20.0", "2026-11-16", "not-assessed"),
        (None, "2026-11-16", "not-assessed"),
        (f"v1.35.{'9' * 5000}", "2026-11-16", "not-assessed"),
    ],
)
def test_latest_patch_of_a_kubelet(kubelet: str | None, today: str, expected: str) -> None:
    (finding,) = judge("latest-patch", node(kubelet), today=today)
    assert (finding.status, finding.subject.kind) == (expected, "Node")


def test_an_api_server_is_judged_with_the_node_that_it_runs_on() -> None:
    found = judge("latest-patch", server("v1.35.6"), node("v1.35.9", "cp1"), node("v1.35.9", "w1"))
    assert {one.subject.name: one.status for one in found} == {"cp1": "fail", "w1": "pass"}


def answered(version: str, **status: str) -> dict[str, Any]:
    told = {"binaryVersion": version.removeprefix("v"), "startTime": "2026-11-01T08:00:00Z"} | status
    return {"version": {"gitVersion": version}, "status/kube-apiserver": told}


@pytest.mark.parametrize(
    ("objects", "running", "expected"),
    [
        ([server("v1.35.9")], "v1.35.6", "fail"),
        ([server("v1.35.6")], "v1.35.9", "pass"),
        ([server("latest")], "v1.35.9", "pass"),
        ([server("latest"), server("v1.35.6", on="cp2")], "v1.35.9", "not-assessed"),
        ([], "v1.35.6", "fail"),
    ],
)
def test_what_the_only_api_server_tells_counts_before_its_image(
    objects: list[dict[str, Any]], running: str, expected: str
) -> None:
    (finding,) = judge("latest-patch", node("v1.35.9", "cp1"), *objects, facts=answered(running))
    assert finding.status == expected


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ({}, "the API server (running since 2026-11-01T08:00:00Z) is v1.35.6"),
        ({"emulationVersion": "1.35"}, "the API server (running since 2026-11-01T08:00:00Z) is"),
        ({"emulationVersion": "1.34"}, "running since 2026-11-01T08:00:00Z, behaving as 1.34) is"),
        ({"binaryVersion": 7}, "the API server is v1.35.6"),
    ],
)
def test_since_when_and_as_what_it_runs_is_told(status: dict[str, Any], told: str) -> None:
    (finding,) = judge("latest-patch", node("v1.35.9"), facts=answered("v1.35.6", **status))
    assert told in finding.message


@pytest.mark.parametrize(
    ("kubelet", "expected"),
    [
        ("v1.37.0", "pass"),
        ("v1.34.0", "pass"),
        ("v1.33.9", "fail"),
        ("v1.38.0", "fail"),
        ("v1.37.9", "pass"),
        (None, "not-assessed"),
    ],
)
def test_kubelet_skew(kubelet: str | None, expected: str) -> None:
    (finding,) = judge("version-skew", server("v1.37.2"), node(kubelet))
    assert finding.status == expected


@pytest.mark.parametrize(
    ("program", "version", "expected"),
    [
        ("kube-proxy", "v1.34.0", "pass"),
        ("kube-proxy", "v1.33.0", "fail"),
        ("kube-scheduler", "v1.36.0", "pass"),
        ("kube-scheduler", "v1.35.0", "fail"),
        ("kube-controller-manager", "v1.38.0", "fail"),
        ("kube-controller-manager", "latest", "not-assessed"),
    ],
)
def test_skew_of_what_runs_as_a_pod(program: str, version: str, expected: str) -> None:
    (finding,) = judge("version-skew", server("v1.37.2"), server(version, program, "w1"), node("v1.37.2"))
    assert finding.status == expected


def test_between_two_api_servers_a_kubelet_must_suit_both() -> None:
    both = [server("v1.36.1", on="cp1"), server("v1.37.2", on="cp2")]
    for kubelet, expected in (("v1.36.1", "pass"), ("v1.37.2", "fail"), ("v1.34.1", "pass"), ("v1.33.1", "fail")):
        (finding,) = judge("version-skew", *both, node(kubelet))
        assert finding.status == expected, kubelet


def test_without_an_api_server_to_compare_with_nothing_is_assessed() -> None:
    (finding,) = judge("version-skew", node("v1.37.2"))
    assert (finding.status, finding.cause) == ("not-assessed", "not-collected")


def test_in_a_part_of_a_cluster_further_components_may_run_on_a_node() -> None:
    (finding,) = judge("version-skew", server("v1.37.2"), node("v1.37.2"), complete=False)
    assert (finding.status, finding.cause) == ("not-assessed", "not-collected")


def pod(image: str | None, account: str = "app") -> dict[str, Any]:
    spec = {"containers": [{"name": "c", "image": image}], "serviceAccountName": account}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app", "namespace": "shop"}, "spec": spec}


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("registry.k8s.io/ingress-nginx/controller:v1.15.1@sha256:" + "0" * 64, "fail"),
        ("mirror.example.com:5000/ingress-nginx/controller", "fail"),
        ("registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.9", "fail"),
        ("quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.30.0", "fail"),
        ("nginx/nginx-ingress:5.4.0", "pass"),
        ("nginx:1.29", "pass"),
        ("gcr.io/kubernetes-helm/tiller:v2.17.0", "fail"),
        ("k8s.gcr.io/heapster-amd64:v1.5.4", "fail"),
        ("kubernetesui/dashboard:v2.7.0", "pass"),
        ("registry.example.com/controller:1", "pass"),
        (None, "pass"),
    ],
)
def test_retired_components(image: str | None, expected: str) -> None:
    (finding,) = judge("retired-components", pod(image))
    assert finding.status == expected
    assert "2026-11-23" in finding.evidence[0].expected


def test_a_certificate_job_of_another_chart_is_not_told_to_become_a_gateway() -> None:
    (finding,) = judge("retired-components", pod("registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.9"))
    assert "kube-webhook-certgen" in finding.message
    assert "cert-manager" in finding.evidence[0].expected
    assert "Gateway" not in finding.evidence[0].expected


def bound(role: str) -> dict[str, Any]:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "dash"},
        "roleRef": {"kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": "dash", "namespace": "shop"}],
    }


@pytest.mark.parametrize(
    ("role", "complete", "expected"),
    [
        ("cluster-admin", True, "fail"),
        ("cluster-admin", False, "fail"),
        ("view", True, "pass"),
        ("view", False, "not-assessed"),
    ],
)
def test_the_dashboard_counts_with_cluster_admin(role: str, complete: bool, expected: str) -> None:
    (finding,) = judge(
        "retired-components", pod("kubernetesui/dashboard:v2.7.0", "dash"), bound(role), complete=complete
    )
    assert finding.status == expected
