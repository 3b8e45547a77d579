"""What a change is about: one object, where the API serves it, and where its pod template stands."""

from typing import Any
from urllib.parse import quote

import msgspec

from k8snb.assessment.result import Subject
from k8snb.errors import UsageError
from k8snb.resources.kinds import Kind, find

_SPEC = ("spec", "template")
TEMPLATES: dict[str, tuple[str, ...]] = {
    "Pod": (),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
} | dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"), _SPEC)
"""Where the pod template stands in an object of a kind."""


class Target(msgspec.Struct, frozen=True):
    """One object.

    Attributes:
        api_version: Its `apiVersion`.
        kind: Its kind.
        namespace: Its namespace; empty where it has none.
        name: Its name; untrusted text.
    """

    api_version: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return "/".join(part for part in (self.kind, self.namespace, self.name) if part)

    @property
    def known(self) -> Kind | None:
        """The kind as it is served; None for what k8snb does not read, or what is no object."""
        return find(self.api_version, self.kind) if self.api_version else None

    @property
    def collection(self) -> str:
        """The path that objects of its kind are made at.

        Raises:
            UsageError: if the kind is not known.
        """
        kind = self.known
        if kind is None:
            raise UsageError(f"{self.kind} is no kind that k8snb changes.")
        root, _, resource = kind.path.rpartition("/")
        return f"{root}/namespaces/{quote(self.namespace, safe='')}/{resource}" if kind.namespaced else kind.path

    @property
    def path(self) -> str:
        """Its own path.

        Raises:
            UsageError: if the kind is not known.
        """
        return f"{self.collection}/{quote(self.name, safe='')}"


def of_subject(subject: Subject) -> Target:
    """Give the object that a finding is about."""
    return Target(subject.apiVersion, subject.kind, subject.namespace, subject.name)


def of_object(raw: dict[str, Any]) -> Target:
    """Give what an object of builtin types is."""
    metadata = raw.get("metadata") or {}
    kind = find(raw.get("apiVersion", ""), raw.get("kind", ""))
    namespace = metadata.get("namespace") or ("default" if kind is None or kind.namespaced else "")
    return Target(
        raw.get("apiVersion", ""),
        raw.get("kind", ""),
        namespace if isinstance(namespace, str) else "",
        metadata["name"],
    )


def template_of(raw: dict[str, Any]) -> dict[str, Any] | None:
    """Give the pod template in an object, the very dictionary; None where there is none."""
    found: Any = raw
    for key in TEMPLATES.get(raw.get("kind", ""), ("",)):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None
