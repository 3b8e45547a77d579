"""Fields that change, whom a change reaches, and what the server says: without a server."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

import k8snb
from k8snb.inventory.cluster import Cluster, load
from k8snb.remediation.diff import unified
from k8snb.remediation.edits import diff, get, put, same
from k8snb.remediation.effects_network import cut_off
from k8snb.remediation.effects_rbac import lost
from k8snb.remediation.export_patches import strategic
from k8snb.remediation.judged import replaced
from k8snb.remediation.managed import manager
from k8snb.remediation.patch import Change
from k8snb.remediation.plans.limits import amount, written
from k8snb.remediation.plans.network import allow_dns, deny
from k8snb.remediation.plans.procedure_files import FLAGS, KUBELET
from k8snb.remediation.target import Target, of_object
from k8snb.sources.connection_answer import warnings
from k8snb.sources.objects import example

KEYS = st.sampled_from(["name", "spec", "a/b", "c~d", "labels", "x"])
NAMED = st.lists(st.sampled_from("abcd"), unique=True, max_size=3).flatmap(
    lambda names: st.tuples(
        *(st.fixed_dictionaries({"name": st.just(one)}, optional={"v": st.integers(0, 2)}) for one in names)
    ).map(list)
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.text("ab", max_size=2),
    lambda inner: (
        st.dictionaries(KEYS, inner, max_size=3)
        | st.lists(inner, max_size=2)
        | st.fixed_dictionaries({"containers": NAMED})
    ),
    max_leaves=8,
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=4)


@given(OBJECTS, OBJECTS)
def test_the_edits_between_two_objects_make_one_of_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    edits, found = list(diff(before, after)), deepcopy(before)
    for edit in edits:
        assert same(get(before, edit.path), edit.before)
        put(found, edit.path, edit.after)
    assert same(found, after)
    for edit in reversed(edits):
        put(found, edit.path, edit.before)
    assert same(found, before)


def test_true_is_not_one() -> None:
    (edit,) = diff({"a": 1}, {"a": True})
    assert edit.after is True


@given(OBJECTS)
def test_nothing_differs_from_itself(one: dict[str, Any]) -> None:
    assert list(diff(one, deepcopy(one))) == []
    assert get(one, ("no such key",)) is UNSET


SHOP = """\
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop, labels: {app: cart}}
spec: {containers: [{name: a, image: a}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: a, image: a}]}
---
apiVersion: v1
kind: Pod
metadata: {name: dns, namespace: kube-system, labels: {k8s-app: kube-dns}}
spec: {containers: [{name: a, image: a}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: from-web, namespace: shop}
spec: {podSelector: {matchLabels: {app: cart}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}
"""


def shop(text: str = SHOP) -> Cluster:
    return load(example(text, {}))


def test_pods_that_lose_peers_are_told() -> None:
    cluster = shop()
    denied = deny(cluster, "shop", "Ingress")
    told = cut_off(cluster, replaced(cluster, {of_object(denied): denied}), "shop")
    assert told == ["Pod web (1 pod) is no longer reached by anybody, inside or outside of the cluster."]


def test_names_are_still_resolved() -> None:
    cluster = shop()
    made = {of_object(one): one for one in (allow_dns(cluster, "shop"), deny(cluster, "shop", "Egress"))}
    told = cut_off(cluster, replaced(cluster, made), "shop")
    assert len(told) == 2
    assert all("only Pod/kube-system/dns" in one for one in told)


RBAC = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: shop}
rules: [{apiGroups: [""], resources: [secrets, pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {kind: Role, name: r, apiGroup: rbac.authorization.k8s.io}
subjects: [{kind: User, name: maria}]
"""


def test_subjects_that_lose_rights_are_told() -> None:
    cluster = shop(RBAC)
    target = Target("rbac.authorization.k8s.io/v1", "RoleBinding", "shop", "b")
    told = lost(cluster, replaced(cluster, {target: None}), target)
    assert told == [f"User/maria loses the right to get on {one} in shop." for one in ("pods", "secrets")]


def test_a_right_that_another_binding_gives_is_not_lost() -> None:
    other = RBAC.replace("name: b,", "name: b2,").partition("---")[2]
    cluster = shop(RBAC + "---" + other)
    target = Target("rbac.authorization.k8s.io/v1", "RoleBinding", "shop", "b")
    assert "Nobody loses" in lost(cluster, replaced(cluster, {target: None}), target)[0]


def test_an_inventory_stays_as_it_is() -> None:
    cluster = k8snb.connect("demo")
    before = k8snb.assess(cluster, controls=["no-host-ipc"]).to_dict()["findings"]
    replaced(cluster, {Target("v1", "Namespace", "", "shop"): None})
    assert k8snb.assess(cluster, controls=["no-host-ipc"]).to_dict()["findings"] == before


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        ({"annotations": {"meta.helm.sh/release-name": "cart"}}, "Helm (release cart)"),
        ({"labels": {"helm.toolkit.fluxcd.io/name": "cart"}}, "Flux (HelmRelease cart)"),
        ({"labels": {"argocd.argoproj.io/instance": "cart"}}, "Argo CD (Application cart)"),
        ({"managedFields": [{"manager": "argocd-controller", "operation": "Apply"}]}, "Argo CD"),
        ({"annotations": {"rbac.authorization.kubernetes.io/autoupdate": "true"}}, "the API server itself"),
        ({"annotations": {"rbac.authorization.kubernetes.io/autoupdate": "false"}}, None),
        ({"labels": {"app.kubernetes.io/managed-by": "me"}}, None),
        ({"managedFields": [{"manager": "kubectl-edit", "fieldsV1": {"f:spec": {}}}]}, None),
        ({}, None),
    ],
)
def test_who_keeps_an_object(metadata: dict[str, Any], name: str | None) -> None:
    found = manager({"metadata": metadata})
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("text", "resource", "expected"), [("0.25", "cpu", "250m"), ("1Gi", "memory", "1024Mi"), ("100M", "memory", "96Mi")]
)
def test_quantities(text: str, resource: str, expected: str) -> None:
    value = amount(text)
    assert value is not None
    assert written(resource, value) == expected


