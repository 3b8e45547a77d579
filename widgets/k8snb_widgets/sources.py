"""The sources that a person can choose among, and what may be read of one, at a glance."""

import hashlib
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec

from k8snb.display.words import number
from k8snb.errors import K8snbError
from k8snb.languages import _
from k8snb.sources.known import ENDINGS, contexts, paths
from k8snb_widgets.lines import shown

MOST = 60
"""Sources that are offered."""
_OWN = {"waivers.yaml", "attestations.yaml"}
_LOOKED = 200
_MOST_MISSING = 12


class Offered(msgspec.Struct, frozen=True):
    """A source to choose.

    Attributes:
        word: What `k8snb.connect` understands; untrusted text.
        what: What it is.
    """

    word: str
    what: str

    @property
    def id(self) -> str:
        """A short name for it."""
        return hashlib.sha256(self.word.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class Glance(msgspec.Struct, frozen=True):
    """What may be read of a source, at a glance.

    Attributes:
        state: `met`, `partly`, or `gone` where it cannot be read at all.
        told: One line; untrusted text.
        missing: What cannot be read, each with its cause.
        controls: How many controls lose something.
        seconds: How long it took to ask.
    """

    state: str
    told: str
    missing: tuple[str, ...] = ()
    controls: int = 0
    seconds: float = 0


def offered(folder: str = "") -> list[Offered]:
    """Give what there is to choose: the demo, practice clusters, contexts, manifests and snapshots of a folder.

    Args:
        folder: Where to look for files; the working directory if empty.
    """
    return list(_offered(folder))[:MOST]


def _offered(folder: str) -> Iterator[Offered]:
    from k8snb.sandbox.home import homes

    yield Offered("demo", _("the bundled demo cluster"))
    for one in homes():
        yield Offered(f"sandbox:{one.name}" if one.name else "sandbox", _("a practice cluster on this machine"))
    for name in contexts():
        yield Offered(f"context:{name}", _("a cluster of the kubeconfig"))
    for path, kind in paths(f"{folder}/" if folder else "").items():
        if kind == "folder" and _holds_sources(Path(path)):
            yield Offered(path, _("a folder of manifests"))
        elif path.endswith(ENDINGS) and kind == "file" and Path(path).name not in _OWN:
            yield Offered(path, _("a snapshot") if path.endswith(".k8snb") else _("a file of manifests"))


def _holds_sources(folder: Path) -> bool:
    try:
        names = [one.name for one in islice(folder.iterdir(), _LOOKED)]
    except OSError:
        return False
    return any(name.endswith(ENDINGS) and not name.startswith(".") for name in names)


def glance(word: str) -> Glance:
    """Ask what may be read of a source; a server that is silent is waited for a few seconds only.

    Args:
        word: As `k8snb.connect` understands it; the current kubeconfig context if empty.
    """
    began = time.monotonic()
    try:
        found = _asked(word)
    except K8snbError as error:
        found = Glance("gone", shown(error, 400))
    return msgspec.structs.replace(found, seconds=time.monotonic() - began)


def _asked(word: str) -> Glance:
    from k8snb.access.preflight import preflight
    from k8snb.inventory.connect import open_source
    from k8snb.sources.connection import Limits
    from k8snb.sources.connection_config import Access
    from k8snb.sources.live import Live

    brief = Limits(connect=3, read=8, whole=20, retries=0, patience=10)
    source = open_source(word or None, kubeconfig=Access(limits=brief))
    if isinstance(source, Live) and (version := source.connection.get("/version")).failed:
        return Glance("gone", _(f"{shown(source.connection.host, 200)} does not answer: {shown(version.reason)}."))
    found = preflight(source)
    missing = tuple(shown(f"{one.name}: {_(one.cause)}", 200) for one in found.permissions if one.cause)
    if found.met:
        return Glance("met", _("All that an assessment wants can be read."), missing, len(found.controls))
    wanted = [one for one in found.permissions if one.required]
    short = number(sum(not one.readable for one in wanted), "thing")
    told = _(f"{short} of {len(wanted)} cannot be read; that costs {number(len(found.controls), 'control')}.")
    return Glance("partly", told, missing[:_MOST_MISSING], len(found.controls))
