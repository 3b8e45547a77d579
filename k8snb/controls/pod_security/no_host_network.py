"""Pods keep out of the node's network namespace."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.host_namespaces import host_namespace
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, ENFORCEMENT, pod, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_CONTAINERS = "containers: [{name: app, image: registry.example.com/app:1.4.2}]"


@control(
    id="no-host-network",
    chapter=CHAPTER,
    section=ENFORCEMENT,
    severity="high",
    subject="pod",
    title="Pods do not share the node's network namespace",
    why=(
        "With hostNetwork the pod has the addresses of the node. It reaches what listens on loopback there, hears the"
        " traffic of others, and no NetworkPolicy holds it."
    ),
    fix="Remove hostNetwork, and reach the pod through a Service.",
    caution="Network plugins, ingress controllers on node ports and node agents may need it.",
    remedy="patch",
    references=References(
        pss=("baseline: Host Namespaces",),
        cis=("5.2.5",),
        nist_800_53=("AC-6", "SC-39"),
        nist_800_190=("4.4.3",),
        mitre=("T1611", "T1046"),
        kubescape=("C-0041",),
        trivy=("KSV-0009",),
        kube_bench=("5.2.5",),
    ),
    passing=[pod(_CONTAINERS), pod(f"hostNetwork: false\n{_CONTAINERS}")],
    failing=[pod(f"hostNetwork: true\n{_CONTAINERS}")],
)
def no_host_network(template: PodTemplate) -> Iterator[Observation]:
    """Pods do not share the node's network namespace."""
    return tell(
        template,
        [host_namespace(template, "hostNetwork")],
        "false or not set",
        "hostNetwork is not set",
        "the pod shares the node's network namespace",
    )
