"""No Service opens a port on every node."""

from collections.abc import Iterator

from k8snb.controls.model import Observation, References, seen
from k8snb.controls.network_hardening._shared import CHAPTER, SEGMENTATION
from k8snb.controls.registry import control
from k8snb.resources.core import Service


def _service(spec: str) -> str:
    return f"apiVersion: v1\nkind: Service\nmetadata: {{name: cart, namespace: shop}}\nspec: {spec}\n"


@control(
    id="no-node-ports",
    chapter=CHAPTER,
    section=SEGMENTATION,
    severity="medium",
    subject="service",
    title="No Service opens a port on every node",
    why=(
        "A NodePort listens on all addresses of all nodes, public ones included, past the ingress controller and "
        "whatever TLS, authentication and logging it does."
    ),
    fix=(
        "Use type ClusterIP behind an Ingress or Gateway. For a load balancer that reaches pods by itself, set "
        "allocateLoadBalancerNodePorts: false."
    ),
    caution=(
        "Many load balancers of clouds and of bare metal reach the pods through node ports; ask before taking them."
    ),
    remedy="patch",
    references=References(
        nist_800_53=("CM-7", "SC-7"), nist_800_190=("4.3.3", "4.4.2"), mitre=("T1046", "T1133", "T1190")
    ),
    passing=[
        _service("{type: ClusterIP, ports: [{port: 80}]}"),
        _service("{type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 80}]}"),
    ],
    failing=[
        _service("{type: NodePort, ports: [{port: 80, nodePort: 30080}]}"),
        _service("{type: NodePort, ports: [{port: 80}]}"),
        _service("{type: LoadBalancer, ports: [{port: 80}]}"),
        _service("{type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 80, nodePort: 31080}]}"),
    ],
)
def no_node_ports(service: Service) -> Iterator[Observation]:
    """No Service opens a port on every node.

    A NodePort does by its type, a LoadBalancer unless `allocateLoadBalancerNodePorts` is false, and both where a
    `nodePort` is set. Source: Kubernetes, `core/v1 ServiceSpec`.
    """
    spec = service.spec
    kind = spec.type or "ClusterIP"
    yield seen(kind != "NodePort", "spec.type", kind, "not NodePort", _clause(kind))
    if kind == "LoadBalancer":
        value = spec.allocateLoadBalancerNodePorts
        clause = "the load balancer allocates node ports" if value is not False else "no node ports are allocated"
        yield seen(value is False, "spec.allocateLoadBalancerNodePorts", value, "false", clause)
    for index, port in enumerate(spec.ports or ()):
        if port.nodePort and kind != "ClusterIP":
            yield seen(False, f"spec.ports[{index}].nodePort", port.nodePort, "not set", f"node port {port.nodePort}")


def _clause(kind: str) -> str:
    return "the Service is of type NodePort" if kind == "NodePort" else f"the Service is of type {kind[:63]}"
