"""Images come from registries that are trusted."""

from collections.abc import Iterator, Mapping
from typing import Any

from k8snb.analysis.images import Image, below
from k8snb.controls.model import Example, Observation, Parameter, References, seen, unknown
from k8snb.controls.pod_security._images import images
from k8snb.controls.pod_security._shared import CHAPTER, IMAGES, pod
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

TRUSTED = Parameter(
    "trusted_registries",
    list[str] | None,
    None,
    "Registries, or paths below them, whose images are trusted, such as registry.example.com,ghcr.io/team.",
)
_EXPECTED = "an image from a trusted registry"
_OURS = {TRUSTED.name: ["registry.example.com", "docker.io/library"]}


@control(
    id="trusted-registry",
    chapter=CHAPTER,
    section=IMAGES,
    severity="medium",
    subject="pod",
    title="Images come from trusted registries",
    why=(
        "An image is code from whoever could push it. Public registries hold typosquats, miners and images that nobody "
        "maintains; your own holds what you let in."
    ),
    fix="Mirror the image into a registry of yours, scan it there, and name that one.",
    caution="The mirror needs credentials, space, and somebody who keeps it up to date.",
    remedy="template",
    references=References(
        nist_800_53=("CM-7(5)", "SR-3"),
        nist_800_190=("4.1.5",),
        mitre=("T1525", "T1204.003"),
        kubescape=("C-0078",),
        trivy=("KSV-0125",),
    ),
    parameters=[TRUSTED],
    passing=[
        Example(pod("containers: [{name: app, image: 'registry.example.com/team/app:1.4.2'}]"), _OURS),
        Example(pod("containers: [{name: app, image: 'nginx:1.29'}]"), _OURS),
    ],
    failing=[Example(pod("containers: [{name: app, image: 'registry.example.com.evil.example/app:1.4.2'}]"), _OURS)],
)
def trusted_registry(template: PodTemplate, parameters: Mapping[str, Any]) -> Iterator[Observation]:
    """Images come from trusted registries."""
    trusted = parameters[TRUSTED.name]

    def judge(at: str, reference: str, image: Image) -> Iterator[Observation]:
        holds = any(below(image, place) for place in trusted)
        message = (
            "every image comes from a trusted registry" if holds else f"image {reference} is from no trusted registry"
        )
        yield seen(holds, at, reference, _EXPECTED, message)

    if trusted is None:
        yield unknown(
            "not-configured", "spec.containers[*].image", _EXPECTED, f"set the parameter {TRUSTED.name} to judge this"
        )
    else:
        yield from images(template, _EXPECTED, judge)
