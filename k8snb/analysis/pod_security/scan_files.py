"""Scan results in files: Trivy's and Grype's JSON, and SARIF."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from k8snb.analysis.images import parse
from k8snb.analysis.pod_security.scan_model import Scan, counted, day
from k8snb.errors import UsageError

_HINT = "image_scans takes JSON of `trivy image -f json`, `grype -o json`, or SARIF of an image."
_PACKAGES = {"os-pkgs", "lang-pkgs"}


class _Finding(msgspec.Struct):
    severity: str | None = msgspec.field(default=None, name="Severity")


class _TrivyResult(msgspec.Struct):
    type: str | None = msgspec.field(default=None, name="Class")
    findings: list[_Finding] | None = msgspec.field(default=None, name="Vulnerabilities")


class _TrivyMetadata(msgspec.Struct):
    tags: list[str] | None = msgspec.field(default=None, name="RepoTags")
    digests: list[str] | None = msgspec.field(default=None, name="RepoDigests")


class _Trivy(msgspec.Struct):
    name: str = msgspec.field(name="ArtifactName")
    created: str | None = msgspec.field(default=None, name="CreatedAt")
    metadata: _TrivyMetadata | None = msgspec.field(default=None, name="Metadata")
    results: list[_TrivyResult] | None = msgspec.field(default=None, name="Results")


class _GrypeVulnerability(msgspec.Struct):
    severity: str | None = None


class _GrypeMatch(msgspec.Struct):
    vulnerability: _GrypeVulnerability


class _GrypeTarget(msgspec.Struct):
    userInput: str | None = None
    tags: list[str] | None = None
    repoDigests: list[str] | None = None


class _GrypeSource(msgspec.Struct):
    target: _GrypeTarget


class _GrypeDescriptor(msgspec.Struct):
    timestamp: str | None = None


class _Grype(msgspec.Struct):
    matches: list[_GrypeMatch]
    source: _GrypeSource
    descriptor: _GrypeDescriptor | None = None


class _SarifRule(msgspec.Struct):
    id: str | None = None
    properties: dict[str, Any] | None = None


class _SarifDriver(msgspec.Struct):
    rules: list[_SarifRule] | None = None


class _SarifTool(msgspec.Struct):
    driver: _SarifDriver


class _SarifResult(msgspec.Struct):
    ruleId: str | None = None
    suppressions: list[Any] | None = None


class _SarifInvocation(msgspec.Struct):
    startTimeUtc: str | None = None
    endTimeUtc: str | None = None


class _SarifProperties(msgspec.Struct):
    imageName: str | None = None
    repoTags: list[str] | None = None
    repoDigests: list[str] | None = None


class _SarifRun(msgspec.Struct):
    tool: _SarifTool
    results: list[_SarifResult]
    invocations: list[_SarifInvocation] | None = None
    properties: _SarifProperties | None = None


class _Sarif(msgspec.Struct):
    runs: list[_SarifRun]


def read(path: str) -> Sequence[Scan]:
    """Read the scans of a file.

    Args:
        path: A file of Trivy (`trivy image -f json`), Grype (`grype -o json`) or SARIF 2.1.0 with `imageName`.

    Raises:
        UsageError: if the file cannot be read, or is none of these.
    """
    try:
        data = Path(path).read_bytes()
        return list(_scans(msgspec.json.decode(data), path))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.", _HINT) from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise UsageError(f"{path} is no scan result ({error}).", _HINT) from error


def _scans(content: Any, path: str) -> Iterable[Scan]:
    keys = set(content) if isinstance(content, dict) else set()
    if "runs" in keys:
        return _sarif(msgspec.convert(content, _Sarif), path)
    if "matches" in keys:
        return [_grype(msgspec.convert(content, _Grype), path)]
    if "ArtifactName" in keys:
        return [_trivy(msgspec.convert(content, _Trivy), path)]
    raise UsageError(f"{path} is no scan result of an image.", _HINT)


def _trivy(report: _Trivy, path: str) -> Scan:
    metadata = report.metadata or _TrivyMetadata()
    results = [one for one in report.results or () if one.type in _PACKAGES or one.findings]
    counts = counted(finding.severity for one in results for finding in one.findings or ())
    named = [report.name, *(metadata.tags or ()), *(metadata.digests or ())]
    return Scan(_keys(named, path), day(report.created), counts if results else None, path)


def _grype(report: _Grype, path: str) -> Scan:
    target, made = report.source.target, report.descriptor.timestamp if report.descriptor else None
    named = [target.userInput or "", *(target.tags or ()), *(target.repoDigests or ())]
    return Scan(_keys(named, path), day(made), counted(one.vulnerability.severity for one in report.matches), path)


def _sarif(report: _Sarif, path: str) -> Iterator[Scan]:
    for run in report.runs:
        properties = run.properties or _SarifProperties()
        named = [properties.imageName or "", *(properties.repoTags or ()), *(properties.repoDigests or ())]
        rules = {rule.id: rule.properties or {} for rule in run.tool.driver.rules or ()}
        open_ones = [one for one in run.results if not one.suppressions]
        counts = counted(_severity(rules.get(one.ruleId, {})) for one in open_ones)
        times = [one.endTimeUtc or one.startTimeUtc for one in run.invocations or ()]
        yield Scan(_keys(named, path), day(max((one for one in times if one), default=None)), counts, path)


def _severity(properties: Mapping[str, Any]) -> str:
    """Give the severity of `security-severity`, a CVSS score; a result without one counts as critical."""
    try:
        score = float(properties.get("security-severity", 10))
    except (TypeError, ValueError):
        return "critical"
    bounds = ((0.1, "none"), (4.0, "low"), (7.0, "medium"), (9.0, "high"))
    return next((word for bound, word in bounds if score < bound), "critical")


def _keys(named: Iterable[str], path: str) -> tuple[str, ...]:
    images = [image for one in named if (image := parse(one))]
    keys = {f"{one.name}:{one.tag or 'latest'}" for one in images if one.tag or not one.digest}
    keys |= {one.digest for one in images if one.digest}
    if not keys:
        raise UsageError(f"{path} does not say which image was scanned.", _HINT)
    return tuple(sorted(keys))
