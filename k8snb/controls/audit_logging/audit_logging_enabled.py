"""The API server writes an audit log."""

from collections.abc import Iterator

from k8snb.analysis.components import Component, api_servers
from k8snb.analysis.observed import METRICS, metric
from k8snb.controls.audit_logging._shared import API_AUDIT, CHAPTER, LOG, WEBHOOK, api_server, at, given
from k8snb.controls.model import Example, Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster

_POLICY = "audit-policy-file"
_EVENTS = "apiserver_audit_event_total"
_FILE = f"{_POLICY}=/etc/kubernetes/audit.yaml"


@control(
    id="audit-logging-enabled",
    chapter=CHAPTER,
    section=API_AUDIT,
    severity="high",
    subject="api-server",
    reads=["pods"],
    title="The API server writes an audit log",
    why=(
        "Audit logging is off by default. Without it nobody can say who read a Secret, who ran a command in a pod, "
        "or when an intruder came."
    ),
    fix=(
        "Write an audit policy, mount it into the API server, and set --audit-policy-file with --audit-log-path or "
        "--audit-webhook-config-file. At a provider, turn the control plane's audit log on."
    ),
    caution="The API server restarts. A policy that logs whole requests of everything fills disks and holds Secrets.",
    remedy="manual",
    evidence=["flag", "metric"],
    references=References(
        cis=("1.2.16", "3.2.1"),
        nist_800_53=("AU-2", "AU-3", "AU-12"),
        nist_800_190=("4.3.1", "4.4.4"),
        mitre=("T1685",),
        kubescape=("C-0067", "C-0130", "C-0160"),
        trivy=("KCV-0019",),
        kube_bench=("1.2.16", "3.2.1"),
    ),
    passing=[
        api_server(_FILE, f"{LOG}=/var/log/kubernetes/audit.log"),
        api_server(_FILE, f"{WEBHOOK}=/etc/kubernetes/audit-webhook.yaml"),
        Example(
            "", facts={"version": {"gitVersion": "v1.35.9"}, METRICS: [{"name": _EVENTS, "labels": {}, "value": 7.0}]}
        ),
    ],
    failing=[api_server(), api_server(_FILE), api_server(f"{LOG}=/var/log/kubernetes/audit.log")],
)
def audit_logging_enabled(server: Component, cluster: Cluster) -> Iterator[Observation]:
    """The API server writes an audit log: it has a policy, and a file or webhook to write to.

    Where its flags cannot be seen, events that were counted prove it; a counter of zero proves nothing. Source:
    Kubernetes, kube-apiserver reference; both are empty by default, and then nothing is logged.
    """
    events = sum(one.value for one in metric(cluster, _EVENTS) or ())
    if server.flags is None and events and len(api_servers(cluster)) == 1:
        clause = f"{events:,.0f} audit events were counted"
        yield seen(True, f"/metrics {_EVENTS}", events, "audit events are counted", clause, source="metric")
        return
    if server.flags is None:
        yield unknown(server.gap or "not-collected", f"--{_POLICY}", "a policy, and a file or webhook to write to")
        return
    policy, log, webhook = given(server, _POLICY), given(server, LOG), given(server, WEBHOOK)
    clause = "there is an audit policy" if policy else "there is no audit policy: nothing is logged"
    yield seen(bool(policy), at(server, _POLICY), policy, "a policy file", clause, source="flag")
    where = at(server, WEBHOOK if webhook and not log else LOG)
    clause = "events go to a file or webhook" if log or webhook else "neither a log file nor a webhook takes the events"
    yield seen(bool(log or webhook), where, log or webhook, "a log file or a webhook", clause, source="flag")
