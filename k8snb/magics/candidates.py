"""What may stand in a place of a `%k8s` line. Names of a cluster are given as they are; untrusted text."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from k8snb.chapters import CHAPTER_IDS
from k8snb.magics.state import State

_SOURCES = (".yaml", ".yml", ".json", ".k8snb")
_LARGEST = 4 * 2**20
"""Bytes of a kubeconfig that is looked into."""


def candidates(state: State, completes: str, begun: str) -> Iterable[str]:
    """Give what a place may hold.

    Args:
        state: What the magics remember.
        completes: What stands there, as `Argument.completes` says it.
        begun: What was typed already.
    """
    find = _FIND.get(completes)
    return find(state, begun) if find else ()


def _controls(*_: Any) -> Iterable[str]:
    from k8snb.controls.registry import controls

    return controls()


def _parameters(*_: Any) -> Iterable[str]:
    from k8snb.assessment.parameters import declared
    from k8snb.controls.registry import controls

    return [f"{name}=" for name in sorted(declared(controls().values()))]


def _namespaces(state: State, _: str) -> Iterable[str]:
    return state.cluster.namespace_names if state.cluster else ()


def _findings(state: State, _: str) -> Iterable[str]:
    return [one.id for one in state.result.record.findings] if state.result else ()


def _judged(state: State, _: str) -> Iterable[str]:
    return [one.id for one in state.result.controls] if state.result else ()


def _sources(_: State, begun: str) -> Iterator[str]:
    from k8snb.sandbox.home import homes

    yield from ("demo", "sandbox", *(f"sandbox:{one.name}" for one in homes() if one.name))
    yield from (f"context:{name}" for name in contexts())
    yield from (one for one in paths(begun) if one.endswith(("/", *_SOURCES)))


def contexts() -> list[str]:
    """Give the names of the contexts in the user's kubeconfig files; a file that cannot be read has none."""
    files = os.environ.get("KUBECONFIG") or "~/.kube/config"
    return sorted({name for file in files.split(os.pathsep) if file for name in _contexts(Path(file))})


def _contexts(file: Path) -> list[str]:
    import yaml

    try:
        with file.expanduser().open("rb") as opened:
            content = yaml.load(opened.read(_LARGEST), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        return [one["name"] for one in content["contexts"] if isinstance(one["name"], str)]
    except (OSError, ValueError, TypeError, LookupError, RuntimeError, yaml.YAMLError):
        return []


def paths(begun: str) -> list[str]:
    """Give the files and folders that a path may become; folders end with `/`, hidden ones wait for their dot."""
    folder, slash, start = begun.rpartition("/")
    try:
        found = sorted(Path(folder or (slash or ".")).expanduser().iterdir())
    except (OSError, ValueError, RuntimeError):
        return []
    return [
        f"{folder}{slash}{one.name}{'/' if one.is_dir() else ''}"
        for one in found
        if one.name.startswith(start) and (start or not one.name.startswith("."))
    ]


_FIND: Mapping[str, Callable[[State, str], Iterable[str]]] = {
    "source": _sources,
    "path": lambda _, begun: paths(begun),
    "topic": lambda *_: [*CHAPTER_IDS, *_controls()],
    "chapter": lambda *_: CHAPTER_IDS,
    "control": _controls,
    "namespace": _namespaces,
    "parameter": _parameters,
    "finding": _findings,
    "explained": lambda state, begun: [*_judged(state, begun), *_findings(state, begun)],
    "status": lambda *_: ("fail", "not-assessed", "pass", "not-applicable"),
    "severity": lambda *_: ("critical", "high", "medium", "low"),
}
