"""What the tables of words and shares say, also where little is known."""

from datetime import date

import pytest

import k8snb
from k8snb import notebook
from k8snb.analysis.audit_policy import wanted
from k8snb.analysis.releases import Minor
from k8snb.assessment.threats import threat_model
from k8snb.display.shares import Shares, shares_table
from k8snb.display.timeline import timeline
from k8snb.notebook.chapter import Chapter

_HOSTILE = "<script>alert(1)</script>"


def chapter(*objects: dict[str, object]) -> Chapter:
    cluster = k8snb.connect(objects=list(objects))
    return Chapter("07-summary", cluster, k8snb.assess(cluster, all=True))


def pod(name: str, context: dict[str, object]) -> dict[str, object]:
    container = {"name": "app", "image": "app", "securityContext": context}
    meta = {"name": name, "namespace": "shop"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"containers": [container]}}


def test_every_technique_stands_below_a_tactic() -> None:
    model = threat_model()
    assert {one for numbers in model.tactics.values() for one in numbers} == set(model.techniques)


@pytest.mark.parametrize(
    "show",
    [
        notebook.attack_matrix,
        notebook.version_timeline,
        notebook.level_shares,
        notebook.capabilities,
        notebook.audit_coverage,
        notebook.responsibility_by_chapter,
    ],
)
def test_an_empty_cluster_has_a_text_and_no_made_up_component(show: object) -> None:
    bundle = show(chapter())._repr_mimebundle_()  # type: ignore[operator]
    assert bundle["text/plain"].strip()
    assert "1 API server" not in bundle["text/plain"]


def test_a_policy_that_is_not_told_is_not_known() -> None:
    text = notebook.audit_coverage(chapter())._repr_mimebundle_()["text/plain"]
    assert "is not known" in text
    assert "✓" not in text


@pytest.mark.parametrize(
    ("context", "place"),
    [
        ({"capabilities": {"drop": ["ALL"]}}, 0),
        ({}, 1),
        ({"capabilities": {"drop": ["ALL"], "add": ["SYS_ADMIN"]}}, 2),
        ({"privileged": True}, 3),
        ({"capabilities": {"add": ["ALL"]}}, 3),
    ],
)
def test_capabilities_are_counted_by_the_mightiest_container(context: dict[str, object], place: int) -> None:
    text = notebook.capabilities(chapter(pod("a", context)))._repr_mimebundle_()["text/plain"]
    row = next(line for line in text.splitlines() if line.startswith("shop"))
    assert row.split()[1:] == ["1" if column == place else "0" for column in range(4)]


@pytest.mark.parametrize(("day", "told"), [(1, "0 days left"), (2, "ended 1 day ago")])
def test_a_release_is_maintained_on_its_last_day(day: int, told: str) -> None:
    minor = Minor("1.30", date(2026, 1, 1), {})
    shown = timeline([minor], {_HOSTILE: ["1 kubelet"]}, date(2026, 1, day), "")._repr_mimebundle_()
    assert told in shown["text/plain"]
    assert _HOSTILE not in shown["text/html"]


def test_names_of_shares_are_escaped() -> None:
    shown = shares_table("Shares", "", "Namespace", [Shares(_HOSTILE, {"some": 1})], {"some": "pass"})
    assert _HOSTILE not in shown._repr_mimebundle_()["text/html"]


def test_a_workload_without_containers_holds_no_capabilities() -> None:
    empty = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "shop"}, "spec": {}}
    text = notebook.capabilities(chapter(empty, pod("b", {})))._repr_mimebundle_()["text/plain"]
    row = next(line for line in text.splitlines() if line.startswith("shop"))
    assert row.split()[1:] == ["0", "1", "0", "0"]
    assert "1 workload " in text


def test_every_event_has_its_class() -> None:
    found = list(wanted())
    assert all(one.kind and one.title.startswith(one.kind) for one in found)
    assert {one.who for one in found if not one.user or one.user == "system:anonymous"} == {"nobody known"}
    assert len({(one.kind, one.who) for one in found}) == 17
