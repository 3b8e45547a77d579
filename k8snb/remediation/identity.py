"""Which cluster this is, and whom it takes us for."""

from typing import Any

import msgspec

from k8snb.inventory.cluster import Cluster
from k8snb.remediation.journal import Identity
from k8snb.remediation.objects import Raw
from k8snb.sources.connection import Connection
from k8snb.sources.connection_answer import decoded

_REVIEW = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
_QUESTION = msgspec.json.encode({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"})


def identity(cluster: Cluster, connection: Connection) -> Identity:
    """Ask a cluster which one it is and who we are; what it does not say stays empty."""
    namespace = decoded(connection.get("/api/v1/namespaces/kube-system").body, Raw) or {}
    review = decoded(connection.post(_REVIEW, _QUESTION).body, Raw) or {}
    uid = _text(namespace, "metadata", "uid")
    return Identity(cluster.source.name, connection.host, uid, _text(review, "status", "userInfo", "username"))


def _text(value: Any, *keys: str) -> str:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
