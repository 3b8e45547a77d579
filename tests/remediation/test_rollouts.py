"""Rollouts on pretended nodes, with the real controllers and scheduler: they end well, or with their reason."""

import json
import secrets
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

import k8snb
from k8snb.remediation import rollout
from k8snb.remediation.journal import Journal
from k8snb.remediation.plan import Plan
from k8snb.remediation.planning import plans
from k8snb.remediation.session import Session
from k8snb.remediation.verify import Verified
from k8snb.sandbox import components, control, pretended, processes
from k8snb.sandbox.client import Client
from k8snb.sandbox.home import Home
from tests.sandbox.conftest import own_home, programs_or_skip

Raw = dict[str, Any]
CONTROL = "no-host-ipc"
_SLOW = "registry.example.com/slow:1"
_NEVER = """
phase: Running
conditions:
- {type: Ready, status: "False", message: "readiness probe failed"}
"""
_HELD = f'.spec | select(.containers.[0].image == "{_SLOW}") | select(.hostIPC | not) | .containers.[0].image'
_stages = pretended.stages


def _with_slow_pods(home: Home) -> str:
    """Give the stages of the sandbox; pods of one image are never ready, unless they share their node's IPC."""
    found = [json.loads(one) for one in _stages(home).split("\n---\n")]
    (running,) = [one for one in found if one["metadata"]["name"] == "pod-running"]
    never = deepcopy(running)
    never["metadata"]["name"] = "pod-never"
    never["spec"]["next"] = {"statusTemplate": _NEVER}
    for stage, operator in ((running, "DoesNotExist"), (never, "Exists")):
        stage["spec"]["selector"]["matchExpressions"].append({"key": _HELD, "operator": operator})
    return "\n---\n".join(map(json.dumps, [*found, never]))


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Client]]:
    programs_or_skip(names=(*components.ALWAYS, *components.WITH_NODES))
    home = own_home(tmp_path_factory.mktemp("rollouts"))
    try:
        with mock.patch.object(pretended, "stages", _with_slow_pods):
            found = control.up(home, lambda _: None, nodes=2)
        with mock.patch.object(rollout, "PATIENCE", 2.0):
            yield home, Client(home, found.server)
    finally:
        control.down(home, lambda _: None)


@pytest.fixture
def place(nodes: tuple[Home, Client]) -> Iterator[str]:
    """A namespace."""
    client, name = nodes[1], f"n-{secrets.token_hex(4)}"
    labels = {"pod-security.kubernetes.io/enforce": "privileged"}
    made = client.ask("POST", "/api/v1/namespaces", {"metadata": {"name": name, "labels": labels}})
    assert made[0] == 201, made
    account = f"/api/v1/namespaces/{name}/serviceaccounts/default"
    assert processes.wait(lambda: client.ask("GET", account)[0] == 200, 60)
    yield name
    client.ask("DELETE", f"/api/v1/namespaces/{name}")


KINDS = {"Deployment": "deployments", "StatefulSet": "statefulsets", "DaemonSet": "daemonsets"}
READY = {"Deployment": "availableReplicas", "StatefulSet": "readyReplicas", "DaemonSet": "numberAvailable"}
Starter = Callable[..., Plan]


@pytest.fixture
def started(nodes: tuple[Home, Client], place: str, tmp_path: Path) -> Starter:
    """Makes a workload, waits until it runs, and plans its fix."""
    home, client = nodes

    def start(kind: str, image: str = "registry.example.com/app:1", **spec: Any) -> Plan:
        labels = {"app": "cart"}
        pod = {
            "hostIPC": True,
            "terminationGracePeriodSeconds": 0,
            "containers": [{"name": "app", "image": image}],
        }
        replicas = {} if kind == "DaemonSet" else {"replicas": 2}
        template = {"metadata": {"labels": labels}, "spec": pod}
        body = {
            "metadata": {"name": "cart"},
            "spec": {"selector": {"matchLabels": labels}, "template": template, **replicas, **spec},
        }
        made = client.ask("POST", path(place, kind), body)
        assert made[0] == 201, made
        assert processes.wait(lambda: status(client, place, kind).get(READY[kind]) == 2, 20)
        cluster = k8snb.connect(kubeconfig=str(home.kubeconfig), namespaces=(place,))
        found = k8snb.assess(cluster, controls=[CONTROL])
        return plans(found, controls=[CONTROL], session=Session(cluster, Journal(tmp_path / "journal")))[0]

    return start


def path(namespace: str, kind: str) -> str:
    return f"/apis/apps/v1/namespaces/{namespace}/{KINDS[kind]}"


def status(client: Client, namespace: str, kind: str) -> Raw:
    found: Raw = client.get(f"{path(namespace, kind)}/cart").get("status") or {}
    return found


def shares_ipc(client: Client, namespace: str, kind: str) -> bool:
    template = client.get(f"{path(namespace, kind)}/cart")["spec"]["template"]
    return bool(template["spec"].get("hostIPC"))


def applied(plan: Plan, limit: float = 60) -> Verified:
    plan.dry_run()
    plan.apply()
    assert plan.succeeded, plan.applied
    return plan.verify(limit)


