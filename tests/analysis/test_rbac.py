"""Rules of roles against a plain reading of the authorizer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert

import k8snb
from k8snb.analysis.rbac import who_can
from k8snb.analysis.rules import allows, everything, grants, reading_secrets
from k8snb.resources.rbac import PolicyRule

VERBS, GROUPS = ["*", "get", "create"], ["*", "", "apps"]
RESOURCES = ["*", "pods", "pods/exec", "pods/*", "*/exec", "*/*", "secrets"]


def some_of(words: list[str]) -> st.SearchStrategy[list[str] | None]:
    return st.none() | st.lists(st.sampled_from(words), max_size=2)


RULES = st.fixed_dictionaries(
    {
        "verbs": some_of(VERBS),
        "apiGroups": some_of(GROUPS),
        "resources": some_of(RESOURCES),
        "resourceNames": st.sampled_from([None, [], ["a"]]),
    }
)


def matches(rule: dict[str, Any], verb: str, group: str, resource: str) -> bool:
    """`VerbMatches`, `APIGroupMatches` and `ResourceMatches`, one after the other."""
    verbs, groups, resources = (rule[field] or [] for field in ("verbs", "apiGroups", "resources"))
    _, slash, sub = resource.partition("/")
    named = "*" in resources or resource in resources or (slash == "/" and f"*/{sub}" in resources)
    return ("*" in verbs or verb in verbs) and ("*" in groups or group in groups) and named


@given(
    RULES,
    st.sampled_from(["get", "create", "list"]),
    st.sampled_from(["", "apps", "batch"]),
    st.sampled_from(["pods", "pods/exec", "pods/log", "secrets", "deployments"]),
)
def test_rules(rule: dict[str, Any], verb: str, group: str, resource: str) -> None:
    one = convert(rule, PolicyRule)
    assert allows(one, verb, group, resource) is matches(rule, verb, group, resource)
    assert grants(one, verb, group, resource) is (matches(rule, verb, group, resource) and not rule["resourceNames"])


STAR = {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}


@pytest.mark.parametrize(
    ("rule", "all_of_it", "reads"),
    [
        (STAR, True, True),
        (STAR | {"resourceNames": ["a"]}, False, False),
        (STAR | {"verbs": ["get", "list"]}, False, True),
        (STAR | {"apiGroups": ["apps"]}, False, False),
        (STAR | {"resources": ["*/*"]}, False, False),
        ({"nonResourceURLs": ["*"], "verbs": ["*"]}, False, False),
        ({}, False, False),
    ],
)
def test_what_grants_everything_and_what_reads_secrets(rule: dict[str, Any], all_of_it: bool, reads: bool) -> None:
    one = convert(rule, PolicyRule)
    assert everything([one]) is all_of_it
    assert bool(reading_secrets([one])) is reads


@pytest.mark.parametrize(
    ("kind", "namespace", "expected"),
    [("RoleBinding", "shop", "shop"), ("RoleBinding", None, "default"), ("ClusterRoleBinding", None, "")],
)
def test_a_binding_reaches_its_namespace_or_all(kind: str, namespace: str | None, expected: str) -> None:
    api = "rbac.authorization.k8s.io/v1"
    rule = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}
    role = {"apiVersion": api, "kind": "ClusterRole", "metadata": {"name": "reader"}, "rules": [rule]}
    bound = {
        "apiVersion": api,
        "kind": kind,
        "metadata": {"name": "b", **({"namespace": namespace} if namespace else {})},
        "roleRef": {"kind": "ClusterRole", "name": "reader"},
        "subjects": [{"kind": "User", "name": "ann"}],
    }
    cluster = k8snb.connect(objects=[role, bound])
    assert who_can(cluster, "get", "", "secrets") == [("User/ann", expected, "b")]
