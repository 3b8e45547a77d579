"""Somebody is told."""

from collections.abc import Iterator

from k8snb.analysis.agents import alertmanagers, metrics_workloads
from k8snb.analysis.words import clip, some
from k8snb.controls.audit_logging._shared import ALERTING, CHAPTER, WORKLOADS, agent
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.monitoring import Alertmanager, AlertmanagerConfig, PrometheusRule
from k8snb.sources.stream import Gap

_RULES, _RECEIVER = "at least one alert rule", "a receiver that tells somebody, and an Alertmanager that runs"
_HEAD = "---\napiVersion: monitoring.coreos.com/v1\nkind: "
_RULE = (
    _HEAD + "PrometheusRule\nmetadata: {name: nodes}\nspec: {groups: [{rules: [{alert: NodeDown, expr: up == 0}]}]}\n"
)
_MANAGER = _HEAD + "Alertmanager\nmetadata: {name: main}\nstatus: {availableReplicas: 1}\n"
_CONFIG = _HEAD.replace("v1\n", "v1alpha1\n") + (
    "AlertmanagerConfig\nmetadata: {name: team}\nspec: {receivers: [{name: team, slackConfigs: [{channel: team}]}]}\n"
)
_POD = agent("Deployment", "cart", "registry.example.com/cart:1.4.2")


@control(
    id="alerting",
    chapter=CHAPTER,
    section=ALERTING,
    severity="low",
    subject="cluster",
    reads=["prometheusrules", "alertmanagers", "alertmanagerconfigs", *WORKLOADS],
    title="Alert rules exist, and somebody is told",
    why=(
        "Logs and metrics that nobody looks at tell about a break-in when it is over. A rule that watches them, and a "
        "receiver that a person reads, shorten that from months to minutes."
    ),
    fix=(
        "Write alert rules for what the guide lists, such as refused requests, privileged pods and changed roles, and "
        "name a receiver that people read. Where another system alerts, attest it."
    ),
    caution="Begin with few rules. An alert that is always on is one that nobody reads.",
    remedy="manual",
    references=References(nist_800_53=("AU-6", "IR-4", "SI-4(5)"), nist_800_190=("4.4.4",), mitre=("T1685",)),
    passing=[_RULE + _MANAGER + _CONFIG],
    failing=[_POD, _POD + _RULE, _MANAGER + _CONFIG, _MANAGER.replace("1}", "0}") + _CONFIG],
)
def alerting(cluster: Cluster) -> Iterator[Observation]:
    """Alert rules exist, and a receiver that tells somebody.

    Rules in files and receivers in Secrets are not read: where something runs that may have them, it is left open.
    """
    yield _rules(cluster)
    yield _receiver(cluster)


def _rules(cluster: Cluster) -> Observation:
    found = {
        rule.alert: one.name
        for one in cluster.all(PrometheusRule)
        for group in one.spec.groups or ()
        for rule in group.rules or ()
        if rule.alert
    }
    if found:
        at = f"PrometheusRule/{next(iter(found.values()))} spec.groups"
        return seen(True, at, len(found), _RULES, f"there are alert rules: {some(found)}")
    able = _able(cluster)
    if able:
        clause = f"{clip(able)} runs, and the rules that it may have in files are not read"
        return unknown("not-collected", "prometheusrules", _RULES, clause)
    gap = _gap(cluster, "prometheusrules")
    return (
        unknown(gap, gap.resource or "pods", _RULES) if gap else seen(False, "PrometheusRule", None, _RULES, _NO_RULE)
    )


_NO_RULE = "there is no PrometheusRule with an alert, and nothing that could have rules of its own"


def _receiver(cluster: Cluster) -> Observation:
    managers = [one.name for one in cluster.all(Alertmanager) if one.status and one.status.availableReplicas]
    managers += [one.name for one in alertmanagers(cluster) if one.pods]
    found = [
        (one.name, way)
        for one in cluster.all(AlertmanagerConfig)
        for receiver in one.spec.receivers or ()
        for way in receiver.ways
    ]
    if managers and found:
        clause = f"Alertmanager {clip(managers[0])} tells somebody by {some(sorted({way for _, way in found}))}"
        return seen(True, f"AlertmanagerConfig/{found[0][0]} spec.receivers", len(found), _RECEIVER, clause)
    if managers:
        clause = "the receivers of Alertmanager lie in a Secret, which is never read"
        return unknown("not-collected", f"Alertmanager/{managers[0]}", _RECEIVER, clause)
    able = _able(cluster)
    if able:
        clause = f"{clip(able)} runs, and whom it tells lies elsewhere"
        return unknown("not-collected", "alertmanagers", _RECEIVER, clause)
    gap = _gap(cluster, "alertmanagers") or _gap(cluster, "alertmanagerconfigs")
    declared = next((one.name for one in cluster.all(Alertmanager) if one.status is None), "")
    if gap and declared:
        clause = f"Alertmanager {clip(declared)} is declared, and nothing tells whether it runs"
        return unknown(gap, f"Alertmanager/{declared} status", _RECEIVER, clause)
    if gap:
        return unknown(gap, gap.resource or "pods", _RECEIVER)
    return seen(
        False, "Alertmanager", None, _RECEIVER, "no Alertmanager runs, and nothing else that could tell somebody"
    )


def _able(cluster: Cluster) -> str:
    """Give what runs and may have rules and receivers of its own."""
    return next((one.name for work, one in metrics_workloads(cluster) if work.pods), "")


def _gap(cluster: Cluster, resource: str) -> Gap | None:
    return next((gap for one in (resource, *WORKLOADS) if (gap := cluster.gap(one))), None)
