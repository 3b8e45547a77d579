"""Images are named by their digest."""

from collections.abc import Iterator

from k8snb.analysis.images import Image
from k8snb.controls.model import Observation, References, seen
from k8snb.controls.pod_security._images import images
from k8snb.controls.pod_security._shared import CHAPTER, IMAGES, pod
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_EXPECTED = "a digest"
_DIGEST = "sha256:" + "0123456789abcdef" * 4


def _judge(at: str, reference: str, image: Image) -> Iterator[Observation]:
    holds = bool(image.digest)
    message = "every image is named by its digest" if holds else f"image {reference} is not named by its digest"
    yield seen(holds, at, reference, _EXPECTED, message)


@control(
    id="image-digest",
    chapter=CHAPTER,
    section=IMAGES,
    severity="low",
    subject="pod",
    title="Images are named by their digest",
    why=(
        "A tag can be moved to another image by anyone who may push. A digest is the image: what was reviewed, signed"
        " and scanned is what runs."
    ),
    fix=(
        "Append the digest to the reference (registry.example.com/app:1.4.2@sha256:…), or let an admission webhook do"
        " it."
    ),
    caution="Digests have to follow every release; automate it, or patches will not arrive.",
    remedy="template",
    references=References(
        nist_800_53=("CM-14", "SI-7"),
        nist_800_190=("4.1.5", "4.2.2"),
        mitre=("T1525", "T1204.003"),
    ),
    passing=[pod(f"containers: [{{name: app, image: 'registry.example.com/app@{_DIGEST}'}}]")],
    failing=[pod("containers: [{name: app, image: 'registry.example.com/app:1.4.2'}]")],
)
def image_digest(template: PodTemplate) -> Iterator[Observation]:
    """Images are named by their digest."""
    return images(template, _EXPECTED, _judge)
