"""Load balancers let in only named ranges."""

from collections.abc import Iterator

from k8snb.analysis.network import covers, network
from k8snb.analysis.words import some
from k8snb.controls.model import Observation, References, Severity, seen, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, EXPOSURE
from k8snb.controls.registry import control
from k8snb.resources.core import Service
from k8snb.resources.network import IPBlock

_RANGES = (
    "service.beta.kubernetes.io/load-balancer-source-ranges",
    "service.beta.kubernetes.io/azure-allowed-ip-ranges",
)
_INTERNAL = {
    "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
    "service.beta.kubernetes.io/aws-load-balancer-internal": "true",
    "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
    "networking.gke.io/load-balancer-type": "Internal",
}
_EXPECTED = "ranges that together are less than every address"


def _service(spec: str, annotations: str = "{}") -> str:
    metadata = f"{{name: cart, namespace: shop, annotations: {annotations}}}"
    return f"apiVersion: v1\nkind: Service\nmetadata: {metadata}\nspec: {spec}\n"


@control(
    id="load-balancer-source-ranges",
    chapter=CHAPTER,
    section=EXPOSURE,
    severity="medium",
    subject="service",
    title="Load balancers let in only named ranges",
    why=(
        "A Service of type LoadBalancer is open to everybody who reaches its address, which for most clouds is the "
        "whole internet, unless it says who may come in."
    ),
    fix="Set spec.loadBalancerSourceRanges to the ranges that need the Service, such as an office or another network.",
    caution=(
        "Health checks and clients behind other addresses are shut out: list them first. Not every load balancer "
        "heeds the ranges; try one address that must not come in."
    ),
    remedy="template",
    references=References(nist_800_53=("AC-4", "SC-7"), nist_800_190=("4.3.3",), mitre=("T1133", "T1190")),
    passing=[
        _service("{type: LoadBalancer, loadBalancerSourceRanges: [203.0.113.0/24], ports: [{port: 80}]}"),
        _service("{type: LoadBalancer, ports: [{port: 80}]}", f"{{{_RANGES[0]}: 203.0.113.0/24}}"),
    ],
    failing=[
        _service("{type: LoadBalancer, ports: [{port: 80}]}"),
        _service("{type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8, 0.0.0.0/0], ports: [{port: 80}]}"),
        _service("{type: LoadBalancer, loadBalancerSourceRanges: [0.0.0.0/1, 128.0.0.0/1], ports: [{port: 80}]}"),
    ],
)
def load_balancer_source_ranges(service: Service) -> Iterator[Observation]:
    """Load balancers let in only named ranges; other Services have none.

    The annotation counts where the field is empty. Source: Kubernetes, `GetLoadBalancerSourceRanges`.
    """
    if service.spec.type != "LoadBalancer":
        return
    at, found = _ranges(service)
    broken = [one for one in found if network(one) is None]
    internal = any(service.annotations.get(key) == value for key, value in _INTERNAL.items())
    severity: Severity | None = "low" if internal else None
    if not found:
        clause = f"the load balancer{' inside of the network' if internal else ''} lets in everybody who reaches it"
        yield seen(False, at, None, _EXPECTED, clause, severity=severity)
    elif covers(IPBlock(one) for one in found):
        yield seen(False, at, found, _EXPECTED, f"{some(found)} lets in every address", severity=severity)
    elif broken:
        yield unknown("malformed", at, _EXPECTED, f"{some(broken)} is no range of addresses")
    else:
        yield seen(True, at, found, _EXPECTED, f"the load balancer lets in {some(found)} only")


def _ranges(service: Service) -> tuple[str, list[str]]:
    if service.spec.loadBalancerSourceRanges:
        return "spec.loadBalancerSourceRanges", [one.strip() for one in service.spec.loadBalancerSourceRanges]
    for key in _RANGES:
        found = [one.strip() for one in service.annotations.get(key, "").split(",") if one.strip()]
        if found:
            return f"metadata.annotations[{key}]", found
    return "spec.loadBalancerSourceRanges", []
