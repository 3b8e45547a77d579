"""Scans of the cluster itself that left a trace: by Jobs and CronJobs of known scanners, reports, and files."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from k8snb.analysis.agents import repository
from k8snb.data import Dated, load
from k8snb.errors import UsageError
from k8snb.inventory.cluster import Cluster
from k8snb.resources.admission import ClusterComplianceReport, VulnerabilityReport
from k8snb.resources.workload import CronJob, Job, PodTemplateSpec

What = Literal["benchmark", "vulnerabilities", "penetration"]


class Scanner(msgspec.Struct, frozen=True):
    """A scanner.

    Attributes:
        name: Its name.
        image: Regular expression that its image's repository matches.
        does: What it does.
    """

    name: str
    image: str
    does: tuple[What, ...]

    def __post_init__(self) -> None:
        re.compile(self.image)


class Scanners(Dated, frozen=True):
    """The scanners that are known."""

    scanners: tuple[Scanner, ...]


class Trace(msgspec.Struct, frozen=True):
    """A scan that was made.

    Attributes:
        what: Its kind.
        day: When it ended; None where it is scheduled and never did.
        where: What tells of it; untrusted text.
    """

    what: What
    day: date | None
    where: str


@cache
def _known() -> Scanners:
    return load("scanners", Scanners)


def traces(cluster: Cluster, paths: Sequence[str]) -> Iterator[Trace]:
    """Give every trace of a scan.

    Args:
        cluster: The inventory.
        paths: JSON files of kube-bench, kubescape or Trivy.

    Raises:
        UsageError: if a file cannot be read or is none of these.
    """
    for job in cluster.all(Job):
        if job.status and job.status.completionTime:
            yield from _run(job.template, job.status.completionTime, f"Job/{job.namespace}/{job.name}")
    for one in cluster.all(CronJob):
        last = one.status.lastSuccessfulTime if one.status else None
        yield from _run(one.template, last, f"CronJob/{one.namespace}/{one.name}")
    for report in cluster.all(ClusterComplianceReport):
        updated = report.status.updateTimestamp if report.status else None
        if updated and "cis" in ((report.spec.compliance and report.spec.compliance.id) or report.name).lower():
            yield Trace("benchmark", _day(updated), f"ClusterComplianceReport/{report.name}")
    days = (_day(one.report.updateTimestamp) for one in cluster.all(VulnerabilityReport))
    newest = max((day for day in days if day), default=None)
    if newest:
        yield Trace("vulnerabilities", newest, "VulnerabilityReports")
    yield from map(_file, paths)


def _run(template: PodTemplateSpec | None, ended: str | None, where: str) -> Iterator[Trace]:
    spec = template.spec if template else None
    for box in (*((spec and spec.containers) or ()), *((spec and spec.initContainers) or ())):
        name = repository(box.image or "")
        for scanner in _known().scanners:
            if re.search(scanner.image, name):
                yield from (Trace(what, _day(ended), f"{where} ({scanner.name})") for what in scanner.does)


def _day(text: str | None) -> date | None:
    try:
        return datetime.fromisoformat(text).date() if text else None
    except ValueError:
        return None


def _file(path: str) -> Trace:
    """Read what a scanner wrote: its date is that in the file, else (kube-bench writes none) that of the file."""
    try:
        content: Any = msgspec.json.decode(Path(path).read_bytes())
        written = datetime.fromtimestamp(Path(path).stat().st_mtime, UTC).date()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.", "Check the parameter scan_reports.") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise UsageError(f"{path} is no JSON.", "Let the scanner write JSON.") from error
    first = content[0] if isinstance(content, list) and content else content
    found: dict[str, Any] = first if isinstance(first, dict) else {}
    if "Controls" in found:
        return Trace("benchmark", written, f"{path} (kube-bench)")
    if "summaryDetails" in found:
        return Trace("benchmark", _day(_text(found, "generationTime")) or written, f"{path} (kubescape)")
    if "CreatedAt" in found or "SchemaVersion" in found or "ClusterName" in found:
        return Trace("vulnerabilities", _day(_text(found, "CreatedAt")) or written, f"{path} (Trivy)")
    raise UsageError(f"{path} is no report of kube-bench, kubescape or Trivy.", "Attest other scans.")


def _text(found: dict[str, Any], key: str) -> str | None:
    value = found.get(key)
    return value if isinstance(value, str) else None
