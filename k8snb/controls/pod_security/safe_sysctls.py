"""Only safe kernel parameters are set."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.sysctls import sysctls
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, HARDENING, pod, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_CONTAINERS = "containers: [{name: app, image: registry.example.com/app:1.4.2}]\n"


def _example(name: str) -> str:
    return pod(_CONTAINERS + f"securityContext: {{sysctls: [{{name: {name}, value: '1'}}]}}")


@control(
    id="safe-sysctls",
    chapter=CHAPTER,
    section=HARDENING,
    severity="medium",
    subject="pod",
    title="Pods set only safe sysctls",
    why=(
        "Many kernel parameters belong to the whole node, and some switch protections off. Only those that stay inside "
        "the pod are safe to hand out."
    ),
    fix="Remove the sysctl, or set it on the node if all of its pods need it.",
    caution="Databases and network appliances may be tuned by it; measure before and after.",
    remedy="patch",
    references=References(
        pss=("baseline: Sysctls",),
        cis=("5.6.3",),
        nist_800_53=("CM-6", "CM-7", "SC-39"),
        nist_800_190=("4.4.3",),
        mitre=("T1611",),
        trivy=("KSV-0026",),
        kube_bench=("5.6.3",),
    ),
    passing=[_example("net.ipv4.tcp_syncookies"), pod(_CONTAINERS)],
    failing=[_example("kernel.core_pattern")],
)
def safe_sysctls(template: PodTemplate) -> Iterator[Observation]:
    """Pods set only safe sysctls."""
    return tell(
        template,
        sysctls(template),
        "a sysctl of the Pod Security baseline, or none",
        "no unsafe sysctl is set",
        "{who} sets the sysctl {observed}",
        linux_only=True,
    )
