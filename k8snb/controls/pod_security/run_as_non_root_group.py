"""Containers do not belong to the group of root."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Place
from k8snb.analysis.pod_security.visit import of_containers, of_pod
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, NON_ROOT, context, pod, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_POD = "spec.securityContext."


def _groups(template: PodTemplate) -> Iterator[Place]:
    if template.windows:
        return
    inherited = of_pod(template, "runAsGroup")
    for at, own, container in of_containers(template, "runAsGroup"):
        group = inherited if own is None else own
        where = f"{_POD}runAsGroup" if own is None and inherited is not None else at
        yield Place(group is not None and group > 0, where, group, container)
    for index, group in enumerate(of_pod(template, "supplementalGroups") or ()):
        yield Place(group > 0, f"{_POD}supplementalGroups[{index}]", group)
    volumes = of_pod(template, "fsGroup")
    yield Place(volumes is None or volumes > 0, f"{_POD}fsGroup", volumes)


@control(
    id="run-as-non-root-group",
    chapter=CHAPTER,
    section=NON_ROOT,
    severity="medium",
    subject="pod",
    title="Containers belong to no group of root",
    why=(
        "Group 0 owns much of a usual image and of the node. Where runAsGroup is not set, the image decides, and most "
        "images decide for group 0."
    ),
    fix="Set runAsGroup to a number above 0, and keep 0 out of supplementalGroups and fsGroup.",
    caution="Files that only group 0 may read or write become closed; the image, or fsGroup, has to give them away.",
    remedy="patch",
    references=References(
        nist_800_53=("AC-6",),
        nist_800_190=("4.4.3",),
        mitre=("T1611",),
        kubescape=("C-0013",),
        trivy=("KSV-0116", "KSV-0021"),
    ),
    passing=[context("{runAsGroup: 1000}")],
    failing=[
        context("{runAsUser: 1000}"),
        pod(
            "securityContext: {runAsGroup: 1000, supplementalGroups: [0]}\n"
            "containers: [{name: app, image: registry.example.com/app:1.4.2}]"
        ),
        pod(
            "securityContext: {runAsGroup: 1000, fsGroup: 0}\n"
            "containers: [{name: app, image: registry.example.com/app:1.4.2}]"
        ),
        pod("securityContext: {runAsGroup: 0}\ncontainers: [{name: app, image: registry.example.com/app:1.4.2}]"),
    ],
)
def run_as_non_root_group(template: PodTemplate) -> Iterator[Observation]:
    """Containers belong to no group of root."""
    return tell(
        template,
        _groups(template),
        "a group id above 0",
        "no container belongs to group 0",
        "{who} may belong to group 0 ({observed})",
    )
