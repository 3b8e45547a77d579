"""From a word to an inventory."""

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from k8snb.errors import UsageError
from k8snb.inventory.cluster import Cluster, load
from k8snb.sources.objects import objects as of_objects
from k8snb.sources.stream import Source

if TYPE_CHECKING:
    from k8snb.sources.connection_config import Access
    from k8snb.sources.live import Live


def connect(
    source: str | None = None,
    *,
    context: str | None = None,
    objects: Sequence[Mapping[str, Any]] | None = None,
    namespaces: Sequence[str] = (),
    complete: bool | None = None,
    kubeconfig: "Access | str | None" = None,
    evidence: Sequence[str] = (),
    any_evidence: bool = False,
) -> Cluster:
    """Read a cluster, and give its inventory.

    Args:
        source: `demo`, `sandbox`, `sandbox:NAME`, `context:NAME`, a path of manifests or a snapshot, or `-`; the
            current context if not given.
        context: Name of a kubeconfig context; the same as `context:NAME`.
        objects: Kubernetes objects as dictionaries, instead of a source.
        namespaces: Limits the subjects to these namespaces; none means all.
        complete: Whether manifests or objects are the whole cluster. Manifests are not unless told so; objects are.
        kubeconfig: Path of a kubeconfig file, or how to reach the cluster; as kubectl finds it if not given.
        evidence: Paths of evidence files: the JSON of kube-bench, or of a provider's description of the cluster.
        any_evidence: Whether those count too that are old, or of another cluster.

    Raises:
        UsageError: if the source or an evidence file cannot be understood, or that is of another cluster.
        SourceError: if it cannot be read.
    """
    if sum(given is not None for given in (source, context, objects)) > 1:
        raise UsageError("Give one of source, context and objects.", "connect('demo'), connect(context='prod').")
    if objects is not None:
        found: Source = of_objects(objects, complete=complete is not False)
    else:
        word = f"context:{context}" if context is not None else source
        found = open_source(word, complete=bool(complete), kubeconfig=kubeconfig, namespaces=namespaces)
    return load(with_files(found, evidence, anyway=any_evidence), namespaces)


def with_files(source: Source, paths: Sequence[str], *, anyway: bool = False) -> Source:
    """Give a source with evidence files beside it; see `k8snb.evidence.files.facts`.

    Raises:
        UsageError: if a file is no evidence, or an old one.
    """
    if not paths:
        return source
    from k8snb.evidence.files import facts
    from k8snb.sources.added import Added

    return Added(source, facts(paths, anyway=anyway))


def open_source(
    word: str | None,
    *,
    complete: bool = False,
    kubeconfig: "Access | str | None" = None,
    namespaces: Sequence[str] = (),
) -> Source:
    """Give the source that a word means, see `connect`; nothing is read but what tells its kind.

    Raises:
        UsageError: if the word means nothing.
        SourceError: if it cannot be read.
    """
    if word is None or word.startswith("context:"):
        from k8snb.sources.live import live

        context = word and word.removeprefix("context:")
        return _with_evidence(live(context, _reach(kubeconfig, _own_kubeconfig(context)), namespaces), kubeconfig)
    if not word:
        raise UsageError("The name of the source is empty.", "Leave it out for the current kubeconfig context.")
    if word == "demo":
        from k8snb.sources.demo import demo

        return demo()
    if word == "sandbox" or word.startswith("sandbox:"):
        from k8snb.sandbox.source import sandbox

        return _with_evidence(sandbox(word.partition(":")[2]), kubeconfig)
    if word == "-":
        from k8snb.sources.manifests import standard_input

        return standard_input(sys.stdin.buffer.read(), complete)
    from k8snb.sources.snapshot import is_snapshot, snapshot

    if is_snapshot(word):
        return snapshot(word)
    from k8snb.sources.manifests import manifests

    return manifests(word, complete)


def _reach(given: "Access | str | None", own: str | None) -> "Access | str | None":
    """Give how to reach a cluster; `own` is the kubeconfig where none was given."""
    if given is None or isinstance(given, str):
        return given or own
    return given if given.kubeconfig or not own else msgspec.structs.replace(given, kubeconfig=own)


def _with_evidence(source: "Live", given: "Access | str | None") -> "Live":
    """Let a cluster tell what is no object, too."""
    from k8snb.evidence.server import evidence

    wanted = given if given is not None and not isinstance(given, str) else None
    probe, kubelets = (wanted.probe, wanted.kubelets) if wanted else (True, False)
    return msgspec.structs.replace(source, evidence=partial(evidence, probe=probe, with_kubelets=kubelets))


def _own_kubeconfig(context: str | None) -> str | None:
    """Give the kubeconfig of the practice cluster that a context means, if it means one."""
    if not (context or "").startswith("k8snb-sandbox"):
        return None
    from k8snb.sandbox.source import kubeconfig

    return kubeconfig(str(context))
