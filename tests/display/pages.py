"""Everything that shows itself, by name, for tests that hold for all of it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from k8snb import connect, prove
from k8snb.assessment.assessment import Assessment
from k8snb.display.assessment import assessment_bundle
from k8snb.display.cluster import cluster_bundle
from k8snb.display.comparison import comparison_bundle
from k8snb.display.control import control_bundle, guide_table, proofs_bundle
from k8snb.display.coverage import coverage_table
from k8snb.display.figures import (
    Figure,
    component_map,
    coverage_figure,
    heat_map,
    policy_matrix,
    score_figure,
    severity_by_workload,
    threat_bars,
)
from k8snb.display.finding import findings_table, show_finding
from k8snb.display.inventory import table_bundle

Bundle = Mapping[str, Any]
FIGURES: Mapping[str, Callable[[Assessment, str], Figure]] = {
    "score": lambda result, _: score_figure(result),
    "heat map": lambda result, _: heat_map(result),
    "workloads": lambda result, _: severity_by_workload(result),
    "coverage": lambda result, _: coverage_figure(result.coverage),
    "components": lambda _, name: component_map([{"component": name, "where": name, "ports": [6443, name]}]),
    "policies": lambda _, name: policy_matrix(
        [{"namespace": name, **dict.fromkeys(map(str, range(12)), name), "denied": None}]
    ),
    "threats": lambda _, name: threat_bars([{"group": name, "critical": 1, "high": 2}]),
}


def _figure(name: str, result: Assessment, text: str) -> Bundle:
    return FIGURES[name](result, text)._repr_mimebundle_()


OUTPUTS: Mapping[str, Callable[[Assessment, str], Bundle]] = {
    "assessment": lambda result, _: assessment_bundle(result),
    "control": lambda result, _: control_bundle(result["run-as-non-root"]),
    "controls": lambda result, _: guide_table(result).bundle,
    "finding": lambda result, _: show_finding(result.record.findings[0]).bundle,
    "findings": lambda result, _: findings_table(result).bundle,
    "coverage table": lambda result, _: coverage_table(result.coverage).bundle,
    "comparison": lambda result, _: comparison_bundle(result.compare(result)),
    "cluster": lambda _, name: cluster_bundle(connect(objects=[_service(name)], complete=False)),
    "inventory": lambda _, name: table_bundle(connect(objects=[_service(name)]).table("services")),
    "proofs": lambda *_: proofs_bundle(prove("run-as-non-root")),
    **{name: partial(_figure, name) for name in FIGURES},
}


def _service(name: str) -> dict[str, Any]:
    labels = {name: name}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": name, "labels": labels}}
