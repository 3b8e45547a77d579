"""VulnerabilityReports as the Trivy Operator writes them, one for each container of a scanned image."""

from typing import Any

from k8snb.sources.demo.company import document, full_name, split_tag
from k8snb.sources.demo.seeds import before, digest, number, uid

Json = dict[str, Any]

_COUNTS = {
    "clean": {"criticalCount": 0, "highCount": 0, "mediumCount": 2, "lowCount": 11},
    "stale": {"criticalCount": 0, "highCount": 1, "mediumCount": 4, "lowCount": 9},
    "critical": {"criticalCount": 1, "highCount": 1, "mediumCount": 0, "lowCount": 0},
}
_FOUND = {
    "CRITICAL": ("CVE-2023-45853", "zlib1g", "1:1.2.13.dfsg-1", "integer overflow in zipOpenNewFileInZip4_6", 9.8),
    "HIGH": ("CVE-2023-44487", "nghttp2", "1.52.0-1", "HTTP/2 rapid reset", 7.5),
}
_SCANNER = {"name": "Trivy", "vendor": "Aqua Security", "version": "0.67.2"}


def reports(workloads: list[Json]) -> list[Json]:
    """Give the reports for what runs.

    Args:
        workloads: ReplicaSets, StatefulSets and DaemonSets; those without replicas are not scanned.
    """
    table = {image: state for state, images in document("company/scans.yaml").items() for image in images}
    return [
        _report(one, container, table[container["image"]])
        for one in workloads
        if one["spec"].get("replicas", 1)
        for container in [
            *one["spec"]["template"]["spec"].get("initContainers", ()),
            *one["spec"]["template"]["spec"]["containers"],
        ]
        if container["image"] in table
    ]


def _report(one: Json, container: Json, state: str) -> Json:
    meta, kind = one["metadata"], one["kind"]
    when = before(days=75 if state == "stale" else 2, minutes=number(1440, meta["name"], container["name"]))
    reference = {"apiVersion": one["apiVersion"], "kind": kind, "name": meta["name"], "blockOwnerDeletion": False}
    labels = {
        "trivy-operator.container.name": container["name"],
        "trivy-operator.resource.kind": kind,
        "trivy-operator.resource.name": meta["name"],
        "trivy-operator.resource.namespace": meta["namespace"],
        "resource-spec-hash": digest("spec", meta["name"])[:10],
    }
    return {
        "apiVersion": "aquasecurity.github.io/v1alpha1",
        "kind": "VulnerabilityReport",
        "metadata": {
            "name": f"{kind.lower()}-{meta['name']}-{container['name']}",
            "namespace": meta["namespace"],
            "creationTimestamp": when,
            "labels": labels,
            "annotations": {"trivy-operator.aquasecurity.github.io/report-ttl": "24h0m0s"} if state != "stale" else {},
            "ownerReferences": [reference | {"controller": True, "uid": uid(kind, meta["namespace"], meta["name"])}],
        },
        "report": _content(container["image"], state, when),
    }


def _content(image: str, state: str, when: str) -> Json:
    name, _, pinned = image.partition("@")
    repository, tag = split_tag(full_name(name))
    server, _, path = repository.partition("/")
    artifact = {"repository": path, "tag": tag} | ({"digest": pinned} if pinned else {})
    found = [_vulnerability(severity) for severity in _FOUND if _COUNTS[state][f"{severity.lower()}Count"]]
    return {
        "updateTimestamp": when,
        "scanner": dict(_SCANNER),
        "registry": {"server": "index.docker.io" if server == "docker.io" else server},
        "os": {"family": "debian", "name": "12.12"},
        "artifact": artifact,
        "summary": _COUNTS[state] | {"noneCount": 0, "unknownCount": 0},
        "vulnerabilities": found,
    }


def _vulnerability(severity: str) -> Json:
    identity, package, version, title, score = _FOUND[severity]
    return {
        "vulnerabilityID": identity,
        "resource": package,
        "installedVersion": version,
        "fixedVersion": "",
        "severity": severity,
        "title": title,
        "score": score,
        "primaryLink": f"https://avd.aquasec.com/nvd/{identity.lower()}",
        "publishedDate": "2023-10-14T02:15:00Z",
        "lastModifiedDate": "2025-02-13T17:15:00Z",
        "target": "",
        "links": [],
    }
