"""Containers drop all capabilities."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.capabilities_restricted import CHECK
from k8snb.analysis.pod_security.model import Place
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, ENFORCEMENT, context, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_look = CHECK.revisions[-1].look
_EXPECTED = "drop ALL, add nothing but NET_BIND_SERVICE"
_GOOD = "every container drops all capabilities"


def _bad(place: Place) -> str:
    if place.at.endswith(".add"):
        return "{who} drops all capabilities and adds {observed}"
    if any(word.upper() == "ALL" for word in place.observed or ()):
        return "{who} drops {observed}: the API server compares exactly, and only ALL in capitals is all"
    return "{who} does not drop all capabilities"


@control(
    id="drop-all-capabilities",
    chapter=CHAPTER,
    section=ENFORCEMENT,
    severity="medium",
    subject="pod",
    title="Containers drop all capabilities",
    why=(
        "Runtimes start containers with over a dozen capabilities, and most applications need none of them. What is "
        "not there cannot be used against you."
    ),
    fix=(
        'Set capabilities: {drop: ["ALL"]} on every container, and add NET_BIND_SERVICE back only for ports below 1024.'
    ),
    caution="Images that change owners of files or switch users at start (CHOWN, SETUID, SETGID) need to be rebuilt.",
    remedy="patch",
    references=References(
        pss=("restricted: Capabilities",),
        cis=("5.2.8", "5.2.9"),
        nist_800_53=("AC-6", "CM-7"),
        nist_800_190=("4.4.3",),
        mitre=("T1611", "T1068"),
        kubescape=("C-0055",),
        trivy=("KSV-0003", "KSV-0106"),
        kube_bench=("5.2.8", "5.2.9"),
    ),
    passing=[context("{capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}")],
    failing=[context("{}"), context("{capabilities: {drop: [all]}}")],
)
def drop_all_capabilities(template: PodTemplate) -> Iterator[Observation]:
    """Containers drop all capabilities."""
    return tell(template, _look(template), _EXPECTED, _GOOD, _bad)
