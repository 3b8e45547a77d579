"""No container adds a capability that runtimes do not give anyway."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.capabilities_baseline import DEFAULT, capabilities_baseline
from k8snb.analysis.pod_security.model import Place
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, ENFORCEMENT, context, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate


def _capabilities(template: PodTemplate) -> Iterator[Place]:
    """Show of a forbidden list only what is forbidden in it."""
    for place in capabilities_baseline(template):
        if place.allowed:
            yield place
        else:
            yield Place(False, place.at, [one for one in place.observed if one not in DEFAULT], place.container)


@control(
    id="no-added-capabilities",
    chapter=CHAPTER,
    section=ENFORCEMENT,
    severity="high",
    subject="pod",
    title="No container adds a dangerous capability",
    why=(
        "Capabilities are the power of root in pieces. SYS_ADMIN, SYS_PTRACE, NET_RAW, BPF and others are each enough"
        " to spy on neighbours or to leave the container."
    ),
    fix="Remove what is added beyond the runtime's default set; look for a way that needs no privilege.",
    caution="Network and tracing tools fail without their capability; give it to the one container that needs it.",
    remedy="patch",
    references=References(
        pss=("baseline: Capabilities",),
        cis=("5.2.8",),
        nist_800_53=("AC-6", "CM-7"),
        nist_800_190=("4.4.3",),
        mitre=("T1611", "T1068"),
        kubescape=("C-0046",),
        trivy=("KSV-0022",),
        kube_bench=("5.2.8",),
    ),
    passing=[context("{capabilities: {add: [NET_BIND_SERVICE]}}"), context("{}")],
    failing=[context("{capabilities: {drop: [ALL], add: [SYS_ADMIN]}}")],
)
def no_added_capabilities(template: PodTemplate) -> Iterator[Observation]:
    """No container adds a dangerous capability."""
    return tell(
        template,
        _capabilities(template),
        "only capabilities of the Pod Security baseline",
        "no container adds a capability beyond the baseline",
        "{who} adds {observed}",
        linux_only=True,
    )
