"""Asking an API server what the own identity may do, by a SelfSubjectAccessReview."""

from collections.abc import Mapping
from typing import Any

import msgspec

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


def ask(connection: Connection, spec: Mapping[str, Any]) -> Review:
    """Ask whether something may be done.

    Args:
        connection: Whom to ask, and as whom.
        spec: `spec` of the review: `resourceAttributes` or `nonResourceAttributes`.

    Raises:
        SourceError: if the server does not say.
    """
    body = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": spec}
    answer = connection.post(PATH, msgspec.json.encode(body))
    found = None if answer.reason else decoded(answer.body, _Review)
    if found is None:
        told = answer.reason or "the answer is no review"
        raise SourceError(f"{connection.host} does not tell what may be read: {told}.", _HINT)
    return Review(found.status.allowed, found.status.reason or found.status.evaluationError or "")
