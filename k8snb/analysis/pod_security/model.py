"""What a check of the Pod Security Standards is."""

from collections.abc import Callable, Iterable
from typing import Any, Literal

import msgspec

from k8snb.resources.pod import Container, PodTemplate

Level = Literal["privileged", "baseline", "restricted"]
LEVELS: tuple[Level, ...] = ("privileged", "baseline", "restricted")
"""The levels, each stricter than the one before."""


class Place(msgspec.Struct, frozen=True, gc=False):
    """One place that a check looked at.

    Attributes:
        allowed: Whether what stands there is allowed.
        at: Field path from `spec` (or `metadata`).
        observed: What stands there, JSON types; None for an unset field.
        container: The container that it belongs to; None for the pod.
    """

    allowed: bool
    at: str
    observed: Any
    container: Container | None = None


class Violation(msgspec.Struct, frozen=True, gc=False):
    """One place that a level forbids.

    Attributes:
        check: Id of the check, as in Kubernetes (`privileged`, `hostNamespaces`, `capabilities_restricted`).
        at: Field path from `spec` (or `metadata`).
        observed: What stands there, JSON types; None for an unset field.
    """

    check: str
    at: str
    observed: Any


Look = Callable[[PodTemplate], Iterable[Place]]


class Revision(msgspec.Struct, frozen=True):
    """A check as it is from some version of the standards on.

    Attributes:
        since: First minor of Kubernetes 1.x that it applies to.
        look: Gives every place that it looks at.
        overrides: Baseline checks that are left out where this restricted one is made.
    """

    since: int
    look: Look
    overrides: tuple[str, ...] = ()


class Check(msgspec.Struct, frozen=True):
    """A check with its revisions, oldest first."""

    id: str
    level: Level
    revisions: tuple[Revision, ...]
