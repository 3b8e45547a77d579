"""Whatever a source could not give, no verdict becomes a pass that nobody earned.

Every resource of the demo cluster is taken away in turn, with a cause. Then, control by control and subject by subject,
what passes or does not apply must have done so before, or must not depend on the resource at all.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

import pytest

from k8snb.assessment.assess import assess
from k8snb.assessment.assessment import Assessment
from k8snb.assessment.subjects import SUBJECTS
from k8snb.controls import controls
from k8snb.inventory.build import collect
from k8snb.inventory.cluster import Cluster, SourceInfo
from k8snb.inventory.pods import PodSet
from k8snb.resources.kinds import BY_TYPE, KINDS
from k8snb.sources.demo import demo
from k8snb.sources.stream import Gap

T = TypeVar("T")
SOURCE = SourceInfo("snapshot", "demo", complete=False)
EARNED = {"pass", "not-applicable"}


def without(resource: str) -> Cluster:
    collected = collect(demo().parts())
    if resource == "pods":
        collected.podsets = []
    collected.objects.pop(resource, None)
    collected.origins.pop(resource, None)
    collected.listed = [one for one in collected.listed if one.resource != resource]
    collected.gaps.append(Gap("forbidden", f"{resource} may not be listed", resource))
    return Cluster(SOURCE, collected)


def whole() -> Cluster:
    return Cluster(SOURCE, collect(demo().parts()))


def verdicts(result: Assessment) -> dict[str, tuple[str, str, str]]:
    return {one.id: (one.control, str(one.subject), one.status) for one in result}


@pytest.fixture(scope="module")
def before() -> dict[str, tuple[str, str, str]]:
    return verdicts(assess(whole(), all=True))


@pytest.mark.parametrize("resource", [kind.resource for kind in KINDS])
def test_a_resource_that_may_not_be_listed_earns_nothing(
    resource: str, before: dict[str, tuple[str, str, str]]
) -> None:
    result = assess(without(resource), all=True)
    earned = {(control, subject) for control, subject, status in before.values() if status in EARNED}
    found = [(control, subject) for control, subject, status in verdicts(result).values() if status in EARNED]
    assert [one for one in found if one not in earned and not _by_another_name(one, earned)] == []
    for one in result.controls:
        control = controls()[one.id]
        if resource in SUBJECTS[control.subject].resources:
            assert one.status in {"fail", "not-assessed"}, one.id


def _by_another_name(found: tuple[str, str], earned: set[tuple[str, str]]) -> bool:
    """A ReplicaSet or Job whose owner is lost is judged under its own name; it earns what its owner earned.

    A component whose pods cannot be seen is judged once, under its program's name.
    """
    control, subject = found
    kind, _, name = subject.partition("/")
    if kind == "Component":
        return any(one == control and other.startswith(f"Component/kube-system/{name}-") for one, other in earned)
    return kind in {"ReplicaSet", "Job"} and any(
        one == control and name.startswith(other.partition("/")[2] + "-") for one, other in earned
    )


class Watched(Cluster):
    """A cluster that notes which resources a control looks at."""

    def __init__(self, other: Cluster) -> None:
        super().__init__(other.source, other._collected)
        self.seen: set[str] = set()

    def all(self, wanted: type[T], namespace: str | None = None) -> Sequence[T]:
        self.seen.add(BY_TYPE[wanted].resource)
        return super().all(wanted, namespace)

    def gap(self, resource: str, namespace: str | None = None) -> Gap | None:
        self.seen.add(resource)
        return super().gap(resource, namespace)

    @property
    def podsets(self) -> Sequence[PodSet]:
        self.seen.add("pods")
        return super().podsets


@pytest.fixture(scope="module")
def watched() -> Watched:
    cluster = Watched(whole())
    assert cluster.workloads
    assert cluster.namespace_names
    return cluster


@pytest.mark.parametrize(
    "control", [one for one in controls().values() if "cluster" in one.wants], ids=lambda one: one.id
)
def test_a_control_declares_what_it_reads(control: Any, watched: Watched) -> None:
    kind = SUBJECTS[control.subject]
    found = list(kind.find(watched))
    watched.seen.clear()
    offered = {"cluster": watched, "parameters": assess(watched, controls=[control.id]).record.parameters}
    watched.seen.clear()
    for _, value in found:
        list(control.judge(value, **{name: offered[name] for name in control.wants}))
    assert watched.seen - set(kind.resources) <= set(control.reads)
