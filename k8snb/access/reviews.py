"""Asking an API server for the permissions that reading a cluster takes."""

from typing import Any

from k8snb.access.permissions import Permission
from k8snb.sources.access_review import Review, ask
from k8snb.sources.connection import Connection


def review(connection: Connection, wanted: Permission, namespace: str = "") -> Review:
    """Ask whether something may be read.

    Args:
        connection: Whom to ask, and as whom.
        wanted: What is to be read.
        namespace: Where; empty for everywhere.

    Raises:
        SourceError: if the server does not say.
    """
    return ask(connection, _question(wanted, namespace))


def _question(wanted: Permission, namespace: str) -> dict[str, Any]:
    if wanted.url:
        return {"nonResourceAttributes": {"path": wanted.url, "verb": wanted.verb}}
    place = {"namespace": namespace} if wanted.namespaced and namespace else {}
    about = {"group": wanted.group, "resource": wanted.plural, "subresource": wanted.subresource}
    return {"resourceAttributes": {"verb": wanted.verb, **about, **place}}
