"""Showing that a control can pass and can fail."""

from collections.abc import Mapping
from typing import Any

import msgspec

from k8snb.assessment.assess import assess
from k8snb.assessment.assessment import Assessment
from k8snb.controls.model import Example, Status
from k8snb.controls.registry import find
from k8snb.inventory.cluster import load
from k8snb.sources.objects import example


class Proof(msgspec.Struct, frozen=True):
    """One example of a control, judged now.

    Attributes:
        control: Id of the control.
        expected: What the example must give.
        assessment: What it gave.
        objects: The example, as YAML.
    """

    control: str
    expected: Status
    assessment: Assessment
    objects: str

    @property
    def holds(self) -> bool:
        """Whether the example does what it says."""
        return self.assessment[self.control].result.status == self.expected


class Proofs(tuple[Proof, ...]):
    """The proofs of one control."""

    __slots__ = ()

    @property
    def hold(self) -> bool:
        """Whether the control passes and fails as its examples say, and has both kinds."""
        return all(one.holds for one in self) and {one.expected for one in self} >= {"pass", "fail"}

    def _repr_mimebundle_(self, **_: Any) -> Mapping[str, str]:
        from k8snb.display.control import proofs_bundle

        return proofs_bundle(self)


def prove(control_id: str) -> Proofs:
    """Judge the examples of a control, now.

    Args:
        control_id: Id of the control.

    Returns:
        One proof an example, passing ones first.

    Raises:
        UsageError: if there is no such control.
    """
    control = find(control_id)
    passing = [_proof(control.id, "pass", one) for one in control.passing]
    return Proofs(passing + [_proof(control.id, "fail", one) for one in control.failing])


def _proof(control_id: str, expected: Status, one: Example) -> Proof:
    cluster = load(example(one.objects, one.facts))
    result = assess(cluster, controls=[control_id], parameters=one.parameters, all=True)
    return Proof(control_id, expected, result, one.objects)
