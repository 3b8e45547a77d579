"""From a word to an inventory."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from k8snb.errors import UsageError
from k8snb.inventory.cluster import Cluster, load
from k8snb.sources.objects import objects as of_objects
from k8snb.sources.stream import Source


def connect(
    source: str | None = None,
    *,
    context: str | None = None,
    objects: Sequence[Mapping[str, Any]] | None = None,
    namespaces: Sequence[str] = (),
    complete: bool | None = None,
    kubeconfig: str | None = None,
) -> Cluster:
    """Read a cluster, and give its inventory.

    Args:
        source: `demo`, `context:NAME`, a path of manifests or a snapshot, or `-`; the current context if not given.
        context: Name of a kubeconfig context; the same as `context:NAME`.
        objects: Kubernetes objects as dictionaries, instead of a source.
        namespaces: Limits the subjects to these namespaces; none means all.
        complete: Whether manifests or objects are the whole cluster. Manifests are not unless told so; objects are.
        kubeconfig: Path of a kubeconfig file; as kubectl finds it if not given.

    Raises:
        UsageError: if the source cannot be understood.
        SourceError: if it cannot be read.
    """
    if sum(given is not None for given in (source, context, objects)) > 1:
        raise UsageError("Give one of source, context and objects.", "connect('demo'), connect(context='prod').")
    if objects is not None:
        return load(of_objects(objects, complete=complete is not False), namespaces)
    word = f"context:{context}" if context is not None else source
    return load(open_source(word, complete=bool(complete), kubeconfig=kubeconfig), namespaces)


def open_source(word: str | None, *, complete: bool = False, kubeconfig: str | None = None) -> Source:
    """Give the source that a word means, see `connect`; nothing is read but what tells its kind.

    Raises:
        UsageError: if the word means nothing.
        SourceError: if it cannot be read.
    """
    if word is None or word.startswith("context:"):
        from k8snb.sources.live import live

        return live(word and word.removeprefix("context:"), kubeconfig)
    if word == "demo":
        from k8snb.sources.demo import demo

        return demo()
    if word == "sandbox" or word.startswith("sandbox:"):
        raise UsageError(
            "There is no practice control plane yet.", "Use `demo`, or `context:NAME` of a cluster of yours."
        )
    if word == "-":
        from k8snb.sources.manifests import standard_input

        return standard_input(sys.stdin.buffer.read(), complete)
    from k8snb.sources.snapshot import is_snapshot, snapshot

    if is_snapshot(word):
        return snapshot(word)
    from k8snb.sources.manifests import manifests

    return manifests(word, complete)
