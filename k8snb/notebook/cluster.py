"""What the cluster is, as the notebooks show it."""

from collections import Counter
from datetime import date

from k8snb.analysis import releases
from k8snb.analysis.components import api_servers
from k8snb.analysis.namespaces import namespaces as namespaces_of
from k8snb.analysis.pod_security import LEVELS, NamespaceLevel
from k8snb.analysis.pod_security import levels as levels_of
from k8snb.display import timeline
from k8snb.display.shown import Shown
from k8snb.display.words import number
from k8snb.languages import _
from k8snb.notebook.chapter import Chapter
from k8snb.notebook.tables import Row, rows_table
from k8snb.resources.core import Node, Service
from k8snb.resources.network import NetworkPolicy

ENFORCE = "pod-security.kubernetes.io/enforce"


def nodes(chapter: Chapter) -> Shown:
    """Give the nodes with their roles and what runs on them."""
    rows = sorted(map(_node, chapter.cluster.all(Node)), key=lambda row: (row["roles"] == ["worker"], row["name"]))
    planes = sum("control-plane" in row["roles"] for row in rows)
    told = f"{number(len(rows), 'node')}, {planes} of them for the control plane." if rows else ""
    return rows_table(rows, none="No node was listed.", everything="cluster.nodes().to_frame()", told=told)


def _node(one: Node) -> Row:
    info = one.status.nodeInfo if one.status else None
    return {
        "name": one.name,
        "roles": list(one.roles),
        "kubelet": info and info.kubeletVersion,
        "runtime": info and info.containerRuntimeVersion,
        "operating system": info and info.osImage,
        "kernel": info and info.kernelVersion,
        "taints": [f"{taint.key}:{taint.effect}" for taint in one.spec.taints or ()] or None,
    }


def namespaces(chapter: Chapter) -> Shown:
    """Give the namespaces with what lives in them."""
    cluster = chapter.cluster
    found = namespaces_of(cluster)
    rows = [
        {
            "namespace": one.name,
            "workloads": len(one.workloads),
            "pods": sum(workload.pods for workload in one.workloads),
            "services": len(cluster.all(Service, one.name)),
            "network policies": len(cluster.all(NetworkPolicy, one.name)),
            "enforced level": one.labels.get(ENFORCE, ""),
        }
        for one in found
    ]
    told = f"{number(sum(len(one.workloads) for one in found), 'workload')} in {number(len(rows), 'namespace')}."
    return rows_table(rows, none="No namespace was seen.", everything="cluster.namespaces().to_frame()", told=told)


def levels(chapter: Chapter) -> Shown:
    """Give every namespace with workloads: the level that is enforced, and the level that all of it satisfies."""
    found = [one for one in levels_of(chapter.cluster) if one.workloads]
    rows = [_level(one) for one in found]
    ready = sum(one.level == "restricted" for one in found)
    told = f"{ready} of {number(len(rows), 'namespace')} with workloads could enforce restricted today."
    return rows_table(rows, none="Nothing runs here.", everything="levels(cluster)", told=told)


def _level(one: NamespaceLevel) -> Row:
    counts: Counter[str] = Counter(workload.level or "unknown" for workload in one.workloads)
    return {
        "namespace": one.name,
        "enforces": one.enforce or _("nothing"),
        "warns": one.warn or _("nothing"),
        "satisfies": one.level or _("unknown"),
        **{f"{level} workloads": counts[level] for level in LEVELS},
        "unknown": counts["unknown"] or None,
    }


def versions(chapter: Chapter) -> Shown:
    """Give the version of every API server and kubelet with how many run it and when its maintenance ends."""
    cluster = chapter.cluster
    kubelets = Counter(
        one.status.nodeInfo.kubeletVersion or "" for one in cluster.all(Node) if one.status and one.status.nodeInfo
    )
    servers = Counter(one.version or "" for one in api_servers(cluster))
    rows = [
        {
            "component": _(component),
            "version": version or _("unknown"),
            "running": count,
            "maintained until": _until(version),
        }
        for component, counts in (("API server", servers), ("kubelet", kubelets))
        for version, count in sorted(counts.items(), reverse=True)
    ]
    data = releases.releases()
    told = f"Release dates are of {data.date}, from {data.source}."
    return rows_table(rows, none="No version was seen.", everything="cluster.nodes().to_frame()", told=told)


def version_timeline(chapter: Chapter) -> Shown:
    """Give the minor releases with their ends of life, seen from the day of the run, and what runs of each."""
    kubelets = [
        one.status.nodeInfo.kubeletVersion for one in chapter.cluster.all(Node) if one.status and one.status.nodeInfo
    ]
    seen = (one.version or chapter.cluster.version for one in api_servers(chapter.cluster))
    servers = [version for version in seen if version]
    counts: dict[str, list[str]] = {}
    for minor, count in Counter(map(_minor, servers)).items():
        counts.setdefault(minor, []).append(number(count, "API server"))
    for minor, count in Counter(map(_minor, kubelets)).items():
        counts.setdefault(minor, []).append(number(count, "kubelet"))
    today = date.fromisoformat(str(chapter.result.record.parameters["today"]))
    unknown = "" if servers else f" {_('The version of the API server is not known.')}"
    told = _(f"Ends of life as of {releases.releases().date}, seen from {today}.") + unknown
    named = {minor or _("unknown"): here for minor, here in counts.items()}
    return timeline.timeline(releases.releases().minors, named, today, told)


def _minor(text: str | None) -> str:
    version = releases.parse(text)
    return f"{version.major}.{version.minor}" if version else ""


def _until(text: str) -> str:
    version = releases.parse(text)
    minor = releases.find(version) if version else None
    return minor.end_of_life.isoformat() if minor else _("unknown")
