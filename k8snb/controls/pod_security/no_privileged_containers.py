"""No container is privileged."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.privileged import privileged
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, ENFORCEMENT, context, tell, without_effect
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate


@control(
    id="no-privileged-containers",
    chapter=CHAPTER,
    section=ENFORCEMENT,
    severity="critical",
    subject="pod",
    title="No container is privileged",
    why=(
        "A privileged container has every capability, every device and none of the usual confinement. Whoever controls "
        "it controls the node."
    ),
    fix="Remove privileged: true. If one capability or one device is what is really needed, ask for just that.",
    caution=(
        "Storage, network and monitoring agents may need it; keep those in a namespace of their own and watch them."
    ),
    remedy="patch",
    references=References(
        pss=("baseline: Privileged Containers",),
        cis=("5.2.2",),
        nist_800_53=("AC-6", "CM-7", "SC-39"),
        nist_800_190=("4.4.3",),
        mitre=("T1611",),
        kubescape=("C-0057",),
        trivy=("KSV-0017",),
        kube_bench=("5.2.2",),
    ),
    passing=[context("{privileged: false}"), context("{}")],
    failing=[context("{privileged: true}")],
)
def no_privileged_containers(template: PodTemplate) -> Iterator[Observation]:
    """No container is privileged."""
    note = without_effect(template, "privileged")
    return tell(
        template,
        privileged(template),
        "false or not set",
        f"no container is privileged{note}",
        f"{{who}} is privileged{note}",
        linux_only=True,
    )
