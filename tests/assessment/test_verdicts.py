"""A verdict is earned: what follows from what was seen, and from what was not."""

from collections.abc import Iterator
from typing import Any

import pytest

import k8snb
from k8snb.assessment.score import Interval, Weighed, interval
from k8snb.assessment.verdict import verdict
from k8snb.controls.model import Observation, seen, unknown
from k8snb.controls.registry import _REGISTRY
from k8snb.resources.pod import PodTemplate

GOOD, BAD = seen(True, "a", 1, "1"), seen(False, "b", 2, "1")
OPEN = unknown("forbidden", "c", "1", "may not list")


@pytest.mark.parametrize(
    ("observations", "status"),
    [
        ([], "not-applicable"),
        ([GOOD], "pass"),
        ([GOOD, BAD], "fail"),
        ([GOOD, OPEN], "not-assessed"),
        ([OPEN], "not-assessed"),
        ([OPEN, BAD], "fail"),
    ],
)
def test_the_worst_that_was_seen_decides(observations: list[Observation], status: str) -> None:
    found = verdict(observations)
    assert found.status == status
    assert bool(found.evidence) == bool(observations)
    assert (found.cause is not None) == (status == "not-assessed")


def weighed(
    passed: int, failed: int, open_: int = 0, severity: Any = "high", *, informational: bool = False
) -> Weighed:
    return Weighed("pod-security", severity, passed, failed, open_, informational)


@pytest.mark.parametrize(
    ("controls", "expected"),
    [
        ([], Interval(0, 100)),
        ([weighed(0, 0)], Interval(0, 100)),
        ([weighed(3, 1)], Interval(75, 75)),
        ([weighed(1, 1, 2)], Interval(25, 75)),
        ([weighed(1, 0, severity="critical"), weighed(0, 1, severity="low")], Interval(90.9, 90.9)),
        ([weighed(1, 1), weighed(0, 9, informational=True)], Interval(50, 50)),
    ],
)
def test_the_score_is_what_was_seen_and_what_may_be(controls: list[Weighed], expected: Interval) -> None:
    assert interval(controls) == expected


@pytest.fixture
def privileged() -> Iterator[str]:
    """A control of somebody's own."""

    @k8snb.control(id="org-not-privileged", chapter="pod-security", severity="low", subject="pod")
    def judge(template: PodTemplate) -> Iterator[Observation]:
        """Nothing of ours runs privileged."""
        for path, container in template.containers():
            value = container.securityContext and container.securityContext.privileged
            yield seen(value is not True, f"spec.{path}.securityContext.privileged", value, "not true")

    yield "org-not-privileged"
    del _REGISTRY["org-not-privileged"]


def pod(name: str, privileged: Any = None, **metadata: Any) -> dict[str, Any]:
    container = {"name": "c", "image": "i", "securityContext": {"privileged": privileged}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, **metadata},
        "spec": {"containers": [container]},
    }


def deployment(name: str, privileged: Any = None) -> dict[str, Any]:
    template = {"spec": pod("x", privileged)["spec"]}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": {"template": template}}


def test_a_control_of_ones_own_judges_like_any_other(privileged: str) -> None:
    result = k8snb.assess(
        k8snb.connect(objects=[pod("a", True), pod("b"), deployment("d", True)]), controls=[privileged], all=True
    )
    assert {(one.subject.name, one.status) for one in result} == {("a", "fail"), ("b", "pass"), ("d", "fail")}
    paths = {one.subject.kind: one.evidence[0].at for one in result.findings(status="fail")}
    assert paths == {
        "Pod": "spec.containers[0].securityContext.privileged",
        "Deployment": "spec.template.spec.containers[0].securityContext.privileged",
    }
    assert result[privileged].control.title == "Nothing of ours runs privileged"


@pytest.mark.parametrize(
    ("objects", "complete", "status"),
    [
        ([], True, "not-applicable"),
        ([], False, "not-assessed"),
        ([pod("a")], False, "pass"),
        ([pod("a"), pod("b", "yes")], True, "not-assessed"),
        ([pod("b", "yes"), pod("c", True)], True, "fail"),
        ([pod("a") | {"spec": 7}], True, "not-assessed"),
        ([{"kind": "Pod"} | pod("a") | {"metadata": {"name": "a", "labels": ["x"]}}], True, "not-assessed"),
    ],
    ids=["none, whole", "none, part", "passes", "one malformed", "malformed and failing", "no spec", "no labels"],
)
def test_what_could_not_be_read_never_passes(privileged: str, objects: list[Any], complete: bool, status: str) -> None:
    result = k8snb.assess(k8snb.connect(objects=objects, complete=complete), controls=[privileged])
    assert result[privileged].result.status == status
    if status == "not-assessed":
        assert all(one.cause in {"malformed", "not-collected"} for one in result)


