"""Owners, equal pods, and pods that differ from their template."""

import copy
from typing import Any

import pytest

import k8snb
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload

SPEC: dict[str, Any] = {"containers": [{"name": "app", "image": "registry.example.com/app:1"}]}
ACCESS = {"name": "kube-api-access-x7k2p", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}


def deployment(name: str = "cart", **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop", "uid": f"d-{name}"},
        "spec": {"template": {"metadata": {"labels": {"app": name}}, "spec": SPEC | spec}},
    }


def replicaset(name: str = "cart", owner: str | None = None, **spec: Any) -> dict[str, Any]:
    made = deployment(name, **spec) | {"kind": "ReplicaSet"}
    made["metadata"] = {"name": f"{name}-1", "namespace": "shop", "uid": f"r-{name}"} | owned(
        "Deployment", name, owner or f"d-{name}"
    )
    return made


def owned(kind: str, name: str, uid: str, *, controller: bool = True) -> dict[str, Any]:
    return {
        "ownerReferences": [{"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": uid, "controller": controller}]
    }


def pod(name: str, owner: dict[str, Any] | None = None, *, token: bool = True, **spec: Any) -> dict[str, Any]:
    running = copy.deepcopy(SPEC | spec | {"nodeName": f"node-of-{name}"})
    if token:
        running["volumes"] = [*running.get("volumes", []), ACCESS]
        running["containers"][0]["volumeMounts"] = [
            {"name": ACCESS["name"], "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}
        ]
    metadata = {"name": name, "namespace": "shop", "labels": {"app": "cart"}} | (owner or {})
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": running | {"serviceAccountName": "default"},
    }


def of(*objects: dict[str, Any], complete: bool = True) -> list[tuple[str, str, int, str]]:
    cluster = k8snb.connect(objects=list(objects), complete=complete)
    return [(one.kind, one.name, one.pods, one.variant) for one in cluster.workloads]


IN_SET = owned("ReplicaSet", "cart-1", "r-cart")


def test_pods_follow_their_owners_up_to_the_deployment() -> None:
    assert of(deployment(), replicaset(), pod("a", IN_SET), pod("b", IN_SET)) == [("Deployment", "cart", 2, "")]


def test_what_admission_injects_makes_no_difference() -> None:
    cluster = k8snb.connect(objects=[deployment(), replicaset(), pod("a", IN_SET)])
    (workload,) = cluster.workloads
    assert workload.podsets[0].token
    assert workload.template.spec.volumes is None


@pytest.mark.parametrize(
    "change",
    [
        {"containers": [*SPEC["containers"], {"name": "mesh-proxy"}]},
        {"ephemeralContainers": [{"name": "debug"}]},
        {"hostPID": True},
        {"containers": [SPEC["containers"][0] | {"securityContext": {"privileged": True}}]},
    ],
    ids=["sidecar", "ephemeral", "mutated", "privileged"],
)
def test_pods_that_differ_from_their_template_are_judged_for_themselves(change: dict[str, Any]) -> None:
    found = of(deployment(), replicaset(), pod("a", IN_SET), pod("b", IN_SET, **change))
    assert found == [("Deployment", "cart", 1, ""), ("Deployment", "cart", 1, "b")]


@pytest.mark.parametrize(
    ("owner", "complete", "expected"),
    [
        (owned("ReplicaSet", "cart-1", "forged"), True, ("Pod", "a")),
        (owned("ReplicaSet", "no-such", "r-cart"), True, ("Pod", "a")),
        (owned("ReplicaSet", "no-such", "x"), False, ("ReplicaSet", "no-such")),
        (owned("SparkApplication", "etl", "x"), True, ("SparkApplication", "etl")),
        (owned("Node", "cp-1", "x"), True, ("Pod", "a")),
        (owned("ReplicaSet", "cart-1", "r-cart", controller=False), True, ("Pod", "a")),
        (None, True, ("Pod", "a")),
    ],
    ids=[
        "wrong uid",
        "no such owner",
        "owner not collected",
        "owner of another kind",
        "static",
        "no controller",
        "bare",
    ],
)
def test_an_owner_is_believed_only_as_far_as_it_can_be(
    owner: dict[str, Any] | None, complete: bool, expected: tuple[str, str]
) -> None:
    found = of(deployment(), replicaset(), pod("a", owner), complete=complete)
    assert (*expected, 1, "") in found


def test_owners_in_a_circle_end() -> None:
    one, other = deployment("one"), deployment("two")
    one["metadata"] |= owned("Deployment", "two", "d-two")
    other["metadata"] |= owned("Deployment", "one", "d-one")
    assert len(of(one, other)) <= 2


def test_equal_pods_are_kept_once_with_every_name() -> None:
    cluster = k8snb.connect(objects=[pod(f"p{number}", IN_SET) for number in range(40)], complete=False)
    (podset,) = cluster.podsets
    assert len(podset.names) == len(set(podset.nodes)) == 40
    assert len(cluster.pods()) == 40


def test_a_paused_template_with_another_revision_running_gives_both() -> None:
    old = {"containers": [{"name": "app", "image": "registry.example.com/app:0"}]}
    assert of(deployment(), replicaset(**old), pod("a", IN_SET, **old)) == [
        ("Deployment", "cart", 0, ""),
        ("Deployment", "cart", 1, "a"),
    ]


def test_every_kind_of_controller_is_a_workload() -> None:
    template = {"template": {"spec": SPEC}}
    kinds = {
        "apps/v1": ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
        "batch/v1": ("Job",),
        "v1": ("ReplicationController",),
    }
    objects = [
        {"apiVersion": version, "kind": kind, "metadata": {"name": "x"}, "spec": template}
        for version, names in kinds.items()
        for kind in names
    ]
    cron = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "x"},
        "spec": {"jobTemplate": {"spec": template}},
    }
    cluster: Cluster = k8snb.connect(objects=[*objects, cron])
    assert {one.kind for one in cluster.workloads} == {*sum(kinds.values(), ()), "CronJob"}
    paths = {one.kind: one.path for one in cluster.workloads}
    assert paths["CronJob"] == "spec.jobTemplate.spec.template."
    assert paths["Deployment"] == "spec.template."


def test_a_workload_without_a_template_is_still_one() -> None:
    (workload,) = k8snb.connect(
        objects=[{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x"}}]
    ).workloads
    assert isinstance(workload, Workload)
    assert list(workload.template.containers()) == []
