"""Pods keep out of the node's process id namespace."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.host_namespaces import host_namespace
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, ENFORCEMENT, pod, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_CONTAINERS = "containers: [{name: app, image: registry.example.com/app:1.4.2}]"


@control(
    id="no-host-pid",
    chapter=CHAPTER,
    section=ENFORCEMENT,
    severity="high",
    subject="pod",
    title="Pods do not share the node's process id namespace",
    why=(
        "With hostPID the pod sees every process of the node, with its command line and environment. Together with "
        "root it can read their memory and enter their namespaces."
    ),
    fix="Remove hostPID. To look at one process of one pod, shareProcessNamespace is enough.",
    caution="Node agents that measure processes (monitoring, runtime security) may need it.",
    remedy="patch",
    references=References(
        pss=("baseline: Host Namespaces",),
        cis=("5.2.3",),
        nist_800_53=("AC-6", "SC-39"),
        nist_800_190=("4.4.3",),
        mitre=("T1611", "T1613"),
        kubescape=("C-0038",),
        trivy=("KSV-0010",),
        kube_bench=("5.2.3",),
    ),
    passing=[pod(_CONTAINERS), pod(f"hostPID: false\n{_CONTAINERS}")],
    failing=[pod(f"hostPID: true\n{_CONTAINERS}")],
)
def no_host_pid(template: PodTemplate) -> Iterator[Observation]:
    """Pods do not share the node's process id namespace."""
    return tell(
        template,
        [host_namespace(template, "hostPID")],
        "false or not set",
        "hostPID is not set",
        "the pod shares the node's process id namespace",
        linux_only=True,
    )
