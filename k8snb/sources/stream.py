"""What a source gives: a stream of pages, listings, gaps and facts.

Every source speaks in these four words, whatever it is made of. `Page` carries raw objects; `Listed` says that a
resource was listed to its end; `Gap` says what could not be read, and why; `Fact` is evidence that is no object.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, Protocol

import msgspec

Cause = Literal[
    "forbidden",
    "unreachable",
    "managed-by-provider",
    "not-collected",
    "timeout",
    "unsupported",
    "not-configured",
    "malformed",
]
"""Why something was not read or not assessed."""


ELSEWHERE = "*"
"""The namespace of a gap that reaches every namespace that was not listed; no namespace can have this name."""


ENDPOINT = "endpoint"
"""Name of the fact that tells the host which the API server was reached at."""


class Origin(msgspec.Struct, frozen=True, gc=False):
    """Where an object stands in the text it was read from: file, document (from 1) and line (from 1)."""

    file: str
    document: int = 1
    line: int = 1

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}" if self.document == 1 else f"{self.file}:{self.line} (document {self.document})"
        )


class Page(msgspec.Struct, frozen=True, gc=False):
    """Raw objects as JSON.

    Attributes:
        data: UTF-8 JSON, either one object or a list (`{"kind": "PodList", "items": [...]}`, also `kind: List`).
        origins: The place of each item, in the order of the items; empty where a place means nothing (a live cluster).
    """

    data: bytes
    origins: tuple[Origin, ...] = ()


class Listed(msgspec.Struct, frozen=True, gc=False):
    """A resource (its plural name, such as `pods`) was listed to the end; its absence means absence.

    `namespaces` limits that to some namespaces; None is the whole cluster.
    """

    resource: str
    namespaces: tuple[str, ...] | None = None


class Gap(msgspec.Struct, frozen=True, gc=False):
    """Something that should have been read and was not.

    Attributes:
        cause: Why.
        message: One line for a person.
        resource: Plural name of what may be missing; None when it may be anything (an unparsed document).
        namespace: The namespace that is affected; None when it may be any, `ELSEWHERE` when it may be any but those
            that were listed.
        origin: Where in the source's text, if it has one.
        subject: (kind, namespace, name) of the very object, where that much is known.
    """

    cause: Cause
    message: str
    resource: str | None = None
    namespace: str | None = None
    origin: Origin | None = None
    subject: tuple[str, str, str] | None = None


class Fact(msgspec.Struct, frozen=True, gc=False):
    """Evidence that is no object, such as the server's version or the effective flags of a component.

    Attributes:
        name: What it is about: `version`, `endpoint`, `provider`, `clock`, `flags/kube-apiserver` and the like.
        value: Its content; JSON types only.
        source: How it was seen, as in evidence: `flag`, `metric`, `probe`, `provider`, `benchmark`, `object`.
        at: Where it was seen (a path, an address, a file).
        seen: When, RFC 3339; empty when unknown.
    """

    name: str
    value: Any
    source: str
    at: str
    seen: str = ""


class Note(msgspec.Struct, frozen=True, gc=False):
    """Something left aside on purpose that a reader should know of, such as `12 CustomResourceDefinitions skipped`."""

    message: str


Item = Page | Listed | Gap | Fact | Note


class Part(Protocol):
    """A piece of a source that can be read for itself, in any process. It is picklable."""

    @property
    def size(self) -> int:
        """Roughly how many bytes it holds, to share the work; 0 where unknown."""

    def read(self) -> Iterator[Item]:
        """Give the stream; what cannot be read is a `Gap`, never an exception."""


class Source(Protocol):
    """Where a cluster's objects come from."""

    @property
    def kind(self) -> str:
        """`demo`, `context`, `manifests`, `snapshot`, `sandbox` or `objects`."""

    @property
    def name(self) -> str:
        """For people and for the name of an archive; untrusted text."""

    @property
    def complete(self) -> bool:
        """Whether it is the whole cluster, so that what is absent does not exist."""

    def parts(self) -> Sequence[Part]:
        """Give the pieces, in a stable order.

        Raises:
            SourceError: if nothing of the source can be read.
        """
