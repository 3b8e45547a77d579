"""Objects that somebody already holds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from k8snb.errors import UsageError
from k8snb.sources.stream import Fact, Item, Page


class Objects(msgspec.Struct, frozen=True):
    """Objects in memory, as a source of one part.

    Attributes:
        items: What it gives.
        complete: Whether they are the whole cluster.
        kind: Always `objects`.
        name: For people.
    """

    items: tuple[Item, ...]
    complete: bool = True
    kind: str = "objects"
    name: str = "objects"
    size: int = 0

    def parts(self) -> "Sequence[Objects]":
        """Give itself."""
        return (self,)

    def read(self) -> Iterator[Item]:
        """Give the stream."""
        yield from self.items


def objects(values: Sequence[Mapping[str, Any]], *, complete: bool) -> Objects:
    """Make a source of Kubernetes objects, as builtin types.

    Args:
        values: The objects; JSON types.
        complete: Whether they are the whole cluster.

    Raises:
        UsageError: if a value is no JSON.
    """
    try:
        data = msgspec.json.encode({"kind": "List", "apiVersion": "v1", "items": list(values)})
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(
            f"The objects are not JSON ({error}).", "Pass dictionaries as `kubectl get -o json` gives them."
        ) from error
    return Objects((Page(data),), complete)


def example(text: str, facts: Mapping[str, Any]) -> Objects:
    """Make a source of the YAML of an example, as a whole cluster.

    Args:
        text: YAML documents.
        facts: Facts by name.
    """
    from k8snb.sources.yaml11 import documents

    parsed = list(documents(text.encode(), "example"))
    values = [one.value for one in parsed if hasattr(one, "value")]
    gaps = [one for one in parsed if not hasattr(one, "value")]
    known = [Fact(name, value, "probe", "example") for name, value in facts.items()]
    return Objects((Page(msgspec.json.encode({"kind": "List", "items": values})), *gaps, *known))
