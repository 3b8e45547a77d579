"""Nodes have no public address."""

from collections.abc import Iterator

from k8snb.analysis.addresses import is_public
from k8snb.analysis.words import some
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, SEGMENTATION
from k8snb.controls.registry import control
from k8snb.resources.core import Node

_EXPECTED = "no public address, or a firewall that somebody attests"
_KINDS = {"ExternalIP", "InternalIP"}


def _node(*addresses: str) -> str:
    told = ", ".join(f"{{type: {kind}, address: '{one}'}}" for kind, one in (word.split("=") for word in addresses))
    return f"apiVersion: v1\nkind: Node\nmetadata: {{name: w1}}\nstatus: {{addresses: [{told}]}}\n"


@control(
    id="node-exposure",
    chapter=CHAPTER,
    section=SEGMENTATION,
    severity="medium",
    subject="node",
    reads=[],
    title="Nodes have no public address",
    why="Kubelet, node ports and every service of the machine answer there, to everybody, unless a firewall says no.",
    fix="Put nodes into private networks, and let traffic in by load balancers and out by NAT.",
    caution="Without NAT or mirrors, nodes without a public address pull no images.",
    remedy="manual",
    evidence=["object", "attestation"],
    references=References(nist_800_53=("SC-7",), nist_800_190=("4.3.3", "4.5.1"), mitre=("T1133", "T1190")),
    passing=[_node("InternalIP=10.0.0.21"), _node("InternalIP=10.0.0.21", "ExternalIP=10.1.0.4")],
    failing=[_node("InternalIP=10.0.0.21", "ExternalIP=8.8.8.8"), _node("InternalIP=2600:1f18::7")],
)
def node_exposure(node: Node) -> Iterator[Observation]:
    """Nodes have no public address.

    Source: Kubernetes, `core/v1 NodeAddress`; special-purpose addresses by the IANA registries.
    """
    told = (node.status.addresses if node.status else None) or ()
    addresses = [(one.type or "", one.address or "") for one in told if one.type in _KINDS]
    if not addresses:
        yield unknown("not-collected", "status.addresses", _EXPECTED, "the node tells no address")
        return
    public = [f"{kind} {address}" for kind, address in addresses if is_public(address)]
    clause = f"it has {some(public)}" if public else "its addresses are private"
    yield seen(not public, "status.addresses", public or [address for _, address in addresses][:5], _EXPECTED, clause)