@pytest.mark.parametrize("kind", KINDS)
def test_a_rollout_that_ends_well_is_verified_and_taken_back(
    nodes: tuple[Home, Client], place: str, started: Starter, kind: str
) -> None:
    plan = started(kind)
    found = applied(plan)
    assert found.holds, found
    assert found.rollout.state == "done"
    assert all(back.verify(60).holds for back in plan.roll_back())
    assert shares_ipc(nodes[1], place, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_pods_that_never_become_ready_are_told_within_the_limit(
    nodes: tuple[Home, Client], place: str, started: Starter, kind: str
) -> None:
    plan = started(kind, _SLOW)
    found = applied(plan, 4)
    assert not found.holds
    assert found.rollout.state == "late"
    assert "cart-" in found.rollout.told
    assert "readiness probe failed" in found.rollout.told
    (back,) = plan.roll_back()
    assert shares_ipc(nodes[1], place, kind)
    again = back.verify(4 if kind == "StatefulSet" else 60)
    assert again.holds or kind == "StatefulSet"
    if not again.holds:
        assert f"kubectl -n {place} delete pod cart-1" in again.rollout.told
        nodes[1].ask("DELETE", f"/api/v1/namespaces/{place}/pods/cart-1")
        assert back.verify(60).holds


def quota(client: Client, namespace: str) -> None:
    body = {"metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}}
    assert client.ask("POST", f"/api/v1/namespaces/{namespace}/resourcequotas", body)[0] == 201
    one = f"/api/v1/namespaces/{namespace}/resourcequotas/none"
    assert processes.wait(lambda: "hard" in (client.get(one).get("status") or {}), 30)


def pod_security(client: Client, namespace: str) -> None:
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    answer = client.ask(
        "PATCH", f"/api/v1/namespaces/{namespace}", {"metadata": {"labels": labels}}, "application/merge-patch+json"
    )
    assert answer[0] == 200


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "case", [(quota, "exceeded quota"), (pod_security, "violates PodSecurity")], ids=["quota", "pss"]
)
def test_new_pods_that_the_server_refuses_are_told(
    nodes: tuple[Home, Client],
    place: str,
    started: Starter,
    kind: str,
    case: tuple[Callable[[Client, str], None], str],
) -> None:
    refuse, words = case
    plan = started(kind)
    refuse(nodes[1], place)
    found = applied(plan)
    assert not found.holds
    assert found.rollout.state == "failed"
    assert words in found.rollout.told
    assert plan.roll_back()
    assert shares_ipc(nodes[1], place, kind)


ON_DELETE = {"updateStrategy": {"type": "OnDelete"}}
WAITED_FOR = [
    ("StatefulSet", ON_DELETE, "none", "OnDelete"),
    ("DaemonSet", ON_DELETE, "none", "OnDelete"),
    ("StatefulSet", {"updateStrategy": {"rollingUpdate": {"partition": 1}}}, "done", "keeps 1 on the old template"),
    ("StatefulSet", {"updateStrategy": {"rollingUpdate": {"partition": 5}}}, "none", "keeps every pod"),
    ("DaemonSet", {"updateStrategy": {"rollingUpdate": {"maxUnavailable": 2}}}, "done", "2 of 2"),
    ("DaemonSet", {"updateStrategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}, "done", "2 of 2"),
    ("Deployment", {"strategy": {"rollingUpdate": {"maxUnavailable": "100%", "maxSurge": 0}}}, "done", "2 of 2"),
    ("Deployment", {"strategy": {"type": "Recreate"}}, "done", "2 of 2"),
]


@pytest.mark.parametrize("case", WAITED_FOR, ids=[f"{one[0]} {one[1]}" for one in WAITED_FOR])
def test_a_strategy_decides_what_is_waited_for(started: Starter, case: tuple[str, Raw, str, str]) -> None:
    kind, spec, state, words = case
    found = applied(started(kind, **spec))
    assert found.rollout.state == state
    assert words in found.rollout.told


def test_a_paused_deployment_is_told(nodes: tuple[Home, Client], place: str, started: Starter) -> None:
    plan = started("Deployment")
    one = f"{path(place, 'Deployment')}/cart"
    assert nodes[1].ask("PATCH", one, {"spec": {"paused": True}}, "application/merge-patch+json")[0] == 200
    cluster = k8snb.connect(kubeconfig=str(nodes[0].kubeconfig), namespaces=(place,))
    again = k8snb.plan(k8snb.assess(cluster, controls=[CONTROL]), control=CONTROL)
    again.session.book = plan.session.book
    found = applied(again)
    assert found.rollout.state == "none"
    assert "paused" in found.rollout.told


def test_a_disruption_budget_does_not_stop_a_rollout(nodes: tuple[Home, Client], place: str, started: Starter) -> None:
    body = {"metadata": {"name": "all"}, "spec": {"minAvailable": "100%", "selector": {"matchLabels": {"app": "cart"}}}}
    assert nodes[1].ask("POST", f"/apis/policy/v1/namespaces/{place}/poddisruptionbudgets", body)[0] == 201
    plan = started("Deployment")
    assert any("PodDisruptionBudget all" in one for one in plan.preview().effects)
    assert applied(plan).holds
