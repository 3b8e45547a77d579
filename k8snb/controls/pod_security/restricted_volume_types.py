"""Pods use only volume types that keep the node and storage systems out of reach."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.restricted_volumes import restricted_volumes
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, ENFORCEMENT, pod, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_CONTAINERS = "containers: [{name: app, image: registry.example.com/app:1.4.2}]\n"


@control(
    id="restricted-volume-types",
    chapter=CHAPTER,
    section=ENFORCEMENT,
    severity="medium",
    subject="pod",
    title="Pods use only volume types of the restricted level",
    why=(
        "Volumes written into a pod, such as nfs or iscsi, let whoever may create a pod reach storage that nobody gave "
        "them, with code of the kernel or the node doing the mount."
    ),
    fix="Offer the storage as a PersistentVolume through its CSI driver, and claim it.",
    caution="Moving data to a claim needs a plan for the data, and usually an interruption.",
    remedy="manual",
    references=References(
        pss=("restricted: Volume Types",),
        nist_800_53=("AC-3", "AC-6"),
        nist_800_190=("4.4.3",),
        mitre=("T1611",),
        trivy=("KSV-0028",),
    ),
    passing=[pod(_CONTAINERS + "volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]"), pod(_CONTAINERS)],
    failing=[pod(_CONTAINERS + "volumes: [{name: data, nfs: {server: storage.example.com, path: /data}}]")],
)
def restricted_volume_types(template: PodTemplate) -> Iterator[Observation]:
    """Pods use only volume types of the restricted level."""
    return tell(
        template,
        restricted_volumes(template),
        "a volume type of the restricted level",
        "every volume is of a type that the restricted level allows",
        "{who} has a volume of type {observed}",
    )