def test_a_malformed_object_is_named(privileged: str) -> None:
    cluster = k8snb.connect(objects=[pod("bad", "yes", namespace="shop")])
    (finding,) = k8snb.assess(cluster, controls=[privileged])
    assert (finding.subject.kind, finding.subject.namespace, finding.subject.name) == ("Pod", "shop", "bad")
    assert "privileged" in finding.message


def test_ids_depend_on_control_and_subject_alone(privileged: str) -> None:
    objects = [pod("a", True), deployment("d", True), pod("b", True)]
    one = k8snb.assess(k8snb.connect(objects=objects), controls=[privileged])
    other = k8snb.assess(k8snb.connect(objects=objects[::-1]), controls=[privileged])
    assert {(f.id, f.subject.name) for f in one} == {(f.id, f.subject.name) for f in other}
    assert len({f.id for f in one}) == 3


def test_pods_with_the_verdict_of_their_template_are_not_told_twice(privileged: str) -> None:
    owner = {"ownerReferences": [{"kind": "Deployment", "name": "d", "controller": True}]}
    sidecar = pod("p", True, **owner)
    sidecar["spec"]["containers"].append({"name": "fine"})
    bad = pod("q", True, **owner)
    bad["spec"]["containers"].append({"name": "worse", "securityContext": {"privileged": True}})
    result = k8snb.assess(k8snb.connect(objects=[deployment("d", True), sidecar, bad]), controls=[privileged])
    assert [(f.subject.name, f.subject.differs) for f in result] == [("d", None), ("d", "q")]


def test_namespaces_limit_the_subjects(privileged: str) -> None:
    objects = [pod("a", True, namespace="shop"), pod("b", True, namespace="data")]
    result = k8snb.assess(k8snb.connect(objects=objects, namespaces=["shop"]), controls=[privileged])
    assert [one.subject.name for one in result] == ["a"]
    with pytest.raises(k8snb.K8snbError, match="no namespace 'shp'"):
        k8snb.connect(objects=objects, namespaces=["shp"])


def test_a_comparison_tells_fixed_from_lost(privileged: str) -> None:
    def run(*objects: dict[str, Any]) -> Any:
        return k8snb.assess(k8snb.connect(objects=list(objects)), controls=[privileged])

    before = run(pod("a", True), pod("b", True))
    fixed = run(pod("a", True), pod("b"), pod("c", True)).compare(before)
    assert ([f.subject.name for f in fixed.gone], [f.subject.name for f in fixed.appeared], fixed.remaining) == (
        ["b"],
        ["c"],
        1,
    )
    lost = run(pod("a", True), pod("b", "unreadable")).compare(before)
    assert ([f.subject.name for f in lost.lost], lost.gone) == (["b"], ())


WAIVER = "waivers:\n- {control: org-not-privileged, subject: Pod/default/a*, who: Ada, why: migrating, until: %s}\n"


@pytest.mark.parametrize(("until", "waived"), [("2026-12-31", 1), ("2026-11-01", 0)])
def test_a_waiver_counts_until_its_day_and_changes_no_score(
    privileged: str, tmp_path: Any, until: str, waived: int
) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(WAIVER % until)
    cluster = k8snb.connect(objects=[pod("a", True), pod("b", True), pod("c")])
    day = {"today": "2026-11-16"}
    result = k8snb.assess(cluster, controls=[privileged], parameters=day, waivers=str(path))
    assert result[privileged].result.counts.waived == waived
    assert [bool(one.waiver) for one in result.findings(status="fail")].count(True) == waived
    assert result.score == k8snb.assess(cluster, controls=[privileged], parameters=day).score


def test_an_attestation_answers_only_what_nobody_could_see(privileged: str, tmp_path: Any) -> None:
    path = tmp_path / "attestations.yaml"
    entry = "{control: org-not-privileged, who: Ada, why: looked, until: 2099-01-01, status: pass}"
    path.write_text(f"attestations: [{entry}]")
    cluster = k8snb.connect(objects=[pod("bad", "yes"), pod("worse", True)])
    result = k8snb.assess(cluster, controls=[privileged], attestations=str(path), all=True)
    assert {(one.subject.name, one.status) for one in result} == {("bad", "pass"), ("worse", "fail")}
    assert result.findings(status="pass")[0].evidence[0].source == "attestation"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("waivers: [{control: org-not-privileged}]", "missing required field"),
        ("waivers: [{control: run-as-nonrot, who: a, why: b, until: 2099-01-01}]", "no control"),
        ("waivers: 7", "Expected `array`"),
        ("[]", "no list"),
        ("a: [", "no YAML"),
        (None, "No such file"),
    ],
)
def test_a_bad_waiver_file_is_told_in_a_line(privileged: str, tmp_path: Any, content: str | None, word: str) -> None:
    path = tmp_path / "waivers.yaml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(k8snb.K8snbError, match=word) as told:
        k8snb.assess(k8snb.connect(objects=[]), controls=[privileged], waivers=str(path))
    assert "\n" not in str(told.value)
