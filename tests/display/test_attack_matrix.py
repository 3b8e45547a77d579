"""The matrix of MITRE ATT&CK: every technique has its tactics, and a cell says the worst that is known of it."""

from typing import Any

import k8snb
from k8snb.assessment.threats import TechniqueView, tactics, threat_model
from k8snb.controls.registry import controls
from k8snb.display.attack_matrix import attack_matrix

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app", "namespace": "shop"}}


def of(container: dict[str, Any], *ids: str) -> Any:
    spec = {"containers": [{"name": "app", "image": "app:1", **container}]}
    result = k8snb.assess(k8snb.connect(objects=[POD | {"spec": spec}]), controls=ids, all=True)
    return tactics(result)


def cells(found: Any) -> dict[str, TechniqueView]:
    return {one.id: one for tactic in found for one in tactic.techniques}


def test_every_technique_that_a_control_names_has_a_tactic() -> None:
    placed = {number for numbers in threat_model().tactics.values() for number in numbers}
    assert {number for one in controls().values() for number in one.references.mitre} <= placed
    assert placed <= set(threat_model().techniques)


def test_a_cell_tells_the_worst_verdict_with_its_count_and_severity() -> None:
    found = of({"securityContext": {"privileged": True}}, "no-privileged-containers", "no-host-path-volumes")
    assert cells(found)["T1611"].status == "fail"
    shown = attack_matrix(found)._repr_mimebundle_()
    assert "✗ T1611 Escape to Host: 1 · critical" in shown["text/plain"]
    assert 'class="f critical"' in shown["text/html"]


def test_what_nobody_could_look_at_is_open_and_not_passed() -> None:
    found = tactics(k8snb.assess(k8snb.connect(objects=[], complete=False), all=True))
    assert {one.status for one in cells(found).values()} == {"not-assessed"}


def test_a_tactic_without_techniques_says_so() -> None:
    shown = attack_matrix(of({}, "no-privileged-containers"))._repr_mimebundle_()
    assert "No control names one of its techniques." in shown["text/html"]
