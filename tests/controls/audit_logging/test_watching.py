"""Who watches: detectors on every node, metrics, and alerts that reach somebody."""

from typing import Any

import pytest
import yaml

import k8snb

Object = dict[str, Any]
FALCO, TRACEE = "docker.io/falcosecurity/falco:0.42.0", "docker.io/aquasec/tracee:0.24.1"
PROMETHEUS, ALLOY = "quay.io/prometheus/prometheus:v3.7.3", "docker.io/grafana/alloy:v1.12.0"


def node(name: str, **spec: Any) -> Object:
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "spec": spec}


def agent(image: str, *nodes: str, name: str = "agent", kind: str = "DaemonSet") -> list[Object]:
    spec, metadata = {"containers": [{"name": "a", "image": image}]}, {"name": name, "namespace": "agents", "uid": name}
    top = {"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": {"template": {"spec": spec}}}
    owner = {"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": name, "controller": True}
    pods = [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": f"{name}-{one}", "namespace": "agents", "ownerReferences": [owner]},
            "spec": {**spec, "nodeName": one},
        }
        for one in nodes
    ]
    return [top, *pods]


def custom(kind: str, body: str, version: str = "v1", group: str = "monitoring.coreos.com") -> Object:
    metadata = {"name": "x", "namespace": "agents"}
    return {"apiVersion": f"{group}/{version}", "kind": kind, "metadata": metadata, **yaml.safe_load(body)}


def status(control: str, objects: list[Object], *, complete: bool = True) -> str:
    (found,) = k8snb.assess(k8snb.connect(objects=objects, complete=complete), controls=[control], all=True)
    return found.status


TAINT = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([], "not-applicable"),
        ([node("a")], "fail"),
        ([node("a"), *agent(FALCO, "a")], "pass"),
        ([node("a"), *agent(FALCO)], "fail"),
        ([node("a"), node("b", taints=[TAINT]), *agent(FALCO, "a")], "fail"),
        ([node("a"), node("b", taints=[TAINT]), *agent(FALCO, "a", "b")], "pass"),
        ([node("a"), node("b", unschedulable=True), *agent(FALCO, "a")], "pass"),
        ([node("a"), node("b"), *agent(FALCO, "a", name="f"), *agent(TRACEE, "b", name="t")], "pass"),
        ([node("a"), *agent(FALCO, "a", kind="Deployment")], "fail"),
        ([node("a"), *agent("registry.example.com/cart:1", "a")], "fail"),
        ([node("a"), *agent("docker.io/falcosecurity/falcosidekick:2", "a")], "fail"),
    ],
)
def test_threat_detection(objects: list[Object], expected: str) -> None:
    assert status("threat-detection", objects) == expected


def test_detectors_are_seen_whatever_namespace_is_selected() -> None:
    cart = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "cart", "namespace": "shop"}}
    cluster = k8snb.connect(objects=[node("a"), cart, *agent(FALCO, "a")]).limited(["shop"])
    (found,) = k8snb.assess(cluster, controls=["threat-detection"], all=True)
    assert found.status == "pass"


def metrics_api(state: str) -> Object:
    conditions = f"status: {{conditions: [{{type: Available, status: '{state}'}}]}}" if state else "status: {}"
    return custom("APIService", f"spec: {{group: metrics.k8s.io}}\n{conditions}", group="apiregistration.k8s.io")


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([metrics_api("True"), *agent(PROMETHEUS, "a", kind="StatefulSet")], "pass"),
        ([metrics_api("True"), *agent("gke.gcr.io/gke-metrics-agent:1.16", "a")], "pass"),
        ([metrics_api("True"), *agent(PROMETHEUS, kind="StatefulSet")], "fail"),
        ([metrics_api("True"), *agent(ALLOY, "a")], "not-assessed"),
        ([metrics_api("False"), *agent(PROMETHEUS, "a")], "fail"),
        ([metrics_api(""), *agent(PROMETHEUS, "a")], "not-assessed"),
        ([metrics_api("True")], "fail"),
        (agent(PROMETHEUS, "a"), "fail"),
        ([], "fail"),
    ],
)
def test_metrics_pipeline(objects: list[Object], expected: str) -> None:
    assert status("metrics-pipeline", objects) == expected


RULE = custom("PrometheusRule", "spec: {groups: [{rules: [{record: a}, {alert: NodeDown}]}]}")
MANAGER = custom("Alertmanager", "status: {availableReplicas: 2}")
CONFIG = custom(
    "AlertmanagerConfig", "spec: {receivers: [{name: team, webhookConfigs: [{url: 'https://a/b'}]}]}", "v1alpha1"
)
NOBODY = custom("AlertmanagerConfig", "spec: {receivers: [{name: 'null'}]}", "v1alpha1")


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([], "fail"),
        ([RULE, MANAGER, CONFIG], "pass"),
        ([RULE, CONFIG, *agent("quay.io/prometheus/alertmanager:v0.29.0", "a")], "pass"),
        ([RULE, MANAGER], "not-assessed"),
        ([RULE, MANAGER, NOBODY], "not-assessed"),
        ([RULE, CONFIG], "fail"),
        ([MANAGER, CONFIG], "fail"),
        ([MANAGER, CONFIG, *agent(PROMETHEUS, "a")], "not-assessed"),
        ([custom("PrometheusRule", "spec: {groups: [{rules: [{record: a}]}]}"), MANAGER, CONFIG], "fail"),
        (agent("gcr.io/datadoghq/agent:7", "a"), "not-assessed"),
    ],
)
def test_alerting(objects: list[Object], expected: str) -> None:
    assert status("alerting", objects) == expected


@pytest.mark.parametrize("control", ["threat-detection", "metrics-pipeline", "alerting"])
def test_in_a_part_of_a_cluster_absence_proves_nothing(control: str) -> None:
    assert status(control, [node("a")], complete=False) == "not-assessed"


def test_manifests_declare_an_alertmanager_and_do_not_tell_whether_it_runs() -> None:
    cluster = k8snb.connect(objects=[RULE, custom("Alertmanager", "spec: {replicas: 3}")], complete=False)
    (finding,) = k8snb.assess(cluster, controls=["alerting"], all=True)
    assert (finding.status, finding.evidence[-1].at) == ("not-assessed", "Alertmanager/x status")
    assert "is declared" in finding.message


def test_where_alerts_are_sent_to_is_kept_nowhere() -> None:
    from k8snb.sources.redaction import clean

    assert "https" not in str(clean(CONFIG))
    assert clean(CONFIG)["spec"] == {"receivers": [{"name": "team", "webhookConfigs": [{}]}]}
