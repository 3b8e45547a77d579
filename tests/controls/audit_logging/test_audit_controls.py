"""The API server's flags, and the agents on the nodes."""

from typing import Any

import pytest

import k8snb
from k8snb.assessment.result import Finding
from k8snb.sources.stream import Gap

POLICY, LOG = "--audit-policy-file=/etc/kubernetes/audit.yaml", "--audit-log-path=/var/log/audit.log"
WEBHOOK = "--audit-webhook-config-file=/etc/kubernetes/webhook.yaml"


def api_server(*words: str, field: str = "command") -> dict[str, Any]:
    command = ["kube-apiserver", *words] if field == "command" else ["kube-apiserver"]
    container = {"name": "kube-apiserver", "command": command, "args": list(words) if field == "args" else []}
    metadata = {"name": "kube-apiserver-cp1", "namespace": "kube-system"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container]}}


def judge(control: str, *objects: dict[str, Any], complete: bool = True) -> Finding:
    (finding,) = k8snb.assess(k8snb.connect(objects=list(objects), complete=complete), controls=[control], all=True)
    return finding


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "fail"),
        ([POLICY], "fail"),
        ([LOG], "fail"),
        ([POLICY, LOG], "pass"),
        ([POLICY, WEBHOOK], "pass"),
        ([POLICY, "--audit-log-path=-"], "pass"),
        ([POLICY, "--audit-log-path", "/var/log/audit.log"], "pass"),
        ([POLICY, LOG, "--audit-policy-file="], "fail"),
    ],
)
@pytest.mark.parametrize("field", ["command", "args"])
def test_audit_logging_enabled(field: str, words: list[str], expected: str) -> None:
    assert judge("audit-logging-enabled", api_server(*words, field=field)).status == expected


def keep(age: object, backup: object, size: object) -> list[str]:
    return [LOG, f"--audit-log-maxage={age}", f"--audit-log-maxbackup={backup}", f"--audit-log-maxsize={size}"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (keep(30, 10, 100), "pass"),
        (keep(29, 10, 100), "fail"),
        (keep(30, 9, 100), "fail"),
        (keep(30, 10, 99), "fail"),
        (keep("many", 10, 100), "fail"),
        (keep("9" * 10_000, 10, 100), "pass"),
        ([*keep(30, 10, 100), "--audit-log-maxage=7"], "fail"),
        ([LOG], "fail"),
        ([], "fail"),
        ([WEBHOOK], "pass"),
        (["--audit-log-path=-"], "not-assessed"),
    ],
)
def test_audit_log_retention(words: list[str], expected: str) -> None:
    assert judge("audit-log-retention", api_server(*words)).status == expected


@pytest.mark.parametrize("control", ["audit-logging-enabled", "audit-log-retention"])
@pytest.mark.parametrize("complete", [True, False])
def test_flags_that_nobody_saw_are_not_assessed(control: str, complete: bool) -> None:
    finding = judge(control, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}}, complete=complete)
    assert (finding.status, finding.subject.kind) == ("not-assessed", "Component")


def node(name: str = "w1", **spec: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "spec": spec}


def agent(image: str = "fluent/fluent-bit:4.2", on: str = "w1", kind: str = "DaemonSet", **spec: Any) -> list[Any]:
    spec = {"containers": [{"name": "agent", "image": image}], **spec}
    metadata = {"name": "agent", "namespace": "logging"}
    owner = {"apiVersion": "apps/v1", "kind": kind, "name": "agent", "uid": "1", "controller": True}
    template = {"spec": spec}
    return [
        {"apiVersion": "apps/v1", "kind": kind, "metadata": {**metadata, "uid": "1"}, "spec": {"template": template}},
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {**metadata, "name": "agent-x", "ownerReferences": [owner]},
            "spec": {**spec, "nodeName": on},
        },
    ]


LOGS = [{"name": "logs", "hostPath": {"path": "/var/log/"}}]
TAINT = {"taints": [{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]}


@pytest.mark.parametrize(
    ("objects", "status"),
    [
        ([node()], "fail"),
        ([node(), *agent()], "pass"),
        ([node(), *agent()[:1]], "fail"),
        ([node(), *agent(on="w2")], "fail"),
        ([node(**TAINT), *agent(on="w2")], "fail"),
        ([node(unschedulable=True)], "not-applicable"),
        ([node(), *agent("nginx:1.29")], "fail"),
        ([node(), *agent("localhost:5000/fluent-bit@sha256:" + "0" * 64)], "pass"),
        ([node(), *agent(kind="StatefulSet")], "fail"),
        ([node(), *agent("grafana/alloy:v1.12")], "fail"),
        ([node(), *agent("grafana/alloy:v1.12", volumes=LOGS)], "pass"),
    ],
)
def test_logging_agent(objects: list[Any], status: str) -> None:
    assert judge("logging-agent", *objects).status == status


def test_in_a_part_of_a_cluster_only_an_agent_that_was_seen_counts() -> None:
    assert judge("logging-agent", node(), complete=False).status == "not-assessed"
    assert judge("logging-agent", node(), *agent(), complete=False).status == "pass"


def test_a_list_of_pods_that_broke_off_may_hide_another_api_server() -> None:
    cluster = k8snb.connect(objects=[api_server(POLICY, LOG)])
    cluster._collected.gaps.append(Gap("timeout", "the list broke off", "pods"))
    result = k8snb.assess(cluster, controls=["audit-logging-enabled"], all=True)
    assert {(one.status, one.cause) for one in result} == {("pass", None), ("not-assessed", "timeout")}
    assert result["audit-logging-enabled"].result.status == "not-assessed"
