"""Metrics are served and collected."""

from collections.abc import Iterator

from k8snb.analysis.agents import metrics_agents, metrics_workloads
from k8snb.analysis.words import some
from k8snb.controls.audit_logging._shared import CHAPTER, METRICS, WORKLOADS, agent
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.monitoring import APIService

_SERVED = "an available APIService of metrics.k8s.io"
_API = """\
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec: {group: metrics.k8s.io, version: v1beta1}
status: {conditions: [{type: Available, status: 'True'}]}
"""
_PROMETHEUS = agent("StatefulSet", "prometheus", "quay.io/prometheus/prometheus:v3.7.3")


@control(
    id="metrics-pipeline",
    chapter=CHAPTER,
    section=METRICS,
    severity="medium",
    subject="cluster",
    reads=["apiservices", *WORKLOADS],
    data=["metrics_agents"],
    title="Metrics are served and collected",
    why=(
        "A miner, a flood of requests or a container that leaks shows first in numbers: CPU, memory, connections. "
        "Where nobody collects them, nothing is out of the ordinary."
    ),
    fix=(
        "Run metrics-server for the metrics API, and for the history Prometheus, another collector that understands "
        "its format, or your provider's agent."
    ),
    caution="A collector reads much of the cluster: give it a ServiceAccount of its own, and keep its data for weeks.",
    remedy="manual",
    references=References(nist_800_53=("AU-6", "SI-4"), nist_800_190=("4.4.4",), mitre=("T1496", "T1499")),
    passing=[_API + _PROMETHEUS],
    failing=[_PROMETHEUS, _API, _API.replace("'True'", "'False'") + _PROMETHEUS],
)
def metrics_pipeline(cluster: Cluster) -> Iterator[Observation]:
    """The metrics API is served, and a collector that understands Prometheus' format, or a provider's agent, runs."""
    yield _served(cluster)
    yield _collected(cluster)


def _served(cluster: Cluster) -> Observation:
    found = next((one for one in cluster.all(APIService) if one.spec.group == "metrics.k8s.io"), None)
    gap = cluster.gap("apiservices")
    if found is None:
        if gap:
            return unknown(gap, "apiservices", _SERVED)
        return seen(False, "APIService", None, _SERVED, "the metrics API is not served")
    at, conditions = f"APIService/{found.name} status.conditions", (found.status and found.status.conditions) or ()
    state = next((one for one in conditions if one.type == "Available"), None)
    if state is None:
        return unknown("not-collected", at, _SERVED, "nothing tells whether the metrics API answers")
    clause = "the metrics API is served" if state.status == "True" else "the metrics API does not answer"
    return seen(state.status == "True", at, state.status, _SERVED, clause)


def _collected(cluster: Cluster) -> Observation:
    found = metrics_workloads(cluster)
    running = [(work, one) for work, one in found if work.pods]
    sure = [(work, one) for work, one in running if not one.general]
    expected = f"a collector of metrics that runs (agents known on {metrics_agents().date})"
    gap = next((gap for one in WORKLOADS if (gap := cluster.gap(one))), None)
    if sure:
        told = sorted({f"{work.kind}/{work.namespace}/{work.name}" for work, _ in sure})
        clause = f"{some(sorted({one.name for _, one in sure}))} collects metrics"
        return seen(True, told[0], told, expected, clause)
    if running:
        clause = f"{running[0][1].name} may collect metrics; its configuration is not read"
        return unknown("not-collected", f"{running[0][0].kind}/{running[0][0].namespace}", expected, clause)
    if gap:
        return unknown(gap, gap.resource or "pods", expected)
    idle = sorted({one.name for _, one in found})
    clause = f"{some(idle)} has no pod that runs" if idle else "no collector of metrics that is known runs"
    return seen(False, "pods", None, expected, clause)
