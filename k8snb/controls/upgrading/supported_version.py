"""The cluster's minor release is maintained."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from k8snb.analysis.releases import Version, find, older_than_all, releases
from k8snb.controls.model import Example, Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.controls.upgrading._shared import CHAPTER, SECTION, component, server_versions
from k8snb.inventory.cluster import Cluster

_NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
_DAY = {"today": "2026-11-16"}


@control(
    id="supported-version",
    chapter=CHAPTER,
    section=SECTION,
    severity="critical",
    subject="cluster",
    reads=["pods"],
    data=["releases"],
    title="The Kubernetes minor release is still maintained",
    why=(
        "A minor release gets fixes for about 14 months. After its end of life, holes that are found stay open, "
        "and are "
        "published all the same."
    ),
    fix=(
        "Upgrade the control plane minor by minor, then the nodes, to a release that is maintained. "
        "Check removed APIs before each step."
    ),
    caution="Each minor release removes APIs and flags. Rehearse on a copy, and have a backup of etcd.",
    remedy="manual",
    evidence=["probe", "object"],
    references=References(
        nist_800_53=("SA-22", "SI-2"),
        nist_800_190=("3.4.1", "4.3.5"),
        mitre=("T1190", "T1068"),
        kubescape=("C-0273",),
    ),
    passing=[
        Example(_NAMESPACE, _DAY, {"version": {"gitVersion": "v1.35.9"}}),
        Example(component("kube-apiserver", "v1.37.2"), _DAY),
    ],
    failing=[
        Example(_NAMESPACE, _DAY, {"version": {"gitVersion": "v1.34.13"}}),
        Example(_NAMESPACE, _DAY, {"version": {"gitVersion": "v1.21.5+k3s1"}}),
    ],
)
def supported_version(cluster: Cluster, parameters: Mapping[str, Any]) -> Iterator[Observation]:
    """The Kubernetes minor release is still maintained on the day of the run.

    Source: https://kubernetes.io/releases/; a vendor's extended support is not counted.
    """
    versions = server_versions(cluster)
    if not versions:
        clause = "the version of the API server is not known"
        gap = cluster.gap("pods", "kube-system")
        yield unknown(gap.cause if gap else "not-collected", "version", "a minor release that is maintained", clause)
    for version in versions:
        yield _judge(version, parameters["today"])


def _judge(version: Version, today: date) -> Observation:
    made = releases().date
    minor, expected = find(version), f"a minor release that is maintained on {today} (releases as of {made})"
    if minor:
        holds = today <= minor.end_of_life
        told = (
            f"is maintained until {minor.end_of_life}" if holds else f"reached its end of life on {minor.end_of_life}"
        )
        return seen(holds, "version", str(version), expected, f"Kubernetes {minor.minor} {told}", source="probe")
    if older_than_all(version):
        clause = f"Kubernetes {version} reached its end of life before {releases().minors[0].end_of_life}"
        return seen(False, "version", str(version), expected, clause, source="probe")
    clause = f"{version} is newer than the releases that are known ({made})"
    return unknown("not-collected", "version", expected, clause)
