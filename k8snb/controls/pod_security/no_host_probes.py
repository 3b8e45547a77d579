"""Probes and lifecycle hooks ask only their own pod."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.host_probes import host_probes
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, ENFORCEMENT, pod, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate


def _example(probe: str) -> str:
    return pod(
        f"containers:\n- name: app\n  image: registry.example.com/app:1.4.2\n  livenessProbe: {{httpGet: {probe}}}"
    )


@control(
    id="no-host-probes",
    chapter=CHAPTER,
    section=ENFORCEMENT,
    severity="medium",
    subject="pod",
    title="Probes and lifecycle hooks ask only their own pod",
    why=(
        "The kubelet sends probes from the node. With a host of your choice it asks what the pod itself could not "
        "reach: loopback of the node, metadata services, other networks."
    ),
    fix=(
        "Remove host from httpGet and tcpSocket; the kubelet then asks the pod. Name a virtual host by the Host header."
    ),
    caution="Pods with hostNetwork that listen on loopback only need an exec or grpc probe, or another address.",
    remedy="patch",
    references=References(
        pss=("baseline: Host Probes / Lifecycle Hooks",),
        nist_800_53=("SC-7",),
        nist_800_190=("4.4.2",),
        mitre=("T1046",),
    ),
    passing=[_example("{path: /healthz, port: 8080}")],
    failing=[_example("{path: /, port: 10255, host: 127.0.0.1}")],
)
def no_host_probes(template: PodTemplate) -> Iterator[Observation]:
    """Probes and lifecycle hooks ask only their own pod."""
    return tell(
        template,
        host_probes(template),
        "no host set in a probe or lifecycle hook",
        "no probe or lifecycle hook names a host",
        "{who} has the kubelet ask {observed}",
    )
