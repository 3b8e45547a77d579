"""What is left over in a namespace, and what cannot be told."""

from typing import Any

import pytest

import k8snb
from k8snb.assessment.result import Finding

DAY = "2026-04-01"
OLD, NEW = "2024-01-01T00:00:00Z", "2026-03-01T00:00:00Z"


def thing(kind: str, api: str = "v1", name: str = "x", **content: Any) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "shop"} | content.pop("metadata", {})
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **content}


def namespace(name: str = "shop", made: str | None = OLD) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "creationTimestamp": made}}


def workload(kind: str = "Deployment", replicas: int | None = 1, changed: str = "", **pod: Any) -> dict[str, Any]:
    spec = {"containers": [{"name": "c", "image": "c"}], **pod}
    template = {"metadata": {"labels": {"app": "x"}}, "spec": spec}
    status = {"conditions": [{"type": "Available", "lastUpdateTime": changed}]} if changed else {}
    return thing(kind, "apps/v1", spec={"replicas": replicas, "template": template}, status=status)


def aged(made: str) -> dict[str, Any]:
    one = workload("StatefulSet", replicas=0)
    one["metadata"]["creationTimestamp"] = made
    return one


def judge(*objects: dict[str, Any], complete: bool = True) -> Finding:
    cluster = k8snb.connect(objects=[namespace(), *objects], complete=complete)
    result = k8snb.assess(cluster, controls=["unused-resources"], parameters={"today": DAY}, all=True)
    return next(one for one in result if one.subject.name == "shop")


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (workload(replicas=0, changed="2025-12-30T00:00:00Z"), "fail"),
        (workload(replicas=0, changed="2026-01-02T00:00:00Z"), "pass"),
        (workload(replicas=2, changed=OLD), "pass"),
        (workload(replicas=None, changed=OLD), "pass"),
        (workload("StatefulSet", replicas=0), "not-assessed"),
        (aged(NEW), "pass"),
        (aged(OLD), "not-assessed"),
        (workload(replicas=0, changed="nonsense"), "not-assessed"),
    ],
)  # fmt: skip
def test_workloads_without_replicas(one: dict[str, Any], expected: str) -> None:
    assert judge(one).status == expected


def test_old_revisions_of_a_deployment_are_nobodys_leftover() -> None:
    owner = {"kind": "Deployment", "name": "x", "apiVersion": "apps/v1", "controller": True}
    old = workload("ReplicaSet", replicas=0)
    old["metadata"] = {"name": "x-1", "namespace": "shop", "creationTimestamp": OLD, "ownerReferences": [owner]}
    assert judge(workload(), old).status == "pass"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"selector": {"app": "x"}}, "pass"),
        ({"selector": {"app": "y"}}, "fail"),
        ({"type": "ExternalName", "externalName": "example.com"}, "pass"),
        ({}, "not-assessed"),
    ],
)
def test_services(spec: dict[str, Any], expected: str) -> None:
    assert judge(workload(), thing("Service", spec=spec)).status == expected


def test_a_workload_without_replicas_answers_no_service() -> None:
    found = judge(workload(replicas=0, changed=NEW), thing("Service", spec={"selector": {"app": "x"}}))
    assert found.status == "fail"


@pytest.mark.parametrize(("phase", "expected"), [("Bound", "pass"), ("Pending", "fail"), ("Lost", "fail")])
def test_claims(phase: str, expected: str) -> None:
    assert judge(workload(), thing("PersistentVolumeClaim", status={"phase": phase})).status == expected


def test_a_claim_of_a_manifest_says_nothing_of_its_phase() -> None:
    assert judge(workload(), thing("PersistentVolumeClaim")).status == "not-assessed"


BOX = {"name": "c", "image": "c"}


@pytest.mark.parametrize(
    "pod",
    [
        {"volumes": [{"name": "v", "configMap": {"name": "settings"}}]},
        {"volumes": [{"name": "v", "projected": {"sources": [{"configMap": {"name": "settings"}}]}}]},
        {"containers": [BOX | {"envFrom": [{"configMapRef": {"name": "settings"}}]}]},
        {"containers": [BOX | {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings"}}}]}]},
        {"initContainers": [BOX | {"envFrom": [{"configMapRef": {"name": "settings"}}]}]},
        {"containers": [BOX | {"args": ["--configmap=shop/settings"]}]},
    ],
)
def test_config_maps_are_referred_to_in_many_ways(pod: dict[str, Any]) -> None:
    settings = thing("ConfigMap", name="settings", data={"a": "b"})
    assert judge(workload(**pod), settings).status == "pass"
    assert judge(workload(**pod), thing("ConfigMap", name="setting")).status == "fail"


@pytest.mark.parametrize(
    "config",
    [
        thing("ConfigMap", name="kube-root-ca.crt"),
        thing("ConfigMap", metadata={"labels": {"app.kubernetes.io/part-of": "argocd"}}),
        thing("ConfigMap", metadata={"labels": {"grafana_dashboard": "1"}}),
        thing("ConfigMap", metadata={"ownerReferences": [{"kind": "Widget", "name": "w", "apiVersion": "x/v1"}]}),
    ],
)
def test_config_maps_that_controllers_keep_are_left_alone(config: dict[str, Any]) -> None:
    assert judge(workload(), config).status == "pass"


def test_a_label_that_no_controller_looks_for_keeps_nothing() -> None:
    config = thing("ConfigMap", metadata={"labels": {"app.kubernetes.io/part-of": "shop"}})
    assert judge(workload(), config).status == "fail"


def job(ttl: int | None, **status: Any) -> dict[str, Any]:
    template = {"spec": {"containers": [BOX]}}
    return thing("Job", "batch/v1", spec={"ttlSecondsAfterFinished": ttl, "template": template}, status=status)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (job(600, completionTime="2026-03-20T00:00:00Z"), "fail"),
        (job(600, completionTime="2026-03-31T23:00:00Z"), "pass"),
        (job(30 * 86400, completionTime="2026-03-20T00:00:00Z"), "pass"),
        (job(None, completionTime=OLD), "pass"),
        (job(600), "pass"),
        (job(600, conditions=[{"type": "Failed", "status": "True", "lastTransitionTime": OLD}]), "fail"),
        (job(600, conditions=[{"type": "Failed", "status": "False", "lastTransitionTime": OLD}]), "pass"),
        (job(2**62, completionTime=OLD), "pass"),
    ],
)
def test_finished_jobs(one: dict[str, Any], expected: str) -> None:
    assert judge(one).status == expected


@pytest.mark.parametrize(("made", "expected"), [(OLD, "fail"), (NEW, "pass"), (None, "not-assessed")])
def test_empty_namespaces(made: str | None, expected: str) -> None:
    cluster = k8snb.connect(objects=[namespace(made=made), thing("ConfigMap", name="kube-root-ca.crt")])
    (found,) = k8snb.assess(cluster, controls=["unused-resources"], parameters={"today": DAY}, all=True)
    assert found.status == expected


@pytest.mark.parametrize("name", ["default", "kube-public", "kube-node-lease", "kube-system"])
def test_namespaces_of_the_system_may_be_empty(name: str) -> None:
    cluster = k8snb.connect(objects=[namespace(name)])
    (found,) = k8snb.assess(cluster, controls=["unused-resources"], parameters={"today": DAY}, all=True)
    assert found.status == "pass"


def test_in_a_part_of_a_cluster_the_rest_may_use_it() -> None:
    for one in (thing("Service", spec={"selector": {"app": "y"}}), thing("ConfigMap")):
        found = judge(workload(), one, complete=False)
        assert (found.status, found.cause) == ("not-assessed", "not-collected")
