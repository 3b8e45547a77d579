"""The metadata service of clouds, which gives a node's credentials to whoever can reach it, and what policies do there.

Source: AWS, Azure and Google Cloud serve it at 169.254.169.254, AWS in IPv6 at fd00:ec2::254; over HTTP on port 80.
"""

from ipaddress import ip_address

from k8snb.analysis.network import Rule, networks, rules
from k8snb.analysis.policy_selection import Chosen, Selection
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node
from k8snb.resources.network import PolicyPort

ADDRESSES = ("169.254.169.254", "fd00:ec2::254")
_PORT = 80
_BARE_METAL = ("metal3://", "maas://", "sidero://")
"""How the provider IDs of machines begin that are certain to be no virtual ones."""


def allowing(known: Selection, chosen: Chosen, address: str) -> list[str]:
    """Give the names of the policies that let the pods they select out to the service at an address; sorted.

    Peers that select pods or namespaces never reach it, and rules for other ports neither.

    Args:
        known: Where what is found is remembered.
        chosen: The policies, as `known` gives them.
        address: One of `ADDRESSES`.
    """
    key = (address, id(chosen))
    if key not in known.memory:
        reached = (one for one in chosen if any(_reaches(rule, address) for rule in rules(one, "Egress")))
        known.memory[key] = sorted(one.name for one in reached)
    found: list[str] = known.memory[key]
    return found


def _reaches(rule: Rule, address: str) -> bool:
    if rule.ports and not any(map(_is_http, rule.ports)):
        return False
    blocks = [peer.ipBlock for peer in rule.peers or () if peer.ipBlock]
    return not rule.peers or any(ip_address(address) in part for block in blocks for part in networks(block))


def _is_http(one: PolicyPort) -> bool:
    """Say whether ports include the service's; a name never does, for it stands for a port of a pod."""
    if (one.protocol or "TCP") != "TCP" or isinstance(one.port, str):
        return False
    return one.port is None or one.port <= _PORT <= (one.endPort or one.port)


def bare_metal(cluster: Cluster) -> bool:
    """Say whether every node is known to be a machine of one's own, where no cloud has such a service."""
    nodes = cluster.all(Node)
    return (
        bool(nodes)
        and cluster.gap("nodes") is None
        and all((one.spec.providerID or "").startswith(_BARE_METAL) for one in nodes)
    )
