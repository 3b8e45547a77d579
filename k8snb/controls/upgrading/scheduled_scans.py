"""The cluster is benchmarked, scanned for vulnerabilities and tested at intervals."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from k8snb.analysis.scanners import Trace, What, traces
from k8snb.controls.model import Example, Observation, Parameter, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.controls.upgrading._shared import CHAPTER, SECTION
from k8snb.inventory.cluster import Cluster
from k8snb.sources.stream import Gap

REPORTS = Parameter(
    "scan_reports", list[str], [], "Files of scans of the cluster: JSON of kube-bench, kubescape or Trivy, by commas."
)
BENCHMARK = Parameter("benchmark_max_age_days", int, 90, "Days after which a CIS benchmark run is too old.")
VULNERABILITIES = Parameter("vulnerability_scan_max_age_days", int, 30, "Days after which such a scan is too old.")
PENETRATION = Parameter("penetration_test_max_age_days", int, 365, "Days after which a penetration test is too old.")


class _Wanted(msgspec.Struct, frozen=True):
    """A kind of scan: its name, the parameter of its age, and what must be listed to know that there was none."""

    what: What
    name: str
    age: Parameter
    sources: tuple[str, ...]


_WANTED = (
    _Wanted("benchmark", "CIS benchmark run", BENCHMARK, ("jobs", "cronjobs", "clustercompliancereports")),
    _Wanted("vulnerabilities", "vulnerability scan", VULNERABILITIES, ("jobs", "cronjobs", "vulnerabilityreports")),
    _Wanted("penetration", "penetration test", PENETRATION, ("jobs", "cronjobs")),
)
_DAY = {"today": "2026-04-01"}


def _cron(image: str, day: str) -> str:
    return f"""\
---
apiVersion: batch/v1
kind: CronJob
metadata: {{name: {image.rpartition("/")[2]}, namespace: security}}
spec:
  schedule: "0 3 * * 0"
  jobTemplate: {{spec: {{template: {{spec: {{containers: [{{name: scan, image: '{image}:1'}}]}}}}}}}}
status: {{lastSuccessfulTime: '{day}T03:10:00Z'}}
"""


_ALL = _cron("aquasec/kube-bench", "2026-03-29") + _cron("aquasec/trivy", "2026-03-29")


@control(
    id="scheduled-scans",
    chapter=CHAPTER,
    section=SECTION,
    severity="medium",
    subject="cluster",
    reads=["jobs", "cronjobs", "vulnerabilityreports", "clustercompliancereports"],
    data=["scanners"],
    title="The cluster is benchmarked, scanned and tested at intervals",
    why=(
        "A cluster drifts: people change it, and new vulnerabilities are found in what did not change. What nobody "
        "looks for at intervals is found by somebody else."
    ),
    fix=(
        "Run kube-bench or kubescape as a CronJob and the Trivy Operator for images, have the cluster tested once a "
        "year, and attest what leaves no trace in it."
    ),
    caution="kube-bench wants host paths and the host's processes: give it a namespace of its own, with an exemption.",
    remedy="manual",
    evidence=["object", "attestation"],
    references=References(
        nist_800_53=("CA-2", "CA-7", "CA-8", "RA-5"), nist_800_190=("4.1.1", "4.5.3"), mitre=("T1190", "T1610")
    ),
    parameters=[REPORTS, BENCHMARK, VULNERABILITIES, PENETRATION],
    passing=[Example(_ALL + _cron("aquasec/kube-hunter", "2026-01-10"), _DAY)],
    failing=[
        Example(_cron("aquasec/kube-bench", "2025-06-01"), _DAY),
        Example(_ALL + _cron("zaproxy/zap-stable", "2024-12-01"), _DAY),
    ],
)
def scheduled_scans(cluster: Cluster, parameters: Mapping[str, Any]) -> Iterator[Observation]:
    """The cluster had a CIS benchmark run, a vulnerability scan and a penetration test lately.

    Traces are Jobs and CronJobs of known scanners that succeeded, reports of the Trivy Operator, and files of
    kube-bench, kubescape and Trivy. The newest of each kind decides; where there is none, nobody knows until it is
    attested. The ages are the guide's "periodically" as PCI DSS 4.0.1 has it for scans and penetration tests (11.3,
    11.4: three months, twelve months); vulnerability scans are asked for monthly, as new images come daily.
    """
    found = list(traces(cluster, parameters[REPORTS.name]))
    for wanted in _WANTED:
        days = parameters[wanted.age.name]
        yield _judge(cluster, wanted, [one for one in found if one.what == wanted.what], days, parameters["today"])


def _judge(cluster: Cluster, wanted: _Wanted, found: Sequence[Trace], days: int, today: date) -> Observation:
    name, expected = wanted.name, f"a {wanted.name} in the last {days} days"
    ended = [(one.day, one.where) for one in found if one.day and one.day <= today]
    gap = next((gap for one in wanted.sources if (gap := cluster.gap(one))), None)
    if not ended:
        return _untold(gap, name, expected, found)
    day, where = max(ended)
    late, clause = (today - day).days > days, f"the last {name} that can be seen is of {day}"
    if late and gap:
        return unknown(gap, name, expected, f"{clause}; {gap.message}")
    return seen(not late, name, {"day": day.isoformat(), "in": where[:253]}, expected, clause)


def _untold(gap: Gap | None, name: str, expected: str, found: Sequence[Trace]) -> Observation:
    if gap:
        return unknown(gap, name, expected)
    scheduled = f"{found[0].where[:253]} has not succeeded yet" if found else "nothing in the cluster tells of one"
    return unknown("not-collected", name, expected, f"whether there was a {name} is not known: {scheduled}; attest it")
