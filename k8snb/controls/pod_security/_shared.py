"""What the controls of this chapter share: section headings, examples, and telling the places a check looked at."""

from collections.abc import Callable, Iterable, Iterator
from textwrap import indent
from typing import Any

from k8snb.analysis.pod_security.model import Level, Place
from k8snb.controls.model import Observation, Parameter, seen, unknown
from k8snb.resources.pod import Container, PodTemplate

CHAPTER = "pod-security"
NON_ROOT = '"Non-root" containers and "rootless" container engines'
IMMUTABLE = "Immutable container file systems"
IMAGES = "Building secure container images"
ENFORCEMENT = "Pod security enforcement"
TOKENS = "Protecting Pod service account tokens"
HARDENING = "Hardening container environments"

LEVEL = Parameter("pod_security_level", Level, "baseline", "Pod Security level to ask for: baseline or restricted.")

NO_CONTAINER = unknown(
    "malformed", "spec.containers", "at least one container", "there is no container in the pod to judge"
)
_LONGEST_NAME = 63


def pod(spec: str) -> str:
    """Give an example: a pod with that spec, in YAML."""
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: app, namespace: shop}}\nspec:\n{indent(spec.strip(), '  ')}\n"


def context(security_context: str) -> str:
    """Give an example: a pod of one container with that `securityContext`, in YAML."""
    return pod(
        f"containers:\n- {{name: app, image: registry.example.com/app:1.4.2, securityContext: {security_context}}}"
    )


def empty(template: PodTemplate) -> bool:
    """Say whether there is no container at all, so that nothing can be concluded."""
    spec = template.spec
    return not (spec.containers or spec.initContainers or spec.ephemeralContainers)


def who(place: Place) -> str:
    """Tell whose field it is; names are untrusted text, cut to the length that Kubernetes allows."""
    container = place.container
    if container is None:
        return "the pod"
    name = (container.name or "without a name")[:_LONGEST_NAME]
    return f"{_role(place.at, container)} {name}"


def _role(at: str, container: Container) -> str:
    if at.startswith("spec.initContainers"):
        return "sidecar" if container.restartPolicy == "Always" else "init container"
    return "ephemeral container" if at.startswith("spec.ephemeralContainers") else "container"


def tell(
    template: PodTemplate,
    places: Iterable[Place],
    expected: str,
    good: str,
    bad: str | Callable[[Place], str],
    *,
    linux_only: bool = False,
) -> Iterator[Observation]:
    """Make observations of the places that a check looked at.

    Args:
        template: The pod.
        places: What the check saw.
        expected: What would pass.
        good: Says in one clause that all is well.
        bad: Says in one clause what is wrong, or gives that clause for a place; `{who}` and `{observed}` are filled in.
        linux_only: Whether what is well says nothing of a Windows pod. What is wrong is wrong there too: the API
            server would refuse it.
    """
    if empty(template):
        yield NO_CONTAINER
    for place in places:
        if not place.allowed:
            yield seen(
                False, place.at, place.observed, expected, _fill(bad if isinstance(bad, str) else bad(place), place)
            )
        elif not (linux_only and template.windows):
            yield seen(True, place.at, place.observed, expected, good)


def _fill(text: str, place: Place) -> str:
    return text.format(who=who(place), observed=_short(place.observed))


def _short(observed: Any) -> str:
    if isinstance(observed, list):
        return ", ".join(_short(one) for one in observed[:8]) + (", …" if len(observed) > 8 else "")
    text = "not set" if observed is None else str(observed)
    return text if len(text) <= 253 else f"{text[:252]}…"


def without_effect(template: PodTemplate, field: str) -> str:
    """Tell that the pod sets a field which only containers have; empty if it does not."""
    context = template.spec.securityContext
    set_there = context is not None and getattr(context, field) is not None
    return f" (the pod's securityContext has no field {field}; what is set there has no effect)" if set_there else ""
