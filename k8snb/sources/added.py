"""A source with facts beside it that were read elsewhere, such as the export of a provider."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from k8snb.sources.stream import Fact, Item, Part, Source


class Facts(msgspec.Struct, frozen=True):
    """Facts as a part of a source.

    Attributes:
        facts: What they are.
        size: Nothing to share.
    """

    facts: tuple[Fact, ...]
    size: int = 0

    def read(self) -> Iterator[Item]:
        """Give them."""
        yield from self.facts


class Added:
    """A source, and facts beside it; everything else is that of the source.

    Attributes:
        added: That there are facts whose cluster is to be compared.
        path: None: it is no file that could be copied as it is.
    """

    added, path = True, None

    def __init__(self, source: Source, facts: Sequence[Fact]) -> None:
        self._source, self._facts = source, Facts(tuple(facts))
        self.kind, self.name, self.complete = source.kind, source.name, source.complete

    def parts(self) -> Sequence[Part]:
        """Give the pieces of the source, and the facts."""
        return (*self._source.parts(), self._facts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)
