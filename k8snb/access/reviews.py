"""Asking an API server what the own identity may do, by SelfSubjectAccessReviews."""

from typing import Any

import msgspec

from k8snb.access.permissions import Permission
from k8snb.errors import SourceError
from k8snb.sources.connection import Connection
from k8snb.sources.connection_answer import decoded

PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_HINT = "The ClusterRole system:basic-user lets everybody who is authenticated ask."


class Review(msgspec.Struct, frozen=True):
    """What the server says of one permission.

    Attributes:
        allowed: Whether it is granted.
        reason: By which rule, or why not; untrusted text, may be empty.
    """

    allowed: bool
    reason: str = ""


class _Status(msgspec.Struct):
    allowed: bool
    reason: str | None = None
    evaluationError: str | None = None


class _Review(msgspec.Struct, tag_field="kind", tag="SelfSubjectAccessReview"):
    status: _Status


def review(connection: Connection, wanted: Permission, namespace: str = "") -> Review:
    """Ask whether something may be read.

    Args:
        connection: Whom to ask, and as whom.
        wanted: What is to be read.
        namespace: Where; empty for everywhere.

    Raises:
        SourceError: if the server does not say.
    """
    answer = connection.post(PATH, msgspec.json.encode(_question(wanted, namespace)))
    found = None if answer.reason else decoded(answer.body, _Review)
    if found is None:
        told = answer.reason or "the answer is no review"
        raise SourceError(f"{connection.host} does not tell what may be read: {told}.", _HINT)
    return Review(found.status.allowed, found.status.reason or found.status.evaluationError or "")


def _question(wanted: Permission, namespace: str) -> dict[str, Any]:
    if wanted.url:
        asked: dict[str, Any] = {"nonResourceAttributes": {"path": wanted.url, "verb": wanted.verb}}
    else:
        place = {"namespace": namespace} if wanted.namespaced and namespace else {}
        about = {"group": wanted.group, "resource": wanted.resource, "subresource": wanted.subresource}
        asked = {"resourceAttributes": {"verb": wanted.verb, **about, **place}}
    return {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": asked}
