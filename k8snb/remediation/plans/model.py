"""What a recipe is given, and what it proposes."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from k8snb.assessment.result import Finding
from k8snb.inventory.cluster import Cluster
from k8snb.remediation.objects import Raw
from k8snb.remediation.target import Target, template_of

Edits = Callable[[Raw], None]
"""Changes an object in place, and only what its control asks for."""


class Context(msgspec.Struct, frozen=True):
    """What a recipe may look at.

    Attributes:
        cluster: The inventory.
        finding: What is to be fixed.
        target: The object that the finding is about.
        parameters: Values of the run's parameters.
        read: Gives a whole object; None where it does not exist.
        discover: Gives the resources and verbs that the cluster serves in an API group; empty where it does not say.
    """

    cluster: Cluster
    finding: Finding
    target: Target
    parameters: Mapping[str, Any]
    read: Callable[[Target], Raw | None]
    discover: Callable[[str], Mapping[str, tuple[str, ...]]]


class Proposal(msgspec.Struct, frozen=True):
    """One object that is to change.

    Attributes:
        target: Which one.
        edit: Changes it; None where it is made or goes.
        make: The object that is made; with neither, the object goes.
        note: What a person should know of the choice, one sentence.
    """

    target: Target
    edit: Edits | None = None
    make: Raw | None = None
    note: str = ""


class Procedure(msgspec.Struct, frozen=True):
    """What a person does where no patch is right.

    Attributes:
        why: Why there is no patch; one sentence.
        steps: What to do, in order.
        files: Finished files by name.
    """

    why: str
    steps: tuple[str, ...]
    files: Mapping[str, str] = {}


Proposed = Proposal | Procedure
Recipe = Callable[[Context], Iterator[Proposed]]
Template = Callable[[Raw], str]
"""Changes a pod template in place; gives a note, or nothing."""


def on_template(change: Template) -> Recipe:
    """Make a recipe of what changes a pod template."""

    def recipe(context: Context) -> Iterator[Proposed]:
        raw = context.read(context.target)
        if raw is None or template_of(raw) is None:
            yield Procedure(f"{context.target} was not found, so it cannot be changed.", (_AGAIN,))
            return
        if context.finding.subject.differs:
            yield differing(context.target)
            return
        if _MIRROR in (raw["metadata"].get("annotations") or {}):
            yield _static(context.target, raw)
            return
        trial: Raw = msgspec.json.decode(msgspec.json.encode(template_of(raw)))
        yield Proposal(context.target, lambda one: _change(one, change), note=change(trial))

    return recipe


_MIRROR = "kubernetes.io/config.mirror"
_AGAIN = "Assess again, and look whether the finding is still there."


def _change(raw: Raw, change: Template) -> None:
    template = template_of(raw)
    if template is not None:
        change(template)


def _static(pod: Target, raw: Raw) -> Procedure:
    node = str((raw.get("spec") or {}).get("nodeName") or "its node")
    return Procedure(
        f"{pod} mirrors a static pod: its kubelet reads it from a file, and the API server cannot change it.",
        (
            f"On {node} copy the file of the pod in the kubelet's staticPodPath (/etc/kubernetes/manifests) elsewhere.",
            "Change the field in the file; the kubelet restarts the pod by itself. The copy is the way back.",
            _AGAIN,
        ),
    )


def differing(owner: Target) -> Procedure:
    """Tell what to do where pods are not as their template has them."""
    return Procedure(
        f"The template of {owner} is not what is wrong: running pods differ from it.",
        (
            "Find out who changed them: an injecting webhook, an ephemeral container, or somebody who made pods under "
            f"the name of {owner.kind} {owner.name}.",
            "Mend the webhook, or delete these pods so that their controller makes them anew from its template.",
            _AGAIN,
        ),
    )
