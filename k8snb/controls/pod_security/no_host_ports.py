"""No container takes a port of the node."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.host_ports import host_ports
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, ENFORCEMENT, pod, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate


def _example(port: str) -> str:
    return pod(f"containers:\n- {{name: app, image: registry.example.com/app:1.4.2, ports: [{port}]}}")


@control(
    id="no-host-ports",
    chapter=CHAPTER,
    section=ENFORCEMENT,
    severity="medium",
    subject="pod",
    title="No container takes a port of the node",
    why=(
        "A hostPort opens the container on every address of the node, beside Services and often around "
        "NetworkPolicies. It also ties the pod to nodes where the port is free."
    ),
    fix="Remove hostPort and put a Service in front of the pod.",
    caution="Clients that know the node's address and port have to learn the Service's.",
    remedy="patch",
    references=References(
        pss=("baseline: Host Ports",),
        cis=("5.2.12",),
        nist_800_53=("CM-7", "SC-7"),
        nist_800_190=("4.4.2", "4.4.3"),
        mitre=("T1046", "T1133"),
        kubescape=("C-0044",),
        trivy=("KSV-0024",),
        kube_bench=("5.2.12",),
    ),
    passing=[_example("{containerPort: 8080}"), _example("{containerPort: 8080, hostPort: 0}")],
    failing=[_example("{containerPort: 8080, hostPort: 8080}")],
)
def no_host_ports(template: PodTemplate) -> Iterator[Observation]:
    """No container takes a port of the node."""
    return tell(
        template,
        host_ports(template),
        "0 or not set",
        "no container takes a port of the node",
        "{who} takes port {observed} of the node",
    )
