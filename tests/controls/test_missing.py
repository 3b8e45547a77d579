"""What a source could not give never turns an example that fails into one that passes, and the cause is told."""

from typing import Any

import pytest
import yaml

import k8snb
from k8snb.assessment.assess import assess
from k8snb.assessment.subjects import SUBJECTS
from k8snb.controls import controls
from k8snb.controls.model import Control, Example
from k8snb.inventory.cluster import Cluster
from k8snb.resources.kinds import KINDS
from k8snb.sources.stream import Cause, Fact, Gap

RESOURCE = {kind.kind: kind.resource for kind in KINDS}
CASES = [
    pytest.param(control, example, resource, id=f"{control.id}-{number}-{resource}")
    for control in controls().values()
    for number, example in enumerate(control.failing)
    for resource in sorted({*control.reads, *SUBJECTS[control.subject].resources})
    if any(f"kind: {kind}\n" in example.objects for kind, name in RESOURCE.items() if name == resource)
]


def without(example: Example, resource: str, cause: Cause) -> Cluster:
    objects: list[Any] = [one for one in yaml.safe_load_all(example.objects) if one]
    cluster = k8snb.connect(objects=[one for one in objects if RESOURCE.get(one["kind"]) != resource])
    collected = cluster._collected
    collected.facts.extend(Fact(name, value, "object", "example") for name, value in example.facts.items())
    collected.gaps.append(Gap(cause, f"{resource} could not be listed", resource))
    return Cluster(cluster.source, collected)


@pytest.mark.parametrize(("control", "example", "resource"), CASES)
def test_a_failure_that_cannot_be_seen_is_no_pass(control: Control, example: Example, resource: str) -> None:
    result = assess(without(example, resource, "timeout"), controls=[control.id], parameters=dict(example.parameters))
    assert result[control.id].result.status in {"fail", "not-assessed"}
    causes = {one.cause for one in result if one.status == "not-assessed"}
    assert "timeout" in causes or result[control.id].result.status == "fail"
