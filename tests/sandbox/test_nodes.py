"""Pretended nodes: what is placed on them runs, and the practice workloads do."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from k8snb.sandbox import components, control, processes
from k8snb.sandbox.client import Client
from k8snb.sandbox.home import Home
from k8snb.sandbox.seed import seed
from k8snb.sandbox.status import status
from tests.sandbox.conftest import own_home, programs_or_skip

PODS, DEPLOYMENTS = "/api/v1/pods", "/apis/apps/v1/namespaces/default/deployments"
SPEC = {"terminationGracePeriodSeconds": 0, "containers": [{"name": "web", "image": "registry.example.com/web:1"}]}
WEB = {
    "metadata": {"name": "web"},
    "spec": {
        "replicas": 3,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {"metadata": {"labels": {"app": "web"}}, "spec": SPEC},
    },
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Client]]:
    """A control plane with two pretended nodes."""
    programs_or_skip(names=(*components.ALWAYS, *components.WITH_NODES))
    home = own_home(tmp_path_factory.mktemp("nodes"))
    try:
        found = control.up(home, lambda _: None, nodes=2)
        yield home, Client(home, found.server)
    finally:
        control.down(home, lambda _: None)


def items(client: Client, path: str) -> list[Any]:
    found: list[Any] = client.get(path)["items"]
    return found


def web(client: Client) -> list[Any]:
    return [one for one in items(client, PODS) if one["metadata"].get("labels", {}).get("app") == "web"]


def runs(client: Client) -> bool:
    found = web(client)
    return len(found) == 3 and {one["status"]["phase"] for one in found} == {"Running"}


def ready(client: Client) -> Counter[str]:
    conditions = (one for node in items(client, "/api/v1/nodes") for one in node["status"].get("conditions", ()))
    return Counter(one["status"] for one in conditions if one["type"] == "Ready")


def test_pods_of_a_deployment_run_on_pretended_nodes_and_go_when_deleted(busy: tuple[Home, Client]) -> None:
    home, client = busy
    assert status(home).up
    assert processes.wait(lambda: ready(client) == {"True": 2}, 30)
    assert client.ask("POST", DEPLOYMENTS, WEB)[0] == 201
    assert processes.wait(lambda: runs(client), 60)
    assert {one["spec"]["nodeName"] for one in web(client)} <= {"pretended-0001", "pretended-0002"}
    before = {one["metadata"]["uid"] for one in web(client)}
    client.ask("DELETE", "/api/v1/namespaces/default/pods?labelSelector=app%3Dweb")
    assert processes.wait(lambda: runs(client) and before.isdisjoint(one["metadata"]["uid"] for one in web(client)), 60)


def test_pods_of_the_demo_cluster_run_and_new_ones_do_too(busy: tuple[Home, Client]) -> None:
    home, client = busy
    seed(home, lambda _: None)
    placed = [one for one in items(client, PODS) if one["spec"].get("nodeName")]
    assert processes.wait(lambda: set(ready(client)) == {"True"}, 30)
    assert len(placed) > 250
    assert processes.wait(lambda: phases(client) <= {"Running", "Succeeded", "Failed"}, 60)
    client.ask("DELETE", "/api/v1/namespaces/default/pods?labelSelector=app%3Dweb")
    assert processes.wait(lambda: runs(client), 60)


def phases(client: Client) -> set[str]:
    """Give the phases of pods that are on a node."""
    return {one["status"]["phase"] for one in items(client, PODS) if one["spec"].get("nodeName")}
