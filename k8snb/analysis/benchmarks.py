"""What runs of kube-bench say of the configuration that only a node shows."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

import msgspec

from k8snb.analysis.components import Component
from k8snb.data import Dated, load
from k8snb.evidence.kube_bench import NAME, Result, Run
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.imports import node_of
from k8snb.resources.core import Node

_PLANE = {"control-plane", "master"}


class Test(msgspec.Struct, frozen=True):
    """A test of the benchmark.

    Attributes:
        number: How its number begins; numbers move between versions, chapters do not.
        text: Regular expression that its recommendation matches.
    """

    number: str
    text: str


class Tests(msgspec.Struct, frozen=True):
    """The tests that answer a control.

    Attributes:
        tests: All of them must pass.
        decides: Whether their word decides both ways, or one only: `fail` where the control wants more than they
            look at, `pass` where it knows other ways to pass.
    """

    tests: tuple[Test, ...]
    decides: Literal["both", "pass", "fail"] = "both"


class Known(Dated, frozen=True):
    """The tests by control."""

    controls: dict[str, Tests]


class Told(msgspec.Struct, frozen=True):
    """What kube-bench says for a control.

    Attributes:
        holds: Whether it passes.
        results: The tests that say so, with the node that each was run on.
    """

    holds: bool
    results: tuple[tuple[str, Result], ...]


@cache
def known() -> Known:
    """Give the tests that are known."""
    return load("kube_bench", Known)


def told(cluster: Cluster, control: str, subject: object) -> Told | None:
    """Give what kube-bench says for a control, or None where it says nothing that decides.

    Args:
        cluster: The inventory.
        control: Id of the control.
        subject: What it judges: a node, a component of the control plane, or the cluster.
    """
    wanted, runs = known().controls.get(control), dict(_runs(cluster))
    nodes = _nodes(cluster, subject, runs) if wanted and runs else ()
    if not wanted or not nodes or not set(nodes) <= set(runs):
        return None
    found = [(node, test, _matching(runs[node], test)) for node in nodes for test in wanted.tests]
    failed = tuple((node, one) for node, _, results in found for one in results if one.status == "FAIL")
    if failed and wanted.decides != "pass":
        return Told(False, failed)
    whole = all(results and all(one.status == "PASS" for one in results) for _, _, results in found)
    passed = tuple((node, one) for node, _, results in found for one in results)
    return Told(True, passed) if whole and wanted.decides != "fail" else None


def _runs(cluster: Cluster) -> Iterator[tuple[str, Run]]:
    for fact in cluster.facts:
        node = node_of(cluster, fact) if fact.name.startswith(NAME) else None
        if node:
            yield node, msgspec.convert(fact.value, Run)


def _matching(run: Run, test: Test) -> list[Result]:
    return [one for one in run.results if one.number.startswith(test.number) and re.search(test.text, one.text)]


def _nodes(cluster: Cluster, subject: object, runs: dict[str, Run]) -> Sequence[str]:
    """Give the nodes whose runs are needed: that of a component's pod, else all of the control plane."""
    if isinstance(subject, Node):
        return (subject.name,)
    own = [node for node in runs if isinstance(subject, Component) and subject.name == f"{subject.program}-{node}"]
    if own or cluster.gap("nodes"):
        return own  # one that was not listed may say otherwise
    return [one.name for one in cluster.all(Node) if _PLANE & set(one.roles)]
