"""Default denial and isolation: policies add up, in each direction, and only what was read counts."""

from typing import Any

import pytest
import yaml

import k8snb

DENY = "{podSelector: {}, policyTypes: [Ingress]}"
DENY_OUT = "{podSelector: {}, policyTypes: [Egress]}"


def pod(name: str, **spec: Any) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "shop", "labels": {"app": name}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [{"name": "c"}], **spec}}


def policies(*specs: str) -> list[dict[str, Any]]:
    metadata = [{"name": f"p{index}", "namespace": "shop"} for index in range(len(specs))]
    head = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
    return [{**head, "metadata": one, "spec": yaml.safe_load(spec)} for one, spec in zip(metadata, specs, strict=True)]


def status(control: str, objects: list[dict[str, Any]], subject: str, *, complete: bool = True) -> str:
    cluster = k8snb.connect(objects=objects, complete=complete)
    found = {one.subject.name: one for one in k8snb.assess(cluster, controls=[control], all=True)}
    assert all(one.evidence for one in found.values() if one.status in {"pass", "fail"})
    return found[subject].status


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        ([], "fail"),
        ([DENY], "pass"),
        (["{policyTypes: [Ingress]}"], "pass"),
        (["{}"], "pass"),
        ([DENY_OUT], "fail"),
        (["{podSelector: {matchLabels: {app: cart}}}"], "fail"),
        (["{podSelector: {matchExpressions: [{key: none, operator: DoesNotExist}]}}"], "fail"),
        ([DENY, "{podSelector: {}, ingress: [{}]}"], "fail"),
        ([DENY, "{podSelector: {}, ingress: [{from: []}]}"], "fail"),
        ([DENY, "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}"], "fail"),
        ([DENY, "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {}}]}]}"], "fail"),
        ([DENY, "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"], "pass"),
        ([DENY, "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}"], "fail"),
        ([DENY, "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: '::/0'}}]}]}"], "fail"),
        ([DENY, "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}"], "pass"),
        ([DENY, "{podSelector: {}, ingress: [{ports: [{port: 8080}]}]}"], "pass"),
        ([DENY, "{podSelector: {}, ingress: [{ports: [{protocol: TCP}]}]}"], "fail"),
        ([DENY, "{podSelector: {}, ingress: [{ports: [{port: 1, endPort: 65535}]}]}"], "fail"),
        ([DENY, "{podSelector: {}, egress: [{}], policyTypes: [Egress]}"], "pass"),
        ([DENY, "{podSelector: {matchLabels: {app: cart}}, ingress: [{}]}"], "pass"),
        (
            [
                DENY,
                "{podSelector: {matchLabels: {app: cart}}, ingress: [{}]}",
                "{podSelector: {matchLabels: {app: web}}, ingress: [{}]}",
            ],
            "fail",
        ),
        (
            [
                DENY,
                "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/1}}]}]}",
                "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 128.0.0.0/1}}]}]}",
            ],
            "fail",
        ),
    ],
)
def test_default_deny_ingress(specs: list[str], expected: str) -> None:
    assert status("default-deny-ingress", [pod("cart"), pod("web"), *policies(*specs)], "shop") == expected


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        ([], "fail"),
        ([DENY], "fail"),
        ([DENY_OUT], "pass"),
        (["{podSelector: {}, egress: [{ports: [{port: 53, protocol: UDP}]}]}"], "pass"),
        ([DENY_OUT, "{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}"], "fail"),
        (["{podSelector: {}, ingress: [{}]}"], "fail"),
    ],
)
def test_default_deny_egress(specs: list[str], expected: str) -> None:
    assert status("default-deny-egress", [pod("cart"), *policies(*specs)], "shop") == expected


BOTH = "{podSelector: {matchLabels: {app: cart}}, policyTypes: [Ingress, Egress]}"


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        ([], "fail"),
        ([BOTH], "pass"),
        ([DENY, DENY_OUT], "pass"),
        ([DENY], "fail"),
        (["{podSelector: {matchLabels: {app: other}}, policyTypes: [Ingress, Egress]}"], "fail"),
        ([BOTH, "{podSelector: {matchLabels: {app: cart}}, ingress: [{}]}"], "fail"),
        ([BOTH, "{podSelector: {matchLabels: {app: other}}, ingress: [{}]}"], "pass"),
        ([BOTH, "{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}"], "fail"),
    ],
)
def test_pods_isolated(specs: list[str], expected: str) -> None:
    assert status("pods-isolated", [pod("cart"), *policies(*specs)], "cart") == expected


@pytest.mark.parametrize(
    ("specs", "told"),
    [
        (["{ingress: [{}]}"], "NetworkPolicy p0 allows all ingress traffic"),
        (["{ingress: [{}]}", "{ingress: [{}]}"], "NetworkPolicies p0, p1 together allow all ingress traffic"),
    ],
)
def test_policies_that_allow_everything_are_named(specs: list[str], told: str) -> None:
    result = k8snb.assess(k8snb.connect(objects=[pod("cart"), *policies(*specs)]), controls=["pods-isolated"])
    assert told in next(iter(result)).message


def test_a_pod_on_the_host_network_never_passes() -> None:
    assert status("pods-isolated", [pod("cart", hostNetwork=True), *policies(BOTH)], "cart") == "not-assessed"


@pytest.mark.parametrize("control", ["default-deny-ingress", "default-deny-egress", "pods-isolated"])
@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        ([], "not-assessed"),
        ([BOTH, DENY, DENY_OUT], "not-assessed"),
        (["{podSelector: {}, ingress: [{}], egress: [{}]}"], "fail"),
    ],
)
def test_in_a_part_of_a_cluster_only_an_open_door_is_certain(control: str, specs: list[str], expected: str) -> None:
    subject = "cart" if control == "pods-isolated" else "shop"
    assert status(control, [pod("cart"), *policies(*specs)], subject, complete=False) == expected


def test_running_pods_count_with_the_labels_that_they_carry() -> None:
    template = {"metadata": {"labels": {"app": "cart"}}, "spec": {"containers": [{"name": "c"}]}}
    owner = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "cart", "uid": "1", "controller": True}
    stateful = {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "cart", "namespace": "shop", "uid": "1"},
        "spec": {"template": template},
    }
    relabelled = pod("cart-0")
    relabelled["metadata"] |= {"labels": {"app": "cart", "canary": "yes"}, "ownerReferences": [owner]}
    opening = "{podSelector: {matchLabels: {canary: 'yes'}}, ingress: [{}]}"
    assert status("pods-isolated", [stateful, relabelled, *policies(BOTH)], "cart") == "pass"
    assert status("pods-isolated", [stateful, relabelled, *policies(BOTH, opening)], "cart") == "fail"
