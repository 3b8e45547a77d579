"""Preflight tells what may be read, by which rule, and what a missing permission costs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from k8snb.access.costs import HOW, costs
from k8snb.access.permissions import permissions
from k8snb.cli import run
from k8snb.controls import controls
from k8snb.resources.kinds import KINDS
from tests.serving import serving

from .server import REASON, REVIEWS, Api, kubeconfig

SERVED: dict[str, dict[str, list[str]]] = {}
for _kind in KINDS:
    SERVED.setdefault(_kind.group, {}).setdefault(_kind.version, []).append(_kind.plural)


@pytest.fixture
def api() -> Iterator[Api]:
    with serving(Api()) as server:
        server.served = {group: dict(versions) for group, versions in SERVED.items()}
        yield server


class Asked:
    """A run of the command against the server."""

    def __init__(self, api: Api, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self._api, self._folder, self._capfd = api, folder, capfd

    def __call__(self, *words: str, context: str = "prod") -> tuple[int, str, str]:
        config = kubeconfig(self._folder, self._api.server_address[1], context)
        status = run(["preflight", "--kubeconfig", config, *words])
        return (status, *self._capfd.readouterr())

    def json(self, *words: str) -> tuple[int, dict[str, Any]]:
        status, out, _ = self(*words, "-o", "json")
        return status, json.loads(out)


@pytest.fixture
def ask(api: Api, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Asked:
    return Asked(api, tmp_path, capfd)


def rows(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in found["permissions"]}


def test_everything_granted_meets_the_level_and_costs_nothing(ask: Asked) -> None:
    status, found = ask.json()
    assert (status, found["met"], found["controls"]) == (0, True, [])
    assert found["schema"] == "k8snb/preflight/v1"
    assert set(rows(found)) == {one.name for one in permissions("cluster")}
    assert {one["why"] for one in found["permissions"]} == {REASON}


def test_it_asks_of_oneself_and_lists_nothing(ask: Asked, api: Api) -> None:
    ask("--level", "evidence", "--kubelet-configuration")
    assert set(api.asked) == {("POST", REVIEWS), ("GET", "/apis")}
    assert {"verb": "get", "group": "", "resource": "nodes", "subresource": "proxy"} in [
        one.get("resourceAttributes") for one in api.reviews
    ]


@pytest.mark.parametrize("resource", ["pods", "configmaps", "namespaces", "clusterpolicies", "/version"])
def test_what_is_denied_is_told_with_its_cost(ask: Asked, api: Api, resource: str) -> None:
    api.denied = {resource}
    status, found = ask.json()
    assert (status, found["met"]) == (1, False)
    assert {name for name, one in rows(found).items() if not one["readable"]} == {resource}
    assert rows(found)[resource]["cause"] == "forbidden"
    lost = [one["control"] for one in found["controls"]]
    assert lost == [one.control for one in costs([resource])] == rows(found)[resource]["controls"]


def test_the_table_names_the_rule_the_loss_and_the_controls(ask: Asked, api: Api) -> None:
    api.denied = {"configmaps"}
    status, out, _ = ask()
    assert status == 1
    assert "The level cluster is not met" in out
    assert "configmaps (costs 4 controls)" in out
    assert "no-credentials-in-configuration" in out
    assert REASON.removeprefix("RBAC: ")[:60] in out
    assert HOW["some"] in out


def test_evidence_is_asked_for_only_where_it_is_wanted(ask: Asked, api: Api) -> None:
    api.denied = {"/metrics", "/flagz"}
    assert ask()[0] == 0
    status, found = ask.json("--level", "evidence")
    assert status == 1
    assert not rows(found)["/metrics"]["readable"]
    assert rows(found)["/statusz"]["readable"]


def test_a_namespace_is_met_without_the_cluster_whose_loss_is_told_all_the_same(ask: Asked, api: Api) -> None:
    api.denied = {kind.resource for kind in KINDS if not kind.namespaced}
    status, found = ask.json("-n", "shop")
    assert (status, found["level"]) == (0, "namespace")
    assert {one["required"] for one in found["permissions"] if one["namespace"] == "shop"} == {True}
    assert "pod-security-admission" in {one["control"] for one in found["controls"]}
    namespaces = {one["resourceAttributes"].get("namespace") for one in api.reviews if "resourceAttributes" in one}
    assert namespaces == {"shop", None}


def test_what_is_not_served_needs_no_permission(ask: Asked, api: Api) -> None:
    optional = {kind.resource for kind in KINDS if kind.optional}
    api.denied = set(optional)
    api.served = {}
    status, found = ask.json()
    assert status == 0
    assert {one["why"] for name, one in rows(found).items() if name in optional} == {
        "not served here, so there is none"
    }


def test_what_is_served_in_another_version_cannot_be_read(ask: Asked, api: Api) -> None:
    api.served["kyverno.io"] = {"v2": ["clusterpolicies"]}
    status, found = ask.json()
    assert status == 1
    assert rows(found)["clusterpolicies"]["cause"] == "unsupported"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((403, b'{"kind": "Status", "message": "not you"}'), "not you"),
        ((401, b"{}"), "401"),
        ((404, b"404 page not found"), "404"),
        ((201, b"<html>log in</html>"), "no review"),
        ((201, b'{"kind": "SelfSubjectAccessReview"}'), "no review"),
        ((201, b'{"kind": "Pod", "status": {"allowed": true}}'), "no review"),
        ((201, b'{"kind": "SelfSubjectAccessReview", "status": {"allowed": "yes"}}'), "no review"),
    ],
)
def test_a_server_that_does_not_tell_is_an_error_and_no_permission(
    ask: Asked, api: Api, answer: tuple[int, bytes], words: str
) -> None:
    api.answer = answer
    status, out, err = ask()
    assert (status, out) == (3, "")
    assert words in err
    assert len(err.splitlines()) == 2


def test_a_server_that_is_not_there_is_an_error(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["preflight", "--kubeconfig", kubeconfig(tmp_path, 1)]) == 3
    assert capfd.readouterr().out == ""


def test_hostile_words_of_a_server_are_harmless(ask: Asked, api: Api) -> None:
    api.reason = "\x1b[31mRBAC\n\u202e" + "x" * 5000
    status, out, _ = ask(context="\x1b]0;evil\x07prod")
    assert status == 0
    assert all(one.isprintable() for one in out.splitlines())
    assert len(out) < 10_000


@pytest.mark.parametrize(
    "words",
    [["--level", "namespace"], ["-n", "shop", "--level", "cluster"], ["--kubelet-configuration"], ["--level", "all"]],
)
def test_wrong_usage(ask: Asked, words: list[str]) -> None:
    assert ask(*words)[0] == 2


def test_a_whole_source_that_is_no_server_meets_the_level(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["preflight", "demo"]) == 0
    assert "is met" in capfd.readouterr().out


def test_a_part_of_a_cluster_tells_what_it_may_lack(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pod.yaml"
    path.write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n")
    assert run(["preflight", str(path), "-o", "json"]) == 1
    found = json.loads(capfd.readouterr().out)
    how = {one["control"]: one["how"] for one in found["controls"]}
    assert (how["run-as-non-root"], how["ingress-tls"]) == ("some", "all")
    assert {one["cause"] for one in found["permissions"]} == {"not-collected"}
    assert run(["preflight", str(path), "--complete"]) == 0


OF_A_FILE = {"audit-policy-coverage"}
"""They read nothing of a cluster."""


def test_no_permission_at_all_costs_every_control_of_a_cluster() -> None:
    assert {one.control for one in costs([kind.resource for kind in KINDS])} == set(controls()) - OF_A_FILE


@pytest.mark.parametrize(
    ("missing", "control", "how"),
    [
        (["services"], "no-node-ports", "all"),
        (["configmaps"], "no-credentials-in-configuration", "some"),
        (["namespaces"], "resource-quota", "some"),
        (["networkpolicies"], "pods-isolated", "where-needed"),
        (["roles"], "no-service-account-token", "detail"),
        (["roles", "serviceaccounts"], "no-service-account-token", "where-needed"),
    ],
)
def test_it_tells_how_much_a_control_loses(missing: list[str], control: str, how: str) -> None:
    assert [(one.how, list(one.missing)) for one in costs(missing) if one.control == control] == [(how, missing)]
