"""Going through the images of a pod."""

from collections.abc import Callable, Iterator

from k8snb.analysis.images import Image, parse
from k8snb.controls.model import Observation, unknown
from k8snb.controls.pod_security._shared import NO_CONTAINER, empty
from k8snb.resources.pod import PodTemplate


def images(
    template: PodTemplate, expected: str, judge: Callable[[str, str, Image], Iterator[Observation]], below: str = ""
) -> Iterator[Observation]:
    """Judge the image of every container; what is no image reference cannot be judged.

    Args:
        template: The pod.
        expected: What would pass.
        judge: Gives observations of a field path, the reference that stands there, and its parts.
        below: What stands before `spec` in the field paths.
    """
    if empty(template):
        yield NO_CONTAINER
    for path, container in template.containers():
        at, reference = f"{below}spec.{path}.image", container.image or ""
        image = parse(reference)
        if image is None:
            word = f"{reference[:253]!r} is no image reference" if reference else f"{at} is not set"
            yield unknown("malformed", at, expected, word)
        else:
            yield from judge(at, reference, image)
