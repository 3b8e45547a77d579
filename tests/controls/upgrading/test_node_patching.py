"""Nodes: like their peers, and on what gets fixes."""

from typing import Any

import pytest

import k8snb
from k8snb.assessment.result import Finding

DAY = "2026-04-01"
UBUNTU = "Ubuntu 24.04.3 LTS"


def node(
    name: str, kernel: str | None, image: str | None = UBUNTU, runs: str = "containerd://2.2.1", **labels: str
) -> Any:
    info = {"kernelVersion": kernel, "osImage": image, "containerRuntimeVersion": runs, "architecture": "amd64"}
    metadata = {"name": name, "labels": labels}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "status": {"nodeInfo": info}}


def judge(*objects: dict[str, Any], today: str = DAY) -> dict[str, Finding]:
    cluster = k8snb.connect(objects=list(objects))
    result = k8snb.assess(cluster, controls=["node-patching"], parameters={"today": today}, all=True)
    return {one.subject.name: one for one in result}


def test_of_peers_that_differ_those_behind_fail() -> None:
    found = judge(node("a", "6.8.0-9-generic"), node("b", "6.8.0-87-generic"), node("c", "6.8.0-87-generic"))
    assert {name: one.status for name, one in found.items()} == {"a": "fail", "b": "pass", "c": "pass"}
    assert "6.8.0-87-generic" in found["a"].message


@pytest.mark.parametrize(
    "other",
    [
        node("b", "6.12.1", "Debian GNU/Linux 12 (bookworm)"),
        node("b", "6.12.1", **{"node-role.kubernetes.io/control-plane": ""}),
        node("b", "6.12.1", **{"eks.amazonaws.com/nodegroup": "gpu"}),
    ],
)
def test_nodes_of_another_role_pool_or_distribution_are_no_peers(other: dict[str, Any]) -> None:
    assert judge(node("a", "6.8.0-9-generic"), other)["a"].status == "pass"


@pytest.mark.parametrize(
    ("image", "runs", "expected", "why"),
    [
        ("Ubuntu 22.04.5 LTS", "containerd://2.2.1", "pass", ""),
        ("Ubuntu 20.04.6 LTS", "containerd://2.2.1", "fail", "Ubuntu 20.04"),
        ("Debian GNU/Linux 12 (bookworm)", "containerd://2.2.1", "pass", ""),
        ("Amazon Linux 2", "containerd://2.2.1", "pass", ""),
        ("Amazon Linux 2023.6.20250218", "containerd://2.2.1", "pass", ""),
        ("CentOS Linux 7 (Core)", "containerd://2.2.1", "fail", "CentOS Linux 7"),
        ("Talos (v1.9.1)", "containerd://2.2.1", "not-assessed", "Talos"),
        ("Ubuntu 99.04", "containerd://2.2.1", "not-assessed", "Ubuntu 99.04"),
        (UBUNTU, "containerd://1.6.33", "fail", "containerd 1.6"),
        (UBUNTU, "containerd://9.9.9", "not-assessed", "containerd 9.9"),
        (UBUNTU, "cri-o://1.35.1", "pass", ""),
        (UBUNTU, "cri-o://1.32.1", "fail", "CRI-O 1.32"),
        (UBUNTU, "docker://24.0.5", "not-assessed", "docker"),
        (UBUNTU, "", "not-assessed", "what it runs on"),
        (None, "containerd://2.2.1", "not-assessed", "does not tell"),
        ("²³ ¼", "containerd://2.2.1", "not-assessed", ""),
    ],
)
def test_systems_and_runtimes_have_an_end(image: str | None, runs: str, expected: str, why: str) -> None:
    found = judge(node("a", "6.8.0", image, runs), node("b", "6.8.0", image, runs))["a"]
    assert found.status == expected
    assert why in found.message


def test_the_last_day_counts() -> None:
    status = [judge(node("a", "6.8.0"), today=day)["a"].status for day in ("2026-11-06", "2026-11-07")]
    assert status == ["pass", "fail"]


def test_a_node_without_a_status_is_open() -> None:
    bare = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"}}
    assert judge(bare)["a"].status == "not-assessed"
