"""The audit policy records what the guide wants recorded."""

from collections.abc import Iterator, Mapping
from typing import Any

from k8snb.analysis.audit_policy import FACT, LEVELS, level, policy_of, wanted
from k8snb.controls.audit_logging._shared import API_AUDIT, CHAPTER
from k8snb.controls.model import Example, Observation, Parameter, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster

_EXPECTED = "Metadata or more"
_FILE = Parameter("audit_policy", str, "", "File of the API server's audit policy; empty for none.")


def _policy(*rules: dict[str, Any]) -> Example:
    value = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": list(rules)}
    return Example("", facts={FACT: value})


@control(
    id="audit-policy-coverage",
    chapter=CHAPTER,
    section=API_AUDIT,
    severity="high",
    subject="cluster",
    reads=[],
    title="The audit policy records what the guide wants recorded",
    why=(
        "An audit log is as good as its policy: rules are read in order, and one None in front of them hides what "
        "comes later. What was not recorded cannot be investigated."
    ),
    fix=(
        "Begin with a last rule of level Metadata for everything, and let rules of level None before it name only what "
        "is read often and tells nothing, such as watches of the controllers."
    ),
    caution="Never record Secrets, ConfigMaps or token reviews above Metadata: the log would hold what is in them.",
    remedy="manual",
    evidence=["object"],
    references=References(
        cis=("3.2.2",),
        nist_800_53=("AU-2", "AU-3", "AU-12"),
        nist_800_190=("4.4.4",),
        mitre=("T1685",),
        kubescape=("C-0161",),
        kube_bench=("3.2.2",),
    ),
    parameters=[_FILE],
    passing=[
        _policy({"level": "Metadata"}),
        _policy({"level": "None", "users": ["system:kube-proxy"], "verbs": ["watch"]}, {"level": "Metadata"}),
    ],
    failing=[
        _policy(),
        _policy({"level": "None", "resources": [{"group": "", "resources": ["pods/*"]}]}, {"level": "Metadata"}),
        _policy({"level": "None", "userGroups": ["system:masters"]}, {"level": "Metadata"}),
    ],
)
def audit_policy_coverage(cluster: Cluster, parameters: Mapping[str, Any]) -> Iterator[Observation]:
    """The audit policy records what the guide wants recorded, whoever does it: a simulation, event by event."""
    found = policy_of(cluster, parameters[_FILE.name])
    if found is None:
        clause = "the API server does not tell its audit policy; set the parameter audit_policy to its file"
        yield unknown("not-configured", "audit policy", _EXPECTED, clause)
        return
    hidden = [event.title for event in wanted() if LEVELS.index(level(found, event)) < LEVELS.index("Metadata")]
    for title in hidden:
        yield seen(False, f"audit policy: {title}", "None", _EXPECTED, f"not recorded: {title}")
    if not hidden:
        yield seen(True, "audit policy", "Metadata or more", _EXPECTED, "every event that the guide wants is recorded")
