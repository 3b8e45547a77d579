"""Images: named by the digest of what runs today."""

import re
from collections import defaultdict
from collections.abc import Iterator

from k8snb.remediation.objects import Raw
from k8snb.remediation.plans.containers import containers
from k8snb.remediation.plans.model import Context, Procedure, Proposal, Proposed, Recipe, differing
from k8snb.remediation.target import Target, template_of

_DIGEST = re.compile(r"@(sha256:[0-9a-f]{64})$")
_LOOKED_AT = 3
"""How many pods are asked; they must agree."""
_STATUSES = ("initContainerStatuses", "containerStatuses")
Running = dict[tuple[str, str], set[str]]
"""Digests by name of container and reference."""


def _by_digest(context: Context) -> Iterator[Proposed]:
    raw = context.read(context.target)
    template = template_of(raw) if raw else None
    if context.finding.subject.differs or template is None:
        yield differing(context.target)
        return
    running = _running(context)
    missing = [str(one.get("image")) for one in containers(template) if not _known(one, running)]

    def edit(one: Raw) -> None:
        for container in containers(template_of(one) or {}):
            digest = _known(container, running)
            if digest and "@" not in container["image"]:
                container["image"] += f"@{digest}"

    if running:
        yield Proposal(
            context.target, edit, note="What runs today is what is named; digests have to follow every release."
        )
    if missing:
        yield _unknown(missing)


def _known(container: Raw, running: Running) -> str:
    """Give the digest of a container's image; empty where it is not known, or pods do not agree."""
    image = str(container.get("image", ""))
    if "@" in image:
        return image.partition("@")[2]
    found = running.get((str(container.get("name")), image), set())
    return next(iter(found)) if len(found) == 1 else ""


def _running(context: Context) -> Running:
    subject, found = context.finding.subject, _nothing()
    key = (subject.kind, subject.namespace, subject.name)
    for one in context.cluster.workloads:
        if (one.kind, one.namespace, one.name) == key and not one.variant:
            names = [name for podset in one.podsets for name in podset.names][:_LOOKED_AT]
            for name in names:
                _add(found, context.read(Target("v1", "Pod", subject.namespace, name)) or {})
    return dict(found)


def _nothing() -> defaultdict[tuple[str, str], set[str]]:
    return defaultdict(set)


def _add(found: Running, pod: Raw) -> None:
    images = {str(one.get("name")): str(one.get("image")) for one in containers(pod)}
    for field in _STATUSES:
        for one in (pod.get("status") or {}).get(field) or ():
            digest = _DIGEST.search(str(one.get("imageID", "")))
            if digest:
                found[str(one.get("name")), images.get(str(one.get("name")), "")].add(digest[1])


def _unknown(images: list[str]) -> Procedure:
    return Procedure(
        f"Which image runs today as {', '.join(dict.fromkeys(images))} is not known here, or pods do not agree.",
        (
            "Ask the registry for the digest of the version that was reviewed: crane digest IMAGE, or docker buildx "
            "imagetools inspect IMAGE.",
            "Append it to the reference, as in registry.example.com/app:1.4.2@sha256:…, and let a bot raise both.",
        ),
    )


RECIPES: dict[str, Recipe] = {"image-digest": _by_digest, "pinned-image-tag": _by_digest}
