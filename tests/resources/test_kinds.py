"""Kinds that share a name, kinds that stand in two groups, and the settings that are kept of a ConfigMap."""

import json
from typing import Any

import pytest

import k8snb
from k8snb.inventory.decode import Batch, decode
from k8snb.resources.core import ConfigMap
from k8snb.resources.kinds import BY_RESOURCE, find
from k8snb.sources.live_discovery import Served
from k8snb.sources.redaction import clean
from k8snb.sources.stream import Page

CALICO = BY_RESOURCE["networkpolicies.crd.projectcalico.org"]


@pytest.mark.parametrize(
    ("version", "resource"),
    [
        ("", "networkpolicies"),
        ("networking.k8s.io/v1", "networkpolicies"),
        ("crd.projectcalico.org/v1", "networkpolicies.crd.projectcalico.org"),
        ("projectcalico.org/v3", "networkpolicies.crd.projectcalico.org"),
        ("crd.antrea.io/v1beta1", None),
    ],
)
def test_kinds_that_share_a_name_are_told_apart_by_their_group(version: str, resource: str | None) -> None:
    found = find(version, "NetworkPolicy")
    assert (found.resource if found else None) == resource


@pytest.mark.parametrize("listed", ["NetworkPolicyList", "List"])
@pytest.mark.parametrize("whole", [True, False])
def test_a_page_of_either_is_decoded_as_what_it_is(listed: str, whole: bool) -> None:
    version = "crd.projectcalico.org/v1"
    own = {"apiVersion": version, "kind": "NetworkPolicy"} if whole or listed == "List" else {}
    item = {**own, "metadata": {"name": "a", "namespace": "shop"}, "spec": {"selector": "all()"}}
    head = version if listed != "List" else "v1"
    page = Page(json.dumps({"kind": listed, "apiVersion": head, "items": [item]}).encode())
    assert [one.kind for one in decode(page) if isinstance(one, Batch)] == [CALICO]


def test_a_path_has_the_name_that_the_server_knows() -> None:
    assert CALICO.path == "/apis/crd.projectcalico.org/v1/networkpolicies"


@pytest.mark.parametrize(
    ("groups", "versions"),
    [
        ({}, ()),
        ({"crd.projectcalico.org": {"v1": frozenset({"networkpolicies"})}}, ("v1",)),
        ({"projectcalico.org": {"v3": frozenset({"networkpolicies"})}}, ("projectcalico.org/v3",)),
        ({"projectcalico.org": {"v3": None}}, None),
        ({"networking.k8s.io": {"v1": frozenset({"networkpolicies"})}}, ()),
    ],
)
def test_what_only_another_group_serves_is_not_taken_for_absent(groups: Any, versions: Any) -> None:
    assert Served(True, groups).versions(CALICO) == versions


@pytest.mark.parametrize(
    ("name", "namespace", "value", "kept"),
    [
        ("cilium-config", "kube-system", "true", {"enable-wireguard": "true"}),
        ("cilium-config", "kube-system", "hunter2-hunter2", {"enable-wireguard": ""}),
        ("cilium-config", "shop", "true", None),
        ("other", "kube-system", "true", None),
    ],
)
def test_only_the_settings_of_plugins_are_kept(name: str, namespace: str, value: str, kept: Any) -> None:
    data = {"enable-wireguard": value, "password": "hunter2"}
    metadata = {"name": name, "namespace": namespace}
    found = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data, "settings": {"a": "forged"}}
    (one,) = k8snb.connect(objects=[found]).all(ConfigMap)
    assert one.settings == kept
    assert "hunter2" not in repr(one)


def test_what_a_cilium_policy_says_of_requests_is_not_stored() -> None:
    rule = {"toPorts": [{"rules": {"http": [{"headers": ["X-Token: hunter2"]}]}}], "fromEndpoints": [{}]}
    stored = clean({"kind": "CiliumNetworkPolicy", "metadata": {"name": "a"}, "spec": {"ingress": [rule]}})
    assert stored["spec"] == {"ingress": [{"fromEndpoints": [{}]}]}
