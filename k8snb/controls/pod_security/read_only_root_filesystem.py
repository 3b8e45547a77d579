"""Containers cannot write to their own file system."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Place
from k8snb.analysis.pod_security.visit import of_containers
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, IMMUTABLE, context, tell, without_effect
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate


def _file_systems(template: PodTemplate) -> Iterator[Place]:
    if template.windows:
        return
    for at, value, container in of_containers(template, "readOnlyRootFilesystem"):
        yield Place(value is True, at, value, container)


@control(
    id="read-only-root-filesystem",
    chapter=CHAPTER,
    section=IMMUTABLE,
    severity="medium",
    subject="pod",
    title="Containers have a read-only root file system",
    why=(
        "Who breaks into a container wants to leave something there: a tool, a script, a changed program. A read-only "
        "root file system takes the place to put it."
    ),
    fix="Set readOnlyRootFilesystem: true, and mount an emptyDir where the application must write, such as /tmp.",
    caution=(
        "An application that writes beside itself (caches, sockets, logs) fails at start until it has a volume there."
    ),
    remedy="patch",
    references=References(
        nist_800_53=("AC-6", "CM-7", "SI-7"),
        nist_800_190=("4.4.4",),
        mitre=("T1609", "T1611"),
        kubescape=("C-0017",),
        trivy=("KSV-0014",),
    ),
    passing=[context("{readOnlyRootFilesystem: true}")],
    failing=[context("{readOnlyRootFilesystem: false}"), context("{}")],
)
def read_only_root_filesystem(template: PodTemplate) -> Iterator[Observation]:
    """Containers have a read-only root file system."""
    return tell(
        template,
        _file_systems(template),
        "true",
        "every root file system is read-only",
        "{who} can write to its root file system" + without_effect(template, "readOnlyRootFilesystem"),
    )
