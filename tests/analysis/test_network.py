"""Selectors and policies against a plain reading of the API's text."""

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert

import k8snb
from k8snb.analysis.network import Direction, open_to_everyone, policies, policy_matrix, selects
from k8snb.analysis.policy_selection import Selection
from k8snb.resources.base import LabelSelector
from k8snb.resources.network import NetworkPolicy

KEYS, VALUES = st.sampled_from("ab"), st.sampled_from("xyz")
LABELS = st.dictionaries(KEYS, VALUES, max_size=2)
EXPRESSIONS = st.fixed_dictionaries(
    {
        "key": KEYS,
        "operator": st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist"]),
        "values": st.lists(VALUES, max_size=2),
    }
)
SELECTORS = st.fixed_dictionaries(
    {}, optional={"matchLabels": LABELS | st.none(), "matchExpressions": st.lists(EXPRESSIONS, max_size=2) | st.none()}
)


def chosen(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    """The requirements of a selector are ANDed; NotIn also selects objects without the key."""
    wanted = [
        {"key": key, "operator": "In", "values": [value]} for key, value in (selector.get("matchLabels") or {}).items()
    ]
    for one in [*wanted, *(selector.get("matchExpressions") or [])]:
        there = one["key"] in labels
        fits = {
            "In": there and labels.get(one["key"]) in one["values"],
            "NotIn": not (there and labels[one["key"]] in one["values"]),
            "Exists": there,
            "DoesNotExist": not there,
        }
        if not fits[one["operator"]]:
            return False
    return True


@given(SELECTORS, LABELS)
def test_selectors(selector: dict[str, Any], labels: dict[str, str]) -> None:
    assert convert(selector, LabelSelector).matches(labels) is chosen(selector, labels)
    assert selects(policy({"podSelector": selector}), labels) is chosen(selector, labels)


@given(st.lists(SELECTORS | st.none(), max_size=6), st.lists(LABELS, min_size=1, max_size=4))
def test_policies_are_looked_up_as_they_select(
    selectors: list[dict[str, Any] | None], pods: list[dict[str, str]]
) -> None:
    known = [policy({"podSelector": one} if one is not None else {}) for one in selectors]
    found = Selection(known, "Ingress")
    for labels in (*pods, *pods):
        assert [id(one) for one in found.of(labels)] == [id(one) for one in known if selects(one, labels)]


def policy(spec: dict[str, Any]) -> NetworkPolicy:
    found: NetworkPolicy = convert({"metadata": {"name": "p", "namespace": "shop"}, "spec": spec}, NetworkPolicy)
    return found


BLOCKS = ("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/2", "192.0.0.0/2", "::/0", "::/1", "8000::/1")
PROBES = [ip_address(word) for word in ("0.0.0.1", "65.0.0.1", "129.0.0.1", "193.0.0.1", "1::1", "9000::1")]
FAMILIES = [PROBES[:4], PROBES[4:]]
PEERS = st.one_of(
    st.builds(
        lambda cidr, out: {"ipBlock": {"cidr": cidr, "except": out}},
        st.sampled_from(BLOCKS),
        st.lists(st.sampled_from(BLOCKS), max_size=1),
    ),
    st.sampled_from(
        [{"podSelector": {}}, {"namespaceSelector": {}}, {"namespaceSelector": {"matchLabels": {"a": "x"}}}]
    ),
    st.just({"namespaceSelector": {}, "podSelector": {"matchLabels": {"a": "x"}}}),
)
PORTS = st.sampled_from(
    [
        None,
        [],
        [{"port": 80}],
        [{"port": "web"}],
        [{"protocol": "UDP"}],
        [{"protocol": "TCP"}],
        [{"port": 1, "endPort": 65535}],
    ]
)
RULES = st.builds(lambda peers, ports: {"from": peers, "ports": ports}, st.none() | st.lists(PEERS, max_size=2), PORTS)


def every_port(ports: Any) -> bool:
    return not ports or ports in ([{"protocol": "TCP"}], [{"port": 1, "endPort": 65535}])


def admits(rule: dict[str, Any], address: Any) -> bool:
    """Whether a rule lets in TCP from an address outside of the cluster."""
    blocks = [one["ipBlock"] for one in rule["from"] or [] if "ipBlock" in one]
    inside = any(
        address in ip_network(one["cidr"]) and not any(address in ip_network(out) for out in one["except"])
        for one in blocks
    )
    return every_port(rule["ports"]) and (not rule["from"] or inside)


def from_every_pod(rule: dict[str, Any]) -> bool:
    return every_port(rule["ports"]) and any(one == {"namespaceSelector": {}} for one in rule["from"] or [])


@settings(max_examples=300)
@given(st.lists(st.lists(RULES, max_size=3), max_size=3))
def test_policies_add_up(specs: list[list[dict[str, Any]]]) -> None:
    rules = [rule for spec in specs for rule in spec]
    outside = any(all(any(admits(rule, one) for rule in rules) for one in family) for family in FAMILIES)
    found = open_to_everyone([policy({"podSelector": {}, "ingress": spec}) for spec in specs], "Ingress")
    assert found is (outside or any(map(from_every_pod, rules)))


@pytest.mark.parametrize(
    ("spec", "directions"),
    [
        ({}, {"Ingress"}),
        ({"ingress": []}, {"Ingress"}),
        ({"egress": []}, {"Ingress"}),
        ({"egress": [{}]}, {"Ingress", "Egress"}),
        ({"policyTypes": []}, {"Ingress"}),
        ({"policyTypes": ["Egress"]}, {"Egress"}),
        ({"policyTypes": ["Ingress"], "egress": [{}]}, {"Ingress"}),
    ],
)
def test_the_default_of_policy_types(spec: dict[str, Any], directions: set[Direction]) -> None:
    one = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "p", "namespace": "shop"},
    }
    cluster = k8snb.connect(objects=[{**one, "spec": spec}])
    ways: tuple[Direction, ...] = ("Ingress", "Egress")
    assert {way for way in ways if policies(cluster, "shop", way)} == directions


def test_the_matrix_tells_what_is_denied_and_how_many_are_isolated() -> None:
    pods = [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "shop", "labels": {"app": name}}}
        for name in ("a", "b")
    ]
    shut = {"podSelector": {"matchLabels": {"app": "a"}}, "policyTypes": ["Ingress", "Egress"]}
    head = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "p", "namespace": "shop"},
    }
    (row,) = policy_matrix(k8snb.connect(objects=[*pods, {**head, "spec": shut}]))
    assert (row.ingress_denied, row.egress_denied, row.workloads, row.isolated) == (False, False, 2, 1)
    (part,) = policy_matrix(k8snb.connect(objects=pods, complete=False))
    assert (part.ingress_denied, part.egress_denied) == (None, None)
