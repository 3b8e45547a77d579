"""What one fix ends stands once, and every number of it is counted."""

from collections import Counter

import pytest

import k8snb
from k8snb.assessment.assessment import Assessment
from k8snb.assessment.root_causes import FIXES, root_causes
from k8snb.controls import controls

_SEVERITIES = ("critical", "high", "medium", "low")
_BROUGHT = ("/kube-system", "/kube-public", "/kube-node-lease", "/system:", "/kubeadm:")


@pytest.fixture(scope="module")
def result() -> Assessment:
    return k8snb.assess(k8snb.connect("demo"), all=True)


def test_every_control_of_a_fix_exists_and_belongs_to_that_fix_alone() -> None:
    named = Counter(control for fix in FIXES for control in fix.controls)
    assert set(named) <= set(controls())
    assert set(named.values()) == {1}
    assert all(len(fix.controls) > 1 for fix in FIXES)


def test_every_failing_finding_stands_behind_exactly_one_fix(result: Assessment) -> None:
    told = Counter(finding.id for one in root_causes(result) for finding in one.findings)
    assert told == Counter(one.id for one in result.findings(status="fail") if not one.waiver)


def test_the_most_critical_come_first(result: Assessment) -> None:
    counts = [[-one.severities.get(word, 0) for word in _SEVERITIES] for one in root_causes(result)]  # type: ignore[call-overload]
    assert counts == sorted(counts)


def test_network_policies_are_a_matter_of_namespaces(result: Assessment) -> None:
    (one,) = [cause for cause in root_causes(result) if "default-deny-ingress" in cause.controls]
    assert {place.partition("/")[0] for place in one.places} == {"Namespace"}
    assert len(one.places) == len({finding.subject.namespace or finding.subject.name for finding in one.findings})


def test_what_kubernetes_brings_comes_last(result: Assessment) -> None:
    for one in root_causes(result):
        brought = [any(word in place for word in _BROUGHT) for place in one.places]
        assert brought == sorted(brought), one.fix.title


def test_an_accepted_risk_is_nothing_to_fix(tmp_path: object) -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a", "namespace": "shop"},
        "spec": {"containers": [{"name": "app", "image": "app", "securityContext": {"privileged": True}}]},
    }
    cluster = k8snb.connect(objects=[pod])
    waiver = "waivers: [{control: no-privileged-containers, who: a, why: b, until: 2027-01-01}]"
    path = f"{tmp_path}/waivers.yaml"
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(waiver)
    values = {"today": "2026-11-26"}
    plain, waived = (
        k8snb.assess(cluster, controls=["no-privileged-containers"], parameters=values, waivers=one)
        for one in (None, path)
    )
    assert [one.controls for one in root_causes(plain)] == [("no-privileged-containers",)]
    assert root_causes(waived) == []


def test_a_control_of_somebody_else_is_a_fix_of_its_own(result: Assessment) -> None:
    import msgspec

    failing = result.findings(status="fail")[0]
    strange = msgspec.structs.replace(failing, control="org-team-label")
    record = msgspec.structs.replace(result.record, findings=(strange,))
    (one,) = root_causes(Assessment(record))
    assert (one.fix.title, one.controls) == ("org-team-label", ("org-team-label",))
