"""The API server's audit log is kept long enough."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.controls.audit_logging._shared import API_AUDIT, CHAPTER, LOG, WEBHOOK, api_server, at, given
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.registry import control

_WANTED = {
    "audit-log-maxage": (30, "days"),
    "audit-log-maxbackup": (10, "files"),
    "audit-log-maxsize": (100, "megabytes"),
}
_EXPECTED = "maxage >= 30, maxbackup >= 10 and maxsize >= 100, or a webhook"
_PATH = f"{LOG}=/var/log/kubernetes/audit.log"


@control(
    id="audit-log-retention",
    chapter=CHAPTER,
    section=API_AUDIT,
    severity="medium",
    subject="api-server",
    reads=["pods"],
    title="The audit log is kept long enough",
    why=(
        "Break-ins are noticed weeks after they began. A log that has rolled over by then "
        "no longer tells how it started."
    ),
    fix=(
        "Set --audit-log-maxage=30, --audit-log-maxbackup=10 and --audit-log-maxsize=100 or more, or send the events "
        "off the node by --audit-webhook-config-file."
    ),
    caution="The API server restarts. Ten files of 100 MB take a gigabyte of each control-plane node's disk.",
    remedy="manual",
    evidence=["flag"],
    references=References(
        cis=("1.2.17", "1.2.18", "1.2.19"),
        nist_800_53=("AU-4", "AU-11"),
        nist_800_190=("4.3.1",),
        mitre=("T1685",),
        kubescape=("C-0131", "C-0132", "C-0133"),
        trivy=("KCV-0020", "KCV-0021", "KCV-0022"),
        kube_bench=("1.2.17", "1.2.18", "1.2.19"),
    ),
    passing=[
        api_server(_PATH, "audit-log-maxage=30", "audit-log-maxbackup=10", "audit-log-maxsize=100"),
        api_server(f"{WEBHOOK}=/etc/kubernetes/audit-webhook.yaml"),
    ],
    failing=[
        api_server(_PATH, "audit-log-maxage=7", "audit-log-maxbackup=10", "audit-log-maxsize=100"),
        api_server(_PATH),
        api_server(),
    ],
)
def audit_log_retention(server: Component) -> Iterator[Observation]:
    """The audit log is kept long enough.

    An absent flag is 0: files are then never deleted by age or number, until the disk is full; the guide and the
    benchmark ask for explicit values. What is written to standard output is kept by whatever reads it.
    """
    webhook, path = given(server, WEBHOOK), given(server, LOG)
    if server.flags is None:
        yield unknown(server.gap or "not-collected", "--audit-log-maxage", _EXPECTED)
    elif webhook:
        yield seen(True, at(server, WEBHOOK), webhook, _EXPECTED, "events leave the node by a webhook", source="flag")
    elif not path:
        yield seen(
            False, at(server, LOG), None, "a log file or a webhook", "no audit log is kept at all", source="flag"
        )
    elif path == "-":
        clause = "the log goes to standard output; how long that is kept cannot be seen here"
        yield unknown("unsupported", at(server, LOG), _EXPECTED, clause)
    else:
        for name, (least, unit) in _WANTED.items():
            yield _flag(server, name, least, unit)


def _flag(server: Component, name: str, least: int, unit: str) -> Observation:
    value = given(server, name)
    holds = value is not None and value.isascii() and value.isdigit() and int(value[:18]) >= least
    told = "not set" if value is None else f"{value[:20]} {unit}"
    return seen(holds, at(server, name), value, f"at least {least} {unit}", f"--{name} is {told}", source="flag")
