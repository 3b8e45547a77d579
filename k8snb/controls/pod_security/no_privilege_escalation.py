"""No process gains more privileges than its container started with."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.privilege_escalation import CHECK
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, ENFORCEMENT, context, tell, without_effect
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_look = CHECK.revisions[-1].look


@control(
    id="no-privilege-escalation",
    chapter=CHAPTER,
    section=ENFORCEMENT,
    severity="high",
    subject="pod",
    title="Containers forbid privilege escalation",
    why=(
        "Unless it is forbidden, a set-user-ID program in the image makes root out of any user. The kernel's "
        "no_new_privs flag ends that, and it costs nothing."
    ),
    fix="Set allowPrivilegeEscalation: false on every container, init containers and sidecars included.",
    caution="Programs that rely on set-user-ID, such as sudo or some versions of ping, stop working.",
    remedy="patch",
    references=References(
        pss=("restricted: Privilege Escalation",),
        cis=("5.2.6",),
        nist_800_53=("AC-6", "AC-6(10)"),
        nist_800_190=("4.4.3",),
        mitre=("T1068", "T1611"),
        kubescape=("C-0016",),
        trivy=("KSV-0001",),
        kube_bench=("5.2.6",),
    ),
    passing=[context("{allowPrivilegeEscalation: false}")],
    failing=[context("{allowPrivilegeEscalation: true}"), context("{}")],
)
def no_privilege_escalation(template: PodTemplate) -> Iterator[Observation]:
    """Containers forbid privilege escalation."""
    return tell(
        template,
        _look(template),
        "false",
        "no container may gain privileges",
        "{who} may gain privileges" + without_effect(template, "allowPrivilegeEscalation"),
    )
