"""Every control is compared with other tools, or it is told why not."""

import re
from collections import Counter

import pytest

from k8snb.controls import controls
from k8snb.controls.model import Control
from k8snb.controls.others import RELATIONS, compared, lines, others

CATALOGUE = controls()
EACH = pytest.mark.parametrize("control", CATALOGUE.values(), ids=list(CATALOGUE))
REFERENCES = {"pss": "pss", "cis": "cis", "kube_bench": "cis", "kubescape": "kubescape", "trivy": "trivy"}
SHAPES = {
    "pss": r"(baseline|restricted): .+",
    "cis": r"\d(\.\d+){1,2}",
    "kubescape": r"C-\d{4}",
    "trivy": r"K[SC]V-\d{4}",
    "prowler": r"[a-z]+(_[A-Za-z]+)+",
    "polaris": r"[a-z]+([A-Z][a-z]*)+",
}


def ids(control_id: str, tool: str) -> set[str]:
    return {one for rule in compared(control_id).rules if rule.tool == tool for one in rule.ids}


@EACH
def test_a_control_has_rules_or_a_reason(control: Control) -> None:
    found = others().controls[control.id]
    assert bool(found.rules) != bool(found.reason)


@EACH
@pytest.mark.parametrize("field", REFERENCES)
def test_every_reference_is_compared(control: Control, field: str) -> None:
    assert set(getattr(control.references, field)) <= ids(control.id, REFERENCES[field])


@pytest.mark.parametrize("control_id", others().controls)
def test_what_is_told_is_whole(control_id: str) -> None:
    found = compared(control_id)
    for rule in found.rules:
        assert rule.ids
        assert all(re.fullmatch(SHAPES[rule.tool], one) for one in rule.ids)
        assert re.fullmatch(r"[A-Za-z1].{8,160}\.", rule.why)
    assert not found.reason or found.reason.endswith(".")
    counted = Counter((rule.tool, one) for rule in found.rules for one in rule.ids)
    assert set(counted.values()) <= {1}


def test_every_relation_occurs_and_every_tool_is_used() -> None:
    rules = [rule for one in others().controls.values() for rule in one.rules]
    assert {one.relation for one in rules} == set(RELATIONS)
    assert {one.tool for one in rules} == set(others().tools) == set(SHAPES)


def test_a_table_has_tools_before_frameworks() -> None:
    names = [one.tool for one in lines(CATALOGUE["run-as-non-root"])]
    assert names == [
        *("Pod Security Standards", "Pod Security Standards", "kubescape", "Trivy", "Trivy", "Prowler", "Polaris"),
        *("CIS Benchmark 1.12, kube-bench", "NIST SP 800-53", "NIST SP 800-190", "MITRE ATT&CK"),
    ]


def test_a_control_of_somebody_else_is_told_as_such() -> None:
    assert compared("org-team-label").reason
