"""SELinux labels confine."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.selinux_options import CHECK
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, HARDENING, context, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_look = CHECK.revisions[-1].look


@control(
    id="selinux-options",
    chapter=CHAPTER,
    section=HARDENING,
    severity="medium",
    subject="pod",
    title="SELinux options keep containers confined",
    why=(
        "On nodes with SELinux the type of a process decides what it may touch. A type such as spc_t, or a user or "
        "role of the host, makes a container one of the host's own processes."
    ),
    fix="Remove user and role, and use the type container_t, container_init_t, container_kvm_t or container_engine_t.",
    caution="Files on volumes that were labelled for the old type may have to be relabelled.",
    remedy="patch",
    references=References(
        pss=("baseline: SELinux",),
        cis=("5.6.3",),
        nist_800_53=("AC-3", "SC-39"),
        nist_800_190=("4.4.3",),
        mitre=("T1611",),
        kubescape=("C-0055",),
        trivy=("KSV-0025",),
        kube_bench=("5.6.3",),
    ),
    passing=[context("{seLinuxOptions: {type: container_t, level: 's0:c1,c2'}}"), context("{}")],
    failing=[context("{seLinuxOptions: {type: spc_t}}"), context("{seLinuxOptions: {user: system_u}}")],
)
def selinux_options(template: PodTemplate) -> Iterator[Observation]:
    """SELinux options keep containers confined."""
    return tell(
        template,
        _look(template),
        "not set, or one of the container types",
        "no SELinux option lifts the confinement",
        "{who} asks for the SELinux option {observed}",
        linux_only=True,
    )