def test_warnings_are_read_with_their_quotes() -> None:
    assert warnings(['299 - "pod \\"a\\": privileged"', '299 - "b", 299 - "c"']) == ('pod "a": privileged', "b", "c")


def test_a_patch_names_the_items_of_lists() -> None:
    before = {
        "metadata": {"name": "a"},
        "spec": {"containers": [{"name": "x", "ports": [{"containerPort": 1, "hostPort": 2}]}]},
    }
    after = deepcopy(before)
    del after["spec"]["containers"][0]["ports"][0]["hostPort"]  # type: ignore[index]
    change = Change(Target("v1", "Pod", "shop", "a"), before, after)
    assert strategic(change) == {
        "spec": {"containers": [{"name": "x", "ports": [{"containerPort": 1, "hostPort": None}]}]}
    }


def test_flags_and_kubelet_settings_are_of_controls_that_exist() -> None:
    from k8snb.controls.registry import controls

    assert set(FLAGS) | set(KUBELET) <= set(controls())


def test_a_star_within_a_word_is_no_wildcard() -> None:
    from k8snb.remediation.plans.roles import _named

    rule = {"apiGroups": ["apps"], "resources": ["*a", "deployments"], "verbs": ["*"]}
    (named,) = _named(rule, lambda _: {"statefulsets": ()})
    assert named["resources"] == ["*a", "deployments"]
    assert "*" not in named["verbs"]


def test_a_difference_tells_where_it_stands() -> None:
    def pod(**fields: Any) -> dict[str, Any]:
        containers = [{"name": "a", "image": "x"}, {"image": "y", "name": "b", **fields}]
        return {"kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": containers}}

    lines = unified(pod(), pod(securityContext={"privileged": False}))
    assert lines[0] == "@@ spec.containers[b]"
    assert "+      privileged: false" in lines
    assert unified(pod(tty=True), pod())[0] == "@@ spec.containers[b]"
