"""Pages on which a component of Kubernetes tells about itself, in their structured form."""

from typing import TypeVar

from k8snb.sources.connection import JSON, Connection
from k8snb.sources.connection_answer import decoded
from k8snb.sources.stream import Gap

T = TypeVar("T")
_VERSIONS = ("v1beta1", "v1alpha1")


def page(connection: Connection, path: str, kind: str, wanted: type[T]) -> T | Gap:
    """Ask for a page.

    Args:
        connection: How to ask.
        path: Such as `/flagz`.
        kind: Its kind in the API group `config.k8s.io`, such as `Flagz`.
        wanted: What to decode it to.

    Returns:
        The page, or why there is none. Source: Kubernetes, KEP-4828 and KEP-4827; on by default since 1.36.
    """
    accept = ", ".join(f"{JSON};v={version};g=config.k8s.io;as={kind}" for version in _VERSIONS)
    answer = connection.get(path, accept=accept)
    found = decoded(answer.body, wanted) if answer.status == 200 else None
    if found is not None:
        return found
    told = answer.reason or "an answer that is not understood"
    return Gap(answer.failed or "unsupported", f"{path} of the API server: {told}", path)
