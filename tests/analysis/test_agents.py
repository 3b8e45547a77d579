"""Agents on nodes as the notebook draws them: nodes that are alike stand together."""

from typing import Any

import pytest

import k8snb
from k8snb.analysis.agents import metrics_agents, repository, schedulable
from k8snb.assessment.assess import assess
from k8snb.notebook.chapter import Chapter
from k8snb.notebook.logs import agents
from tests.controls.audit_logging.test_watching import FALCO, agent, node

BIT = "cr.fluentbit.io/fluent/fluent-bit:4.2.1"


def drawn(objects: list[dict[str, Any]], *, complete: bool = True) -> str:
    cluster = k8snb.connect(objects=objects, complete=complete)
    bundle = agents(Chapter("05-audit-logging", cluster, assess(cluster, controls=[])))._repr_mimebundle_()
    return str(bundle["text/plain"])


def test_nodes_that_are_alike_stand_together() -> None:
    told = drawn(
        [node("a"), node("b"), node("c"), *agent(FALCO, "a", "b", "c", name="f"), *agent(BIT, "a", "b", name="l")]
    )
    assert "2 groups of nodes by 2 agents." in told
    assert ["a, b", "✓", "✓"] in [line.rsplit(None, 2) for line in told.splitlines()]
    assert ["c", "✗", "✓"] in [line.rsplit(None, 2) for line in told.splitlines()]


@pytest.mark.parametrize(("complete", "sign"), [(True, "✗"), (False, "?")])
def test_an_agent_that_is_not_known_may_be_hidden(complete: bool, sign: str) -> None:
    assert f"a                         {sign}    {sign}" in drawn([node("a")], complete=complete)


def test_a_node_that_takes_no_pods_misses_nothing() -> None:
    cluster = k8snb.connect(objects=[node("a"), node("b", unschedulable=True)])
    assert [one.name for one in schedulable(cluster)] == ["a"]
    assert "✗" not in drawn([node("b", unschedulable=True)])


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("quay.io/prometheus/prometheus:v3", "Prometheus"),
        ("registry.example.com/mirror/grafana/alloy@sha256:0", "Grafana Alloy"),
        ("quay.io/prometheus/node-exporter:v1", ""),
        ("quay.io/prometheus/alertmanager:v1", ""),
    ],
)
def test_agents_are_known_by_their_images(image: str, name: str) -> None:
    found = [work for work in k8snb.connect(objects=agent(image)).workloads if work.kind == "DaemonSet"]
    known = metrics_agents().of(found[0])
    assert (known.name if known else "") == name
    assert repository(image) in image
