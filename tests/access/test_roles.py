"""The printed roles let k8snb read, and nothing more."""

from typing import Any

import pytest
import yaml

import k8snb
from k8snb.access.costs import needs
from k8snb.access.levels import Level
from k8snb.access.permissions import permissions
from k8snb.access.roles import manifests
from k8snb.cli import run
from k8snb.controls import controls
from k8snb.resources.kinds import KINDS

LEVELS: tuple[Level, ...] = ("namespace", "cluster", "evidence")
UNUSED = {"mutatingwebhookconfigurations"}


def printed(level: Level, namespace: str | None = "shop", *, kubelet: bool = False) -> dict[str, Any]:
    return {one["kind"].removeprefix("Cluster"): one for one in manifests(level, namespace, kubelet=kubelet)}


def granted(level: Level) -> set[tuple[str, str]]:
    rules = printed(level)["Role"]["rules"]
    return {(group, name) for one in rules for group in one.get("apiGroups", ()) for name in one["resources"]}


@pytest.mark.parametrize("kubelet", [False, True])
@pytest.mark.parametrize("level", LEVELS)
def test_a_role_only_reads_names_everything_and_knows_no_secret(level: Level, kubelet: bool) -> None:
    for rule in printed(level, kubelet=kubelet)["Role"]["rules"]:
        assert set(rule["verbs"]) <= {"get", "list"}
        words = [*rule.get("apiGroups", ()), *rule.get("resources", ()), *rule.get("nonResourceURLs", ())]
        assert words
        assert not [word for word in words if "*" in word or "secret" in word.lower()]


@pytest.mark.parametrize("level", LEVELS)
def test_only_the_switch_opens_the_proxy_of_the_nodes(level: Level) -> None:
    assert not [name for _, name in granted(level) if "/" in name]
    rules = printed(level, kubelet=True)["Role"]["rules"]
    assert [rule["verbs"] for rule in rules if "nodes/proxy" in rule.get("resources", ())] == [["get"]]


def test_the_role_of_a_cluster_grants_what_is_listed_and_the_controls_need() -> None:
    listed = {(kind.group, kind.plural) for kind in KINDS}
    resources = {kind.resource for kind in KINDS}
    needed = {name for one in controls().values() for name in needs(one) if "/" not in name}
    assert granted("cluster") == listed
    assert resources - needed == UNUSED
    assert needed <= resources


def test_evidence_adds_what_the_server_tells_of_itself() -> None:
    more = set(permissions("evidence")) - set(permissions("cluster"))
    assert {one.name for one in more} == {"/metrics", "/flagz", "/statusz"}
    assert granted("evidence") == granted("cluster")


def test_the_role_of_a_namespace_stays_in_it() -> None:
    objects = manifests("namespace", "shop")
    assert [one["kind"] for one in objects] == ["ServiceAccount", "Role", "RoleBinding"]
    assert {one["metadata"]["namespace"] for one in objects} == {"shop"}
    assert granted("namespace") == {(kind.group, kind.plural) for kind in KINDS if kind.namespaced}


@pytest.mark.parametrize("level", LEVELS)
def test_the_binding_gives_the_role_to_the_account_alone(level: Level) -> None:
    found = printed(level)
    account, role, binding = found["ServiceAccount"], found["Role"], found["RoleBinding"]
    assert binding["roleRef"] == {
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": role["kind"],
        "name": role["metadata"]["name"],
    }
    assert binding["subjects"] == [{"kind": "ServiceAccount", **account["metadata"]}]


def test_a_namespace_that_was_named_is_left_as_it_is() -> None:
    assert "Namespace" in printed("cluster", None)
    assert "Namespace" not in printed("cluster", "kube-system")


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_printed_fails_no_control_of_its_own(level: Level) -> None:
    namespace = "shop" if level == "namespace" else None
    cluster = k8snb.connect(objects=manifests(level, namespace), complete=False)
    result = k8snb.assess(cluster, chapters=["authentication-authorization"], all=True)
    assert [one.message for one in result.findings(status="fail")] == []
    assert {one.control for one in result.findings(status="pass")} >= {"no-wildcard-roles", "least-privilege-secrets"}


def test_the_command_prints_the_manifests_as_yaml(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["rbac", "--level", "evidence", "--kubelet-configuration"]) == 0
    assert list(yaml.safe_load_all(capfd.readouterr().out)) == manifests("evidence", kubelet=True)


@pytest.mark.parametrize(
    "words",
    [
        ["--level", "namespace"],
        ["--kubelet-configuration"],
        ["-n", "Shop"],
        ["-n", ""],
        ["-n", "a\n---\nkind: Evil"],
        ["-n", "a" * 64],
    ],
)
def test_wrong_usage_prints_nothing(words: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["rbac", *words]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("k8snb: ")
    assert len(err.splitlines()) == 2
