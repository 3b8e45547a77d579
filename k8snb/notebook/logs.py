"""What is logged, as the notebooks show it."""

from collections.abc import Iterator, Sequence, Sized

from k8snb.analysis import agents as known
from k8snb.analysis.components import Component, api_servers
from k8snb.analysis.words import some
from k8snb.display.figures import Figure, agent_grid
from k8snb.display.shown import Shown
from k8snb.display.words import number
from k8snb.inventory.workloads import Workload
from k8snb.languages import _
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
    return _("not visible") if one.flags is None else one.flags.get(name, _("not set"))


def agents(chapter: Chapter) -> Figure:
    """Draw the nodes by which log agents and detectors of threats run on them; nodes that are alike stand together."""
    cluster = chapter.cluster
    kinds = {"logs": list(known.log_agent_daemonsets(cluster)), "threats": list(known.detector_daemonsets(cluster))}
    hidden = cluster.gap("pods") or cluster.gap("daemonsets")
    groups: dict[tuple[tuple[str, bool | str | None], ...], list[str]] = {}
    for node in cluster.all(Node):
        cells = [cell for kind, found in kinds.items() for cell in _cells(node, kind, found, unseen=bool(hidden))]
        groups.setdefault(tuple(cells), []).append(node.name)
    return agent_grid([{"nodes": some(sorted(names)), **dict(cells)} for cells, names in groups.items()])


def _cells(
    node: Node, kind: str, found: Sequence[tuple[Workload, str]], *, unseen: bool
) -> Iterator[tuple[str, bool | str | None]]:
    """Give one cell an agent; where another one of its kind does its work, nothing is missing."""
    here = [node.name in known.nodes_of(work) for work, __ in found]
    missing: bool | str | None = "" if any(here) or node.spec.unschedulable else None if unseen else False
    if not found:
        yield f"{kind}: no agent that is known", missing
    for (work, name), runs in zip(found, here, strict=True):
        yield f"{kind}: {name} ({work.namespace}/{work.name})", runs or missing


def log_agents(chapter: Chapter) -> Shown:
    """Give the log agents that run on nodes, and on how many."""
    size = len(chapter.cluster.all(Node))
    rows = [
        {"agent": agent, "DaemonSet": f"{one.namespace}/{one.name}", "nodes": _share(known.nodes_of(one), size)}
        for one, agent in known.log_agent_daemonsets(chapter.cluster)
    ]
    return rows_table(rows, none="No known log agent runs as a DaemonSet.", everything="log_agent_daemonsets(cluster)")


def _share(nodes: Sized, size: int) -> str:
    return _(f"{len(nodes)} of {size}")
