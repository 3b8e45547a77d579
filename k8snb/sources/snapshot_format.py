"""The `*.k8snb` file: a zip of JSON pages with an index that holds the SHA-256 of every one.

| member | what it holds |
| --- | --- |
| `pages/RESOURCE-00001.json` | a typed list (`PodList`) of at most 500 cleaned objects |
| `origins/RESOURCE-00001.json` | `[file, document, line]` of each of them, where the source was text |
| `stream/00001.json` | listings, gaps, facts and notes, in the order in which they were given |
| `snapshot.json` | the index; the last member, as it is only known at the end |

The same stream and the same `created` make the same members, byte for byte.
"""

import re

import msgspec

from k8snb.sources.stream import Fact, Gap, Listed, Note

FORMAT = "k8snb/snapshot/v1"
FAMILY = "k8snb/snapshot/v"
INDEX = "snapshot.json"
MEMBER = re.compile(r"(?:pages|origins|stream)/[a-z0-9-]{1,80}\.json")

MOST_OBJECTS = 500
MOST_BYTES = 64 * 2**20
MOST_TOTAL = 8 * 2**30
MOST_RATIO = 500
FREE_TOTAL = 256 * 2**20
"""Below this many bytes in total the ratio of compression is no concern."""


class Member(msgspec.Struct, frozen=True):
    """A member of the file: its name, the SHA-256 (hexadecimal) and size of its content, and how many items it has."""

    file: str
    sha256: str
    size: int
    items: int


class PageMember(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of objects of one kind."""

    kind: str
    page: Member
    apiVersion: str = ""
    origins: Member | None = None

    @property
    def members(self) -> tuple[Member, ...]:
        """Its members of the file."""
        return (self.page, self.origins) if self.origins else (self.page,)


class Index(msgspec.Struct, frozen=True):
    """Content of `snapshot.json`.

    Attributes:
        format: `k8snb/snapshot/v1`.
        tool: Version of the k8snb that wrote it.
        kind: Kind of the source that it was made of.
        name: Name of that source; untrusted text.
        complete: Whether it is the whole cluster.
        created: When, RFC 3339.
        pages: The objects.
        stream: Everything else.
    """

    format: str
    tool: str
    kind: str
    name: str
    complete: bool
    created: str
    pages: tuple[PageMember, ...]
    stream: tuple[Member, ...]

    @property
    def members(self) -> tuple[Member, ...]:
        """Every member of the file but the index."""
        return (*(member for page in self.pages for member in page.members), *self.stream)


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One item of a stream file; exactly one field is set."""

    listed: Listed | None = None
    gap: Gap | None = None
    fact: Fact | None = None
    note: Note | None = None
