"""Threats are detected at run time on every node."""

from collections.abc import Iterator

from k8snb.analysis.agents import detector_daemonsets, nodes_of, schedulable, threat_detectors
from k8snb.analysis.words import some
from k8snb.controls.audit_logging._shared import CHAPTER, DETECTION, agent, node
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster

_FALCO = agent("DaemonSet", "falco", "docker.io/falcosecurity/falco:0.42.0", on="w1")


@control(
    id="threat-detection",
    chapter=CHAPTER,
    section=DETECTION,
    severity="medium",
    subject="cluster",
    reads=["nodes", "daemonsets", "pods"],
    data=["threat_detectors"],
    title="Threats are detected at run time on every node",
    why=(
        "A shell in a container, a changed binary or a connection to a miner's pool shows in no log of Kubernetes. "
        "Only something that watches system calls on the node sees it while it happens."
    ),
    fix=(
        "Run a detector such as Falco, Tetragon, Tracee or KubeArmor, or your provider's, as a DaemonSet that "
        "tolerates every taint (operator: Exists), and send what it finds to people."
    ),
    caution="It runs privileged and costs CPU on busy nodes. Tune its rules first, or nobody will read its alerts.",
    remedy="manual",
    references=References(
        nist_800_53=("SI-4", "SI-4(2)", "IR-4"), nist_800_190=("3.4.3", "4.4.4"), mitre=("T1496", "T1611", "T1685")
    ),
    passing=[node("w1") + _FALCO],
    failing=[node("w1"), node("w1") + node("cp1") + _FALCO, node("w2") + _FALCO],
)
def threat_detection(cluster: Cluster) -> Iterator[Observation]:
    """Threats are detected at run time on every schedulable node, tainted ones included; several agents add up."""
    nodes, found = schedulable(cluster), list(detector_daemonsets(cluster))
    expected = f"a detector's pod on every schedulable node (agents known on {threat_detectors().date})"
    covered = {name for work, _ in found for name in nodes_of(work)}
    missing = sorted(one.name for one in nodes if one.name not in covered)
    names = sorted({name for _, name in found})
    hidden, more = cluster.gap("pods") or cluster.gap("daemonsets"), cluster.gap("nodes")
    at = "pods[spec.nodeName]"
    if missing and hidden:
        yield unknown(hidden, hidden.resource or "pods", expected)
    elif missing:
        who = f"{some(names)} does not run on" if names else "no detector that is known runs on"
        yield seen(False, at, {"agents": names, "missing": missing[:20]}, expected, f"{who} {some(missing)}")
    elif more:
        yield unknown(more, "nodes", expected)
    elif nodes:
        yield seen(True, at, {"agents": names}, expected, f"{some(names)} runs on all {len(nodes)} schedulable nodes")
