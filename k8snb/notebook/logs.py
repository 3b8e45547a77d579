"""What is logged, as the notebooks show it."""

from collections.abc import Sequence

from k8snb.analysis import agents
from k8snb.analysis.components import Component, api_servers
from k8snb.display.shown import Shown
from k8snb.display.words import number
from k8snb.notebook.chapter import Chapter
from k8snb.notebook.tables import rows_table
from k8snb.resources.core import Node

AUDIT = (
    "audit-policy-file",
    "audit-log-path",
    "audit-log-maxage",
    "audit-log-maxbackup",
    "audit-log-maxsize",
    "audit-webhook-config-file",
)


def audit_settings(chapter: Chapter) -> Shown:
    """Give the audit flags of every API server, as its command line has them."""
    servers = api_servers(chapter.cluster)
    rows = [
        {"API server": one.name, **{flag: _flag(one, flag) for flag in AUDIT if _any_sets(servers, flag)}}
        for one in servers
    ]
    hidden = sum(one.flags is None for one in servers)
    told = f"The flags of {number(hidden, 'API server')} are not visible." if hidden else ""
    return rows_table(rows, none="No API server was seen.", everything="api_servers(cluster)", told=told)


def _any_sets(servers: Sequence[Component], flag: str) -> bool:
    return any(flag in (one.flags or {}) for one in servers)


def _flag(one: Component, name: str) -> str:
    return "not visible" if one.flags is None else one.flags.get(name, "not set")


def log_agents(chapter: Chapter) -> Shown:
    """Give the log agents that run on nodes, and on how many."""
    size = len(chapter.cluster.all(Node))
    rows = [
        {"agent": agent, "DaemonSet": f"{one.namespace}/{one.name}", "nodes": f"{len(agents.nodes_of(one))} of {size}"}
        for one, agent in agents.log_agent_daemonsets(chapter.cluster)
    ]
    return rows_table(rows, none="No known log agent runs as a DaemonSet.", everything="log_agent_daemonsets(cluster)")
