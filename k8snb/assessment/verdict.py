"""From observations to a verdict."""

from collections.abc import Iterable

import msgspec

from k8snb.controls.model import SEVERITIES, Evidence, Observation, Severity, Status
from k8snb.sources.stream import Cause


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What follows from the observations on one subject.

    Attributes:
        status: The verdict.
        cause: Why it was not assessed.
        message: One sentence for a person.
        evidence: The observations that decided.
        severity: The worst severity that an observation asked for; None leaves the control's.
    """

    status: Status
    cause: Cause | None
    message: str
    evidence: tuple[Evidence, ...]
    severity: Severity | None = None


NOT_APPLICABLE = Verdict("not-applicable", None, "The control does not apply here.", ())


def verdict(observations: Iterable[Observation]) -> Verdict:
    """Decide: one that does not hold fails, else one that was not seen leaves open, else all that hold pass.

    Nothing observed means that the control does not apply; it never passes.
    """
    everything = tuple(observations)
    if len(everything) == 1 and everything[0].holds and everything[0].message:
        return Verdict("pass", None, everything[0].message, (everything[0].evidence,), everything[0].severity)
    held = [one.holds for one in everything]
    if False in held:
        return _of("fail", tuple(one for one in everything if one.holds is False))
    if None in held:
        return _of("not-assessed", tuple(one for one in everything if one.holds is None))
    return _of("pass", everything) if everything else NOT_APPLICABLE


def below(path: str, found: Verdict) -> Verdict:
    """Give the verdict with its field paths below another path."""
    if not path or not found.evidence:
        return found
    return msgspec.structs.replace(
        found, evidence=tuple(msgspec.structs.replace(one, at=f"{path}{one.at}") for one in found.evidence)
    )


def above(path: str, found: Verdict) -> Verdict:
    """Take `below` back, so that a template and its pods can be compared."""
    if not path or not found.evidence:
        return found
    return msgspec.structs.replace(
        found,
        message=found.message.replace(path, ""),
        evidence=tuple(msgspec.structs.replace(one, at=one.at.removeprefix(path)) for one in found.evidence),
    )


def _of(status: Status, decisive: tuple[Observation, ...]) -> Verdict:
    told = dict.fromkeys([one.message or _tell(one.evidence) for one in decisive])
    asked = [one.severity for one in decisive if one.severity]
    return Verdict(
        status,
        next((one.cause for one in decisive if one.cause), None) if status == "not-assessed" else None,
        _joined(list(told)),
        tuple([one.evidence for one in decisive]),
        min(asked, key=SEVERITIES.index) if asked else None,
    )


def _joined(told: list[str]) -> str:
    if len(told) == 1:
        return told[0]
    return "; ".join(told[:3]) + (f"; and {len(told) - 3} more" if len(told) > 3 else "")


def _tell(evidence: Evidence) -> str:
    observed = "not set" if evidence.observed is None else msgspec.json.encode(evidence.observed).decode()
    return f"{evidence.at} is {observed}, expected {evidence.expected}"
