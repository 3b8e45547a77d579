"""No Service claims external addresses."""

from collections.abc import Iterator

from k8snb.analysis.words import some
from k8snb.controls.model import Observation, References, seen
from k8snb.controls.network_hardening._shared import CHAPTER, EXPOSURE
from k8snb.controls.registry import control
from k8snb.resources.core import Service


def _service(spec: str) -> str:
    return f"apiVersion: v1\nkind: Service\nmetadata: {{name: cart, namespace: shop}}\nspec: {spec}\n"


@control(
    id="no-external-ips",
    chapter=CHAPTER,
    section=EXPOSURE,
    severity="medium",
    subject="service",
    title="No Service claims external addresses",
    why=(
        "Whoever may write spec.externalIPs can take any address inside the cluster, the DNS server's included, "
        "and read "
        "the traffic meant for it (CVE-2020-8554). Kubernetes does not check who owns the address."
    ),
    fix=(
        "Remove spec.externalIPs and use a LoadBalancer, an Ingress or a Gateway. "
        "Turn on the admission plugin DenyServiceExternalIPs."
    ),
    caution="Traffic that is routed to these addresses today needs its new way first.",
    remedy="patch",
    references=References(
        nist_800_53=("CM-7", "SC-7"), nist_800_190=("4.3.3",), mitre=("T1133", "T1190"), trivy=("KSV-0108",)
    ),
    passing=[_service("{ports: [{port: 80}]}"), _service("{externalIPs: [], ports: [{port: 80}]}")],
    failing=[_service("{externalIPs: [203.0.113.7], ports: [{port: 80}]}")],
)
def no_external_ips(service: Service) -> Iterator[Observation]:
    """No Service claims external addresses."""
    found = list(service.spec.externalIPs or ())
    clause = f"the Service claims {some(found)}" if found else "the Service claims no external address"
    yield seen(not found, "spec.externalIPs", found or None, "empty", clause)
