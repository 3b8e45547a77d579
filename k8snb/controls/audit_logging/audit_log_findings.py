"""The audit log holds none of the guide's alert cases."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from k8snb.controls.audit_logging._shared import CHAPTER
from k8snb.controls.model import Example, Observation, Parameter, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.evidence.audit_log import NAME, Log, within
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node

_NODE = "apiVersion: v1\nkind: Node\nmetadata: {name: w1}\nspec: {podCIDRs: [10.244.1.0/24]}\n"
_HOURS = Parameter(
    "working_hours", str, "", "Hours of the day, in UTC, in which people work, such as 6-20; empty for not known."
)
_NETWORKS = Parameter("known_networks", list[str], [], "Networks that people come from, such as 192.0.2.0/24.")
_KNOWN = {"working_hours": "6-20", "known_networks": ["192.0.2.0/24"]}
_CASES = (
    "anonymous access",
    "commands in pods",
    "privileged pods",
    "repeated refusals",
    "mass reading of Secrets",
)


def _log(settings: Mapping[str, Any] | None = None, **changes: Any) -> Example:
    value = msgspec.to_builtins(Log(events=9, bodies=True, nodes=["w1"], hours={"09": 4}, addresses={"192.0.2.7": 4}))
    return Example(_NODE, _KNOWN if settings is None else settings, {NAME: value | changes})


@control(
    id="audit-log-findings",
    chapter=CHAPTER,
    section="Threat detection",
    severity="high",
    subject="cluster",
    reads=["nodes"],
    title="The audit log holds none of the guide's alert cases",
    why=(
        "A log that nobody reads is kept for the court. Anonymous access, commands in pods, privileged pods, floods of "
        "refusals or of Secrets: each has a harmless explanation, and somebody should know it."
    ),
    fix=(
        "Ask whoever is named what it was. Withdraw the credentials where nobody knows, and send such events to an "
        "alert."
    ),
    caution="Keep the log before anything is changed; it is evidence.",
    remedy="manual",
    evidence=["object"],
    references=References(
        nist_800_53=("AU-6", "SI-4", "IR-4"), nist_800_190=("4.4.4",), mitre=("T1078", "T1609", "T1610", "T1552.007")
    ),
    parameters=[_HOURS, _NETWORKS],
    passing=[_log()],
    failing=[
        *(_log(cases={case: {"count": 2, "examples": ["somebody get secrets"]}}) for case in _CASES),
        _log(creators={"10.244.1.9": 3}),
        _log(hours={"03": 1}),
        _log(addresses={"203.0.113.9": 1}),
    ],
)
def audit_log_findings(cluster: Cluster, parameters: Mapping[str, Any]) -> Iterator[Observation]:
    """The audit log holds none of the guide's alert cases.

    The log is brought as a file. Without bodies of requests no privileged pod is seen; without the networks of pods,
    the hours and the networks of people nobody can say who is out of place. Source: NSA/CISA Kubernetes Hardening
    Guide, "Threat detection".
    """
    fact = cluster.fact(NAME)
    if fact is None:
        told = "no audit log was given: --evidence audit.log reads one"
        yield unknown("not-collected", "audit log", "none of the guide's alert cases", told)
        return
    log = msgspec.convert(fact.value, Log)
    for name in _CASES:
        case = log.cases.get(name)
        if case is None and name == "privileged pods" and not log.bodies:
            yield unknown("not-collected", name, "no such event", "requests were recorded without their bodies")
            continue
        count = case.count if case else 0
        clause = f"{name}: {count}, first: {case.examples[0]}" if case else f"{name}: never in {log.events} events"
        yield seen(not count, f"{fact.at}: {name}", count, "no such event", clause)
    if log.malformed or not log.events:
        told = f"{log.malformed} lines are no events, and {log.events} are"
        yield unknown("malformed", fact.at, "an event on every line", told)
    yield _pods(cluster, log)
    yield _hours(log, parameters[_HOURS.name])
    yield _addresses(log, parameters[_NETWORKS.name])


def _pods(cluster: Cluster, log: Log) -> Observation:
    networks = {net for node in cluster.all(Node) for net in (*(node.spec.podCIDRs or ()), node.spec.podCIDR) if net}
    at, expected = "addresses that created pods", "no pod creates pods"
    if not log.creators:
        return seen(True, at, None, expected, "nobody created a pod")
    inside, gap = [one for one in log.creators if within(one, networks)], cluster.gap("nodes")
    if not inside and (gap or not networks):
        return unknown(gap or "not-collected", at, expected, "the networks of pods are not known")
    return seen(not inside, at, inside or None, expected, f"{inside[0]} is a pod, and created pods" if inside else "")


def _hours(log: Log, told: str) -> Observation:
    at, expected = "hours of people's requests", "within the parameter working_hours"
    hours = re.fullmatch(r"(\d\d?)-(\d\d?)", told)
    if hours is None:
        return unknown("not-configured", at, expected, "the parameter working_hours is not set, as in 6-20")
    outside = sorted(one for one in log.hours if not int(hours[1]) <= int(one) < int(hours[2]))
    return seen(
        not outside, at, outside or None, expected, f"people worked at {', '.join(outside)} UTC" if outside else ""
    )


def _addresses(log: Log, networks: list[str]) -> Observation:
    at, expected = "addresses of people", "within the parameter known_networks"
    if not networks:
        return unknown("not-configured", at, expected, "the parameter known_networks is not set")
    strange = [one for one in log.addresses if not within(one, networks)]
    return seen(not strange, at, strange[:10] or None, expected, f"people came from {strange[0]}" if strange else "")
