"""Every recipe on the failing examples of its control: what it plans makes them pass, or it says what a person does."""

from collections.abc import Iterator
from copy import deepcopy

import pytest

import k8snb
from k8snb.assessment.assess import assess
from k8snb.controls.registry import controls
from k8snb.inventory.cluster import load
from k8snb.remediation.edits import diff
from k8snb.remediation.patch import operations
from k8snb.remediation.plan import Plan
from k8snb.remediation.planning import plans
from k8snb.remediation.plans import RECIPES
from k8snb.sources.objects import example

ASKS_WHAT_RUNS = {"image-digest", "pinned-image-tag"}


def failing(control: str) -> Iterator[tuple[Plan, ...]]:
    for one in controls()[control].failing:
        result = assess(load(example(one.objects, one.facts)), controls=[control], parameters=one.parameters)
        yield plans(result, controls=[control])


@pytest.mark.parametrize("control", RECIPES)
def test_a_recipe_makes_the_failing_examples_pass(control: str) -> None:
    fixed = 0
    for found in failing(control):
        for plan in found:
            assert plan.changes or plan.procedures
            left = {one.id for one in plan.findings} - {one.id for one in plan.preview().difference.fixed}
            assert not left or plan.procedures or control == "no-service-account-token", plan.diff()
            fixed += not left
    assert fixed or control in ASKS_WHAT_RUNS


@pytest.mark.parametrize("control", sorted(set(controls()) - set(RECIPES)))
def test_what_has_no_recipe_has_a_procedure(control: str) -> None:
    for found in failing(control):
        for plan in found:
            assert plan.procedures
            assert not plan.changes
            assert all(step.strip() for one in plan.procedures for step in one.steps)


@pytest.mark.parametrize("control", RECIPES)
def test_a_recipe_changes_nothing_a_second_time(control: str) -> None:
    for found in failing(control):
        for plan in found:
            for change in plan.changes:
                if change.before is not None and change.wanted is not None:
                    before = deepcopy(change.before)
                    assert list(diff(before, change.wanted))
                    assert change.before == before, "what was seen stays as it was seen"
                    assert all(one["op"] in {"replace", "test", "add", "remove"} for one in operations(change))


def test_the_plan_of_the_interface() -> None:
    result = k8snb.assess(k8snb.connect("demo"), controls=["no-host-ipc"])
    plan = k8snb.plan(result, control="no-host-ipc")
    assert "hostIPC" in plan.diff()
    with pytest.raises(k8snb.K8snbError, match="no live cluster"):
        plan.apply()
