"""Pod Security levels of namespaces and of the workloads in them."""

from collections.abc import Mapping, Sequence

import msgspec

from k8snb.analysis.namespaces import NamespaceView, namespaces
from k8snb.analysis.pod_security.model import LEVELS, Level
from k8snb.analysis.pod_security.registry import level
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.pod import PodTemplate

LABEL = "pod-security.kubernetes.io/"


class WorkloadLevel(msgspec.Struct, frozen=True):
    """A workload with the strictest level that would admit its pods; None where it has no container to judge."""

    workload: Workload
    level: Level | None


class NamespaceLevel(msgspec.Struct, frozen=True):
    """A namespace, what its labels ask for, and what its workloads satisfy.

    Attributes:
        name: Its name.
        enforce: Value of the label; None if it is not set. Untrusted text.
        enforce_version: Value of the label; None if it is not set. Untrusted text.
        audit: Value of the label; None if it is not set. Untrusted text.
        warn: Value of the label; None if it is not set. Untrusted text.
        level: The strictest level that admits every workload; None where nothing, or something unknown, runs there.
        workloads: What runs there.
    """

    name: str
    enforce: str | None
    enforce_version: str | None
    audit: str | None
    warn: str | None
    level: Level | None
    workloads: Sequence[WorkloadLevel]


def levels(cluster: Cluster, version: str = "latest") -> list[NamespaceLevel]:
    """Give every namespace with its labels and the level that its workloads satisfy.

    Args:
        cluster: The inventory.
        version: Version of the standards, `latest` or `v1.35`.

    Raises:
        UsageError: if there is no such version.
    """
    known: dict[PodTemplate, Level | None] = {}
    return [
        _namespace(view, [_workload(one, version, known) for one in view.workloads]) for view in namespaces(cluster)
    ]


def _workload(workload: Workload, version: str, known: dict[PodTemplate, Level | None]) -> WorkloadLevel:
    template = workload.template
    if template not in known:
        known[template] = level(template, version) if any(True for _ in template.containers()) else None
    return WorkloadLevel(workload, known[template])


def _namespace(view: NamespaceView, workloads: Sequence[WorkloadLevel]) -> NamespaceLevel:
    labels: Mapping[str, str] = view.labels
    enforce, version, audit, warn = (
        labels.get(f"{LABEL}{mode}") for mode in ("enforce", "enforce-version", "audit", "warn")
    )
    common = _common([one.level for one in workloads])
    return NamespaceLevel(view.name, enforce, version, audit, warn, common, workloads)


def _common(found: Sequence[Level | None]) -> Level | None:
    known = [one for one in found if one is not None]
    return min(known, key=LEVELS.index) if known and len(known) == len(found) else None
