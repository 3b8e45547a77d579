"""An assessment seen from the threats: which findings serve whom.

Source: NSA/CISA Kubernetes Hardening Guide, "Threat model"; MITRE ATT&CK for Containers.
"""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache

import msgspec

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import ControlResult, Finding
from k8snb.controls.model import Status
from k8snb.controls.registry import controls
from k8snb.data import Dated, load


class Threat(msgspec.Struct, frozen=True):
    """A threat of the guide.

    Attributes:
        id: A slug.
        group: Who: `Supply chain`, `Malicious actor` or `Insider`.
        name: What it aims at, or who it is.
        about: What it means, in a sentence or two.
        controls: Ids of controls that stand against it; a `*` at the end stands for more of the name.
    """

    id: str
    group: str
    name: str
    about: str
    controls: tuple[str, ...]


class ThreatModel(Dated, frozen=True):
    """The guide's threats; MITRE's techniques: their names by number, and their numbers by tactic, in MITRE's order."""

    threats: tuple[Threat, ...]
    techniques: Mapping[str, str]
    tactics: Mapping[str, tuple[str, ...]] = {}


class ThreatView(msgspec.Struct, frozen=True):
    """What an assessment says of one threat.

    Attributes:
        threat: The threat.
        controls: The controls of the assessment that stand against it.
        findings: Their failing findings that nobody accepted, in the assessment's order.
    """

    threat: Threat
    controls: tuple[ControlResult, ...]
    findings: tuple[Finding, ...]

    def count(self, status: Status) -> int:
        """Say how many of the controls have a verdict."""
        return sum(one.status == status for one in self.controls)


class TechniqueView(msgspec.Struct, frozen=True):
    """What an assessment says of one technique of MITRE ATT&CK.

    Attributes:
        id: Its number, such as `T1611`.
        name: Its name; empty where it is not known here.
        controls: The controls of the assessment that name it.
        findings: Their failing findings that nobody accepted.
    """

    id: str
    name: str
    controls: tuple[ControlResult, ...]
    findings: tuple[Finding, ...]


@cache
def threat_model() -> ThreatModel:
    """Give the guide's threats and what stands against them."""
    return load("threats", ThreatModel)


def threats(assessment: Assessment) -> list[ThreatView]:
    """Regroup an assessment by the guide's threats, in the guide's order; a control may stand against several."""
    return [
        ThreatView(threat, chosen, _failing(assessment, chosen))
        for threat in threat_model().threats
        for chosen in (tuple(one for one in assessment.controls if _against(threat, one.id)),)
    ]


def techniques(assessment: Assessment) -> list[TechniqueView]:
    """Regroup an assessment by the MITRE techniques that its controls name: most failing findings first."""
    known = controls()
    numbers: dict[str, list[ControlResult]] = {}
    for result in assessment.controls:
        for number in known[result.id].references.mitre if result.id in known else ():
            numbers.setdefault(number, []).append(result)
    views = [
        TechniqueView(number, _name(number), tuple(chosen), _failing(assessment, chosen))
        for number, chosen in numbers.items()
    ]
    return sorted(views, key=lambda one: (-len(one.findings), one.id))


def _name(number: str) -> str:
    names = threat_model().techniques
    return names.get(number) or names.get(number.partition(".")[0], "")


def _against(threat: Threat, control: str) -> bool:
    return any(fnmatchcase(control, pattern) for pattern in threat.controls)


def _failing(assessment: Assessment, chosen: Sequence[ControlResult]) -> tuple[Finding, ...]:
    ids = {one.id for one in chosen}
    return tuple(one for one in assessment.findings(status="fail") if one.control in ids and one.waiver is None)
