"""A practice cluster as a source."""

from typing import TYPE_CHECKING

from k8snb.errors import SourceError
from k8snb.sandbox.home import by_context, home

if TYPE_CHECKING:
    from k8snb.sources.live import Live


def sandbox(name: str) -> "Live":
    """Open a practice cluster.

    Args:
        name: Its name; empty for the one without a name.

    Raises:
        UsageError: if the name is no name.
        SourceError: if there is none of that name.
    """
    from msgspec.structs import replace

    from k8snb.sources.live import live

    place = home(name)
    if not place.kubeconfig.is_file():
        make = f"k8snb sandbox up{f' --name {name}' if name else ''}"
        raise SourceError(f"{place.context} is not up.", f"{make} makes it.")
    return replace(live(place.context, str(place.kubeconfig)), kind="sandbox", name=place.context)


def kubeconfig(context: str) -> str | None:
    """Give the kubeconfig of the practice cluster that a context belongs to, or None if it belongs to none."""
    found = by_context(context)
    return str(found.kubeconfig) if found else None
