"""Whether pods reach the cloud's metadata service, by the policies that select them taken together."""

from typing import Any

import pytest

import k8snb
from tests.controls.network_hardening.test_policies import pod, policies, status

CONTROL = "metadata-service-blocked"
SHUT = "{podSelector: {}, policyTypes: [Egress]}"


def out(rule: str) -> str:
    return f"{{podSelector: {{}}, policyTypes: [Egress], egress: [{rule}]}}"


def node(provider: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}, "spec": {"providerID": provider}}


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        ([], "fail"),
        ([SHUT], "pass"),
        (["{podSelector: {}, policyTypes: [Ingress]}"], "fail"),
        (["{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}"], "fail"),
        ([out("{}")], "fail"),
        ([out("{to: [{podSelector: {}}, {namespaceSelector: {}}]}")], "pass"),
        ([out("{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}")], "fail"),
        ([out("{to: [{ipBlock: {cidr: '::/0'}}]}")], "fail"),
        ([out("{to: [{ipBlock: {cidr: 'fd00:ec2::/32', except: ['fd00:ec2::254/128']}}]}")], "pass"),
        ([out("{to: [{ipBlock: {cidr: 169.254.0.0/16, except: [169.254.169.254/32]}}]}")], "pass"),
        ([out("{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}")], "fail"),
        (
            [
                out("{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]}"),
                out("{to: [{ipBlock: {cidr: 169.254.169.0/24}}]}"),
            ],
            "fail",
        ),
        ([out("{ports: [{port: 53, protocol: UDP}]}")], "pass"),
        ([out("{ports: [{port: 443}]}")], "pass"),
        ([out("{ports: [{port: 80}]}")], "fail"),
        ([out("{ports: [{port: 1, endPort: 1024}]}")], "fail"),
        ([out("{ports: [{port: http}]}")], "pass"),
        ([out("{to: [{ipBlock: {cidr: 300.1.1.1/32}}]}")], "not-assessed"),
    ],
)
def test_policies_add_up(specs: list[str], expected: str) -> None:
    assert status(CONTROL, [pod("cart"), *policies(*specs)], "cart") == expected


@pytest.mark.parametrize(("specs", "expected"), [([], "not-assessed"), ([SHUT], "not-assessed"), ([out("{}")], "fail")])
def test_in_a_part_of_a_cluster(specs: list[str], expected: str) -> None:
    assert status(CONTROL, [pod("cart"), *policies(*specs)], "cart", complete=False) == expected


def test_no_policy_stops_a_pod_on_the_network_of_its_node() -> None:
    assert status(CONTROL, [pod("cart", hostNetwork=True), *policies(SHUT)], "cart") == "fail"


@pytest.mark.parametrize(
    ("providers", "expected"),
    [(["metal3://a"], "not-applicable"), (["metal3://a", "aws:///b"], "fail"), ([""], "fail"), (["kind://a"], "fail")],
)
def test_it_does_not_apply_where_bare_metal_is_known(providers: list[str], expected: str) -> None:
    assert status(CONTROL, [pod("cart"), *map(node, providers)], "cart") == expected


def test_bare_metal_is_not_known_where_nodes_are_missing() -> None:
    assert status(CONTROL, [pod("cart"), node("metal3://a")], "cart", complete=False) == "not-assessed"


@pytest.mark.parametrize(
    ("specs", "told"),
    [
        ([SHUT], "NetworkPolicy p0 does not allow 169.254.169.254"),
        ([SHUT, SHUT], "NetworkPolicies p0, p1 do not allow 169.254.169.254"),
        ([out("{}")], "NetworkPolicy p0 allows 169.254.169.254"),
        ([out("{}"), out("{}")], "NetworkPolicies p0, p1 allow 169.254.169.254"),
    ],
)
def test_one_policy_and_several_are_told_apart(specs: list[str], told: str) -> None:
    cluster = k8snb.connect(objects=[pod("cart"), *policies(*specs)])
    (finding,) = k8snb.assess(cluster, controls=[CONTROL], all=True)
    assert finding.message.split("; ")[0] == told
