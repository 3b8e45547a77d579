"""No component has a known vulnerability that is fixed in another version."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from k8snb.analysis.running import Instances, Running, number
from k8snb.analysis.vulnerabilities import Entry, concerning, feed, silent
from k8snb.analysis.words import clip
from k8snb.controls.model import SEVERITIES, Example, Observation, References, Severity, seen, unknown
from k8snb.controls.registry import control
from k8snb.controls.upgrading._shared import CHAPTER, SECTION, component, node

_DAY = {"today": "2026-04-01"}
_PLANE = "".join(
    component(f"kube-{one}", "v1.33.10", "cp1") for one in ("apiserver", "controller-manager", "scheduler")
)
_MOST = 12


def _ingress(tag: str) -> str:
    head = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: door, namespace: ingress-nginx}\n"
    return f"{head}spec: {{containers: [{{name: door, image: 'registry.k8s.io/ingress-nginx/controller:{tag}'}}]}}\n"


@control(
    id="known-vulnerabilities",
    chapter=CHAPTER,
    section=SECTION,
    severity="high",
    subject="component",
    reads=["nodes", "pods"],
    data=["cves", "releases"],
    title="No component has a known vulnerability that another version fixes",
    why=(
        "Whoever looks for a way in reads the same list of vulnerabilities, with the versions that have them. "
        "A version shows to everybody who may ask for it."
    ),
    fix="Update the component to a version that has the fixes; the evidence names each vulnerability and its notice.",
    caution="Read the notices: some fixes change defaults, and some holes are in features that you do not use.",
    remedy="manual",
    evidence=["object", "probe"],
    references=References(
        nist_800_53=("RA-5", "SI-2", "SI-5"),
        nist_800_190=("3.4.1", "4.1.1", "4.5.3"),
        mitre=("T1190", "T1068", "T1611"),
    ),
    passing=[Example(_PLANE, _DAY), Example(_PLANE + _ingress("v1.15.1"), _DAY)],
    failing=[
        Example(_PLANE + _ingress("v1.11.2"), _DAY),
        Example(_PLANE + node("v1.29.6"), _DAY),
        Example(component("kube-apiserver", "v1.33.1"), _DAY),
    ],
)
def known_vulnerabilities(one: Running, parameters: Mapping[str, Any]) -> Iterator[Observation]:
    """No component has a known vulnerability that another version fixes.

    A component is judged once, with every version of it that runs. It fails by an entry of the feed that concerns a
    version and that some other version fixes. Entries that the project does not fix in any version (CVE-2020-8554,
    CVE-2020-8561, CVE-2020-8562, CVE-2021-25740, CVE-2024-7598, CVE-2025-1767) concern every cluster for ever and ask
    for measures, not for an update: they are told with the evidence and fail nothing.

    It passes only where the silence of the feed says something: the feed is complete for the component and the version,
    not older than 60 days, and made after the version came out and before its end of life (it does not say whether
    versions that nobody maintains are affected). Otherwise it is not assessed. Of components whose
    projects keep lists of their own (containerd, CoreDNS, CNI) single entries are known, so they fail or stay open.

    Source: https://kubernetes.io/docs/reference/issues-security/official-cve-feed/.
    """
    expected = f"no entry in the CVE feed of {feed().date}"
    if one.gap:
        yield unknown(one.gap, one.name, expected)
    for instances in one.instances:
        yield _judge(one.name, instances, expected, parameters["today"])


def _judge(name: str, one: Instances, expected: str, today: date) -> Observation:
    version, text, at = number(one.version), clip(one.version), _place(name, one)
    if version is None:
        told = f"{text} is no version" if one.version else "it is not told"
        return unknown("not-collected", at, expected, f"the version of {name} is not known: {told}")
    found = list(concerning(name, version, windows=one.windows))
    unfixed = [entry.id for entry in found if entry.unfixed]
    observed: dict[str, Any] = {"version": one.version, "without a fix in any version": unfixed}
    mended = sorted((entry for entry in found if not entry.unfixed), key=_worst_first)
    if mended:
        observed |= {"vulnerabilities": [_line(entry) for entry in mended]}
        clause = f"{name} {text} has {_some(mended)}"
        return seen(False, at, observed, expected, clause, severity=_worst(mended))
    why = silent(name, one.version or "", version, today)
    if why:
        return unknown("not-collected", at, expected, f"{name} {text}: {why}")
    return seen(True, at, observed, expected, f"there is no entry for {name} {text} in the CVE feed of {feed().date}")


def _some(found: list[Entry]) -> str:
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ", ".join(entry.id for entry in found[:3]) + more


def _worst(found: list[Entry]) -> Severity | None:
    """Give the severity of the worst, and the control's where one that is not rated may be worse."""
    rated = [entry.severity for entry in found if entry.severity]
    return rated[0] if rated and (rated[0] == "critical" or len(rated) == len(found)) else None


def _worst_first(entry: Entry) -> tuple[int, str]:
    return (SEVERITIES.index(entry.severity) if entry.severity else len(SEVERITIES), entry.id)


def _line(entry: Entry) -> str:
    fixed = ", ".join(one.fixed or f"the next after {one.last}" for one in entry.affected)
    return f"{entry.id} ({entry.severity or 'not rated'}): {entry.summary}; fixed in {fixed}; {entry.url}"


def _place(name: str, one: Instances) -> str:
    more = f" and {len(one.where) - _MOST} more" if len(one.where) > _MOST else ""
    return f"{name} on {', '.join(map(clip, one.where[:_MOST]))}{more}" if one.where else name
