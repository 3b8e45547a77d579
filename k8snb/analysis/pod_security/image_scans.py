"""Vulnerability scans of images: reports in the cluster, and files of Trivy, Grype and SARIF."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from weakref import WeakKeyDictionary

import msgspec

from k8snb.analysis.images import Image, parse
from k8snb.analysis.pod_security.scan_files import read
from k8snb.analysis.pod_security.scan_model import SEVERITIES, Scan, counted, day
from k8snb.inventory.cluster import Cluster
from k8snb.resources.admission import VulnerabilityReport

Index = Mapping[str, Sequence[Scan]]
_known: WeakKeyDictionary[Cluster, tuple[tuple[tuple[str, int], ...], Index]] = WeakKeyDictionary()


def newest(cluster: Cluster, paths: Sequence[str], image: Image) -> list[Scan]:
    """Give the newest scans of an image: one, or several of the same day.

    A scan is of an image if it has its digest; of an image without a digest, also if it has its tag.

    Args:
        cluster: The inventory; its VulnerabilityReports count.
        paths: Files of Trivy, Grype or SARIF, as JSON.
        image: The image.

    Raises:
        UsageError: if a file cannot be read or is none of these.
    """
    key = image.digest or f"{image.name}:{image.tag or 'latest'}"
    found = _index(cluster, tuple(paths)).get(key, ())
    last = max((scan.day or date.min for scan in found), default=None)
    return [scan for scan in found if (scan.day or date.min) == last]


def _index(cluster: Cluster, paths: tuple[str, ...]) -> Index:
    stamps = tuple(map(_stamp, paths))
    known = _known.get(cluster)
    if known is None or known[0] != stamps:
        scans = [*map(_of_report, cluster.all(VulnerabilityReport)), *(scan for path in paths for scan in read(path))]
        known = _known[cluster] = (stamps, _by_key(scans))
    return known[1]


def _stamp(path: str) -> tuple[str, int]:
    """Give what changes when a file does; reading it tells what is wrong with one that is not there."""
    try:
        return path, Path(path).stat().st_mtime_ns
    except OSError:
        return path, 0


def _by_key(scans: Iterable[Scan]) -> Index:
    index: dict[str, list[Scan]] = {}
    for scan in scans:
        for key in scan.keys:
            index.setdefault(key, []).append(scan)
    return index


def _of_report(report: VulnerabilityReport) -> Scan:
    """Read a VulnerabilityReport of the Trivy Operator (`aquasecurity.github.io/v1alpha1`)."""
    content, artifact = report.report, report.report.artifact
    keys: list[str] = []
    if artifact and artifact.repository:
        server = content.registry.server if content.registry and content.registry.server else "docker.io"
        image = parse(f"{server}/{artifact.repository}")
        keys = [f"{image.name}:{artifact.tag}"] if image and artifact.tag else []
        keys += [artifact.digest] if artifact.digest else []
    where = f"VulnerabilityReport {report.namespace}/{report.name}"
    return Scan(tuple(keys), day(content.updateTimestamp), _counts(report), where)


def _counts(report: VulnerabilityReport) -> Mapping[str, int] | None:
    summary, listed = report.report.summary, report.report.vulnerabilities
    if summary is None and listed is None:
        return None
    counts = counted(one.severity for one in listed or ())
    summed = msgspec.structs.asdict(summary) if summary else {}
    return {name: max(counts[name], summed.get(f"{name}Count") or 0) for name in SEVERITIES}
