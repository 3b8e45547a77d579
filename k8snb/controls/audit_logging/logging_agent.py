"""A log agent runs on every node."""

from collections.abc import Iterator

from k8snb.analysis.agents import log_agent_daemonsets, log_agents, nodes_of
from k8snb.analysis.words import clip, some
from k8snb.controls.audit_logging._shared import CHAPTER, NODES, fluent_bit
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node

_NODE = "---\napiVersion: v1\nkind: Node\nmetadata: {name: w1}\n"
_SPEC = "{nodeName: w1, containers: [{name: agent, image: 'registry.example.com/fluent/fluent-bit:4.2.1'}]}"
_DAEMONSET, _POD = fluent_bit(_SPEC)


@control(
    id="logging-agent",
    chapter=CHAPTER,
    section=NODES,
    severity="medium",
    subject="node",
    reads=["pods", "daemonsets"],
    data=["log_agents"],
    title="A log agent runs on every schedulable node",
    why=(
        "Logs of containers and of the node itself live on its disk and go with it. An intruder who owns the "
        "node edits "
        "them; only what has left it in time can be trusted."
    ),
    fix=(
        "Run a log agent as a DaemonSet that tolerates every taint (operator: Exists) and sends to a place "
        "outside of the cluster."
    ),
    caution="The agent reads host paths: keep it in a namespace of its own with a Pod Security exemption for it alone.",
    remedy="manual",
    references=References(
        nist_800_53=("AU-4(1)", "AU-6", "AU-12"), nist_800_190=("4.4.4", "4.5.1"), mitre=("T1070", "T1685")
    ),
    passing=[_NODE + _DAEMONSET + _POD],
    failing=[_NODE, _NODE + _DAEMONSET, _NODE + _NODE.replace("w1", "w2") + _DAEMONSET + _POD],
)
def logging_agent(node: Node, cluster: Cluster) -> Iterator[Observation]:
    """A log agent runs on every schedulable node, tainted ones included.

    Agents are known by their images; one that does other work too counts if it mounts the node's logs. A node that
    takes no new pods (`spec.unschedulable`) is left out.
    """
    if node.spec.unschedulable:
        return
    expected = f"a pod of a log agent's DaemonSet (agents known on {log_agents().date})"
    agents = list(log_agent_daemonsets(cluster))
    here = [(work, name) for work, name in agents if node.name in nodes_of(work)]
    gap = cluster.gap("pods") or cluster.gap("daemonsets")
    at = "pods[spec.nodeName]"
    if here:
        work, name = here[0]
        told = f"DaemonSet/{work.namespace}/{work.name}"
        yield seen(True, at, told, expected, f"{name} runs here as {clip(told)}")
    elif gap:
        yield unknown(gap, gap.resource or "pods", expected)
    else:
        names = sorted({f"DaemonSet/{work.namespace}/{work.name}" for work, _ in agents})
        only = f"{some(names)} does not run here" if names else "no known log agent runs in the cluster"
        yield seen(False, at, None, expected, only)
