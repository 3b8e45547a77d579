"""What may stand in a place of a `%k8s` line. Names of a cluster are given as they are; untrusted text."""

from collections.abc import Callable, Mapping
from typing import Any

from k8snb.chapters import CHAPTER_IDS
from k8snb.magics.state import State
from k8snb.sources.known import ENDINGS, Words, contexts, paths


def candidates(state: State, completes: str, begun: str) -> Words:
    """Give what a place may hold, each with a word of what it is.

    Args:
        state: What the magics remember.
        completes: What stands there, as `Argument.completes` says it.
        begun: What was typed already.
    """
    find = _FIND.get(completes)
    return find(state, begun) if find else {}


def _controls(*_: Any) -> Words:
    from k8snb.controls.registry import controls

    return dict.fromkeys(controls(), "control")


def _parameters(*_: Any) -> Words:
    from k8snb.assessment.parameters import declared
    from k8snb.controls.registry import controls

    return dict.fromkeys((f"{name}=" for name in sorted(declared(controls().values()))), "parameter")


def _namespaces(state: State, _: str) -> Words:
    return dict.fromkeys(state.cluster.namespace_names if state.cluster else (), "namespace")


def _findings(state: State, _: str) -> Words:
    return {one.id: one.control for one in state.result.record.findings} if state.result else {}


def _explained(state: State, begun: str) -> Words:
    judged = dict.fromkeys((one.id for one in state.result.controls), "control") if state.result else {}
    return judged | _findings(state, begun)


def _sources(_: State, begun: str) -> Words:
    from k8snb.sandbox.home import homes

    practice = ("sandbox", *(f"sandbox:{one.name}" for one in homes() if one.name))
    return {
        "demo": "bundled",
        **dict.fromkeys(practice, "practice"),
        **dict.fromkeys((f"context:{name}" for name in contexts()), "cluster"),
        **{path: note for path, note in paths(begun).items() if path.endswith(("/", *ENDINGS))},
    }


def _all(note: str, *words: str) -> Callable[[State, str], Words]:
    return lambda *_: dict.fromkeys(words, note)


_FIND: Mapping[str, Callable[[State, str], Words]] = {
    "source": _sources,
    "path": lambda _, begun: paths(begun),
    "topic": lambda *_: {**dict.fromkeys(CHAPTER_IDS, "chapter"), **_controls()},
    "chapter": _all("chapter", *CHAPTER_IDS),
    "control": _controls,
    "namespace": _namespaces,
    "parameter": _parameters,
    "finding": _findings,
    "explained": _explained,
    "status": _all("verdict", "fail", "not-assessed", "pass", "not-applicable"),
    "severity": _all("severity", "critical", "high", "medium", "low"),
}
