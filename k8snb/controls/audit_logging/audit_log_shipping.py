"""The audit log leaves the cluster."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from k8snb.analysis.agents import log_agent_daemonsets
from k8snb.analysis.components import Component, api_servers, component_containers
from k8snb.analysis.observed import EXPORT, answer
from k8snb.analysis.words import some
from k8snb.controls.audit_logging._shared import API_AUDIT, CHAPTER, LOG, WEBHOOK, api_server, at, fluent_bit, given
from k8snb.controls.model import Example, Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload

_EXPECTED = "a webhook, or a log agent that reads the audit log where the API server runs"
_FILE = f"{LOG}=/var/log/kubernetes/audit.log"


def _agent(path: str) -> str:
    spec = f"""{{nodeName: cp1, containers: [{{name: a, image: 'registry.example.com/fluent/fluent-bit:4.2.1'}}],
  volumes: [{{name: logs, hostPath: {{path: {path}}}}}]}}"""
    return "".join(fluent_bit(spec))


def _on_cp1(*flags: str) -> str:
    return api_server(*flags).replace("spec:\n", "spec:\n  nodeName: cp1\n", 1)


def _export(audit: bool) -> Example:
    answers = {"audit": {"value": audit, "at": "logging.clusterLogging"}}
    export = {"provider": "EKS", "name": "prod", "endpoints": [], "version": "1.35", "answers": answers}
    return Example("", facts={"version": {"gitVersion": "v1.35.6-eks-1a2b3c4"}, EXPORT: export})


@control(
    id="audit-log-shipping",
    chapter=CHAPTER,
    section=API_AUDIT,
    severity="medium",
    subject="cluster",
    reads=["pods", "daemonsets"],
    title="The audit log leaves the cluster",
    why="An intruder who owns the control plane edits the log that tells of it; only a copy elsewhere can be trusted.",
    fix=(
        "Set --audit-webhook-config-file, or run a log agent on the control plane's nodes that mounts the folder of "
        "--audit-log-path and sends it away. At a provider, turn the control plane's audit log on."
    ),
    caution="Audit events can hold what requests held; the place that they go to must be protected as the cluster is.",
    remedy="manual",
    evidence=["flag", "object", "provider"],
    references=References(
        nist_800_53=("AU-4(1)", "AU-6", "AU-9(2)"), nist_800_190=("4.4.4",), mitre=("T1070", "T1685")
    ),
    passing=[
        api_server(f"{WEBHOOK}=/etc/kubernetes/audit-webhook.yaml"),
        _on_cp1(_FILE) + _agent("/var/log"),
        _export(True),
    ],
    failing=[api_server(), _on_cp1(_FILE), _on_cp1(_FILE) + _agent("/var/log/pods"), _export(False)],
)
def audit_log_shipping(cluster: Cluster) -> Iterator[Observation]:
    """The audit log leaves the cluster.

    A log agent counts where it mounts a folder of the node that holds the log, on every node with an API server. The
    log is taken to lie on the node under the same path as in the API server's container.
    Source: Kubernetes, "Auditing", audit backends.
    """
    said = answer(cluster, "audit")
    for server in api_servers(cluster):
        if server.flags is None and said:
            clause = f"{said.provider} keeps {'the' if said.value else 'no'} audit events"
            yield seen(bool(said.value), said.at, said.value, _EXPECTED, clause, source="provider")
        elif server.flags is None:
            yield unknown(server.gap or "not-collected", f"--{WEBHOOK}", _EXPECTED)
        elif given(server, WEBHOOK):
            clause = "events go to a webhook"
            yield seen(True, at(server, WEBHOOK), given(server, WEBHOOK), _EXPECTED, clause, source="flag")
        elif given(server, LOG):
            yield _by_agent(cluster, server, given(server, LOG) or "")
        else:
            yield seen(False, at(server, LOG), None, _EXPECTED, "no audit log is written", source="flag")


def _by_agent(cluster: Cluster, server: Component, path: str) -> Observation:
    where = _nodes(cluster, server)
    readers = [(work, name) for work, name in log_agent_daemonsets(cluster) if _mounts(work, path)]
    shipped = {node for work, _ in readers for podset in work.podsets for node in podset.nodes}
    gap = cluster.gap("pods") or cluster.gap("daemonsets")
    if where and where <= shipped:
        clause = f"{some(sorted({name for _, name in readers}))} reads {path[:120]} on {some(sorted(where))}"
        return seen(True, "daemonsets spec.template.spec.volumes[].hostPath", path[:120], _EXPECTED, clause)
    if gap or not where:
        return unknown(gap or "not-collected", at(server, LOG), _EXPECTED, "" if gap else "its node is not known")
    clause = f"events go to {path[:120]} on {some(sorted(where - shipped))}, and no known log agent reads it there"
    return seen(False, at(server, LOG), path[:120], _EXPECTED, clause)


def _nodes(cluster: Cluster, server: Component) -> set[str]:
    sets = (podset for work, _, _ in component_containers(cluster, "kube-apiserver") for podset in work.podsets)
    pairs = (pair for podset in sets for pair in zip(podset.names, podset.nodes, strict=True))
    return {node for name, node in pairs if node and name == server.name}


def _mounts(work: Workload, path: str) -> bool:
    """Whether a workload mounts a folder of the node above a file."""
    folders = {str(one) for one in (PurePosixPath(path), *PurePosixPath(path).parents)}
    mounted = (volume.hostPath.path or "" for volume in work.spec.volumes or () if volume.hostPath)
    return any((one.rstrip("/") or "/") in folders for one in mounted)
