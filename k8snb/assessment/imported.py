"""Where a control could not look itself: what a provider's export or a benchmark run says.

They are weaker than what the cluster tells itself: they decide what is open, and are told where they differ.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from k8snb.analysis import benchmarks
from k8snb.analysis.observed import EXPORT, answer
from k8snb.assessment.verdict import Verdict, verdict
from k8snb.controls.model import EvidenceSource, Observation, seen, unknown
from k8snb.evidence import kube_bench
from k8snb.inventory.cluster import Cluster

_Judge = Callable[[Any], bool | None]
_SAYS: Mapping[str, tuple[str, _Judge, str]] = {
    "api-server-anonymous-auth": ("anonymous", lambda value: not value, "limited to health checks"),
    "audit-logging-enabled": ("audit", bool, "audit events are kept"),
    "no-static-credentials": ("static", lambda value: not value, "none is issued"),
    "rbac-enabled": ("rbac", bool, "RBAC alone decides"),
    "secrets-encrypted-at-rest": ("encryption", lambda value: value != "identity", "Secrets are encrypted"),
    "secrets-kms": ("encryption", lambda value: {"kms v2": True, "kms": None}.get(value, False), "KMS v2"),
    "strong-user-authentication": ("authentication", bool, "an identity provider"),
}
"""Controls that an export answers: by which answer, whether it passes (None: it does not tell), and what would."""


def brought(cluster: Cluster) -> bool:
    """Say whether there is anything imported."""
    return any(fact.name == EXPORT or fact.name.startswith(kube_bench.NAME) for fact in cluster.facts)


def answering(control: str) -> tuple[EvidenceSource, ...]:
    """Give the imports that can answer a control, what counts first in front."""
    found: dict[EvidenceSource, bool] = {
        "provider": control in _SAYS,
        "benchmark": control in benchmarks.known().controls,
    }
    return tuple(source for source, answers in found.items() if answers)


def considered(cluster: Cluster, control: str, subject: object, found: Verdict) -> Verdict:
    """Give the verdict of a control, with what was imported.

    Args:
        cluster: The inventory.
        control: Id of the control.
        subject: What was judged.
        found: What the control says.

    Returns:
        The verdict of the imports where the control could not tell; else its own, with a word where they differ.
    """
    if found.status == "not-applicable":
        return found
    for observations in (_exported(cluster, control), _benchmarked(cluster, control, subject)):
        imported = verdict(observations)
        if imported.status == "not-applicable":
            continue
        if found.status == "not-assessed":
            return imported
        if imported.status in {"pass", "fail"} and imported.status != found.status:
            differs = f"{found.message} (otherwise: {imported.message}; what the cluster itself tells counts)"
            return msgspec.structs.replace(found, message=differs)
    return found


def _exported(cluster: Cluster, control: str) -> Iterator[Observation]:
    key, holds, expected = _SAYS.get(control, ("", bool, ""))
    told = answer(cluster, key) if key else None
    if told is None:
        return
    word = "nothing" if told.value is None else str(told.value).lower()
    clause, passes = f"{told.provider} says of {key}: {word[:120]}", holds(told.value)
    if passes is None:
        yield unknown("not-collected", told.at, expected, clause)
    else:
        yield seen(passes, told.at, told.value, expected, clause, source="provider")


def _benchmarked(cluster: Cluster, control: str, subject: object) -> Iterator[Observation]:
    told = benchmarks.told(cluster, control, subject)
    for node, one in told.results if told else ():
        clause = f"kube-bench on {node[:120]}: {one.status} {one.number} {one.text}"
        holds = one.status == "PASS"
        yield seen(
            holds, f"kube-bench {one.number} on {node}", one.observed or one.status, "PASS", clause, source="benchmark"
        )
