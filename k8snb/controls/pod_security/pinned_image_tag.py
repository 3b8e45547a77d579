"""Images are named by a version."""

from collections.abc import Iterator

from k8snb.analysis.images import Image
from k8snb.controls.model import Observation, References, seen
from k8snb.controls.pod_security._images import images
from k8snb.controls.pod_security._shared import CHAPTER, IMAGES, pod
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_EXPECTED = "a tag other than latest, or a digest"


def _judge(at: str, reference: str, image: Image) -> Iterator[Observation]:
    pinned = bool(image.digest) or image.tag not in {None, "latest"}
    what = "the tag latest" if image.tag else "no tag"
    message = "every image names its version" if pinned else f"image {reference} has {what}"
    yield seen(pinned, at, reference, _EXPECTED, message)


@control(
    id="pinned-image-tag",
    chapter=CHAPTER,
    section=IMAGES,
    severity="medium",
    subject="pod",
    title="Images are named by a version, not by latest",
    why=(
        "What latest means is decided anew at every pull. Two pods of one workload may run different code, a scan of "
        "yesterday says nothing of today, and nobody can go back."
    ),
    fix="Name the version in the tag, or better the digest.",
    caution="Somebody, or a bot, has to raise versions from now on; unpatched images are no gain.",
    remedy="template",
    references=References(
        nist_800_53=("CM-2", "CM-3"),
        nist_800_190=("4.2.2",),
        mitre=("T1525", "T1204.003"),
        kubescape=("C-0075",),
        trivy=("KSV-0013",),
    ),
    passing=[pod("containers: [{name: app, image: 'registry.example.com/app:1.4.2'}]")],
    failing=[pod("containers: [{name: app, image: nginx}]"), pod("containers: [{name: app, image: 'nginx:latest'}]")],
)
def pinned_image_tag(template: PodTemplate) -> Iterator[Observation]:
    """Images are named by a version, not by latest."""
    return images(template, _EXPECTED, _judge)
