"""Pods keep out of the node's IPC namespace."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.host_namespaces import host_namespace
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, ENFORCEMENT, pod, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_CONTAINERS = "containers: [{name: app, image: registry.example.com/app:1.4.2}]"


@control(
    id="no-host-ipc",
    chapter=CHAPTER,
    section=ENFORCEMENT,
    severity="high",
    subject="pod",
    title="Pods do not share the node's IPC namespace",
    why=(
        "With hostIPC the pod reaches shared memory and message queues of everything that runs on the node, other "
        "tenants and system services included."
    ),
    fix="Remove hostIPC. Containers of one pod share memory with each other without it.",
    caution=(
        "Some databases and GPU workloads exchange data by shared memory of the node; move them into one pod instead."
    ),
    remedy="patch",
    references=References(
        pss=("baseline: Host Namespaces",),
        cis=("5.2.4",),
        nist_800_53=("AC-6", "SC-39"),
        nist_800_190=("4.4.3",),
        mitre=("T1611",),
        kubescape=("C-0038",),
        trivy=("KSV-0008",),
        kube_bench=("5.2.4",),
    ),
    passing=[pod(_CONTAINERS), pod(f"hostIPC: false\n{_CONTAINERS}")],
    failing=[pod(f"hostIPC: true\n{_CONTAINERS}")],
)
def no_host_ipc(template: PodTemplate) -> Iterator[Observation]:
    """Pods do not share the node's IPC namespace."""
    return tell(
        template,
        [host_namespace(template, "hostIPC")],
        "false or not set",
        "hostIPC is not set",
        "the pod shares the node's IPC namespace",
        linux_only=True,
    )
