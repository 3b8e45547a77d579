"""The score: an interval, because what nobody looked at is not known."""

from collections.abc import Iterable

import msgspec

from k8snb.controls.model import Severity

WEIGHTS: dict[Severity, int] = {"critical": 10, "high": 6, "medium": 3, "low": 1}
"""What a control counts for, by its severity."""


class Interval(msgspec.Struct, frozen=True):
    """A score between 0 and 100 percent: at least `low`, at most `high`."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:.0f}" if round(self.low) == round(self.high) else f"{self.low:.0f} to {self.high:.0f}"


class Score(msgspec.Struct, frozen=True):
    """The score of all controls and of each chapter, in percent."""

    low: float
    high: float
    chapters: dict[str, Interval]

    def __str__(self) -> str:
        return str(Interval(self.low, self.high))


class Weighed(msgspec.Struct, frozen=True):
    """What the score needs to know of a control."""

    chapter: str
    severity: Severity
    passed: int
    failed: int
    not_assessed: int
    informational: bool


def interval(controls: Iterable[Weighed]) -> Interval:
    """Give the score of some controls.

    Every control that applies has a share: of its subjects, those that pass. Shares are averaged with the weights of
    their severities (critical 10, high 6, medium 3, low 1; informational controls 0):

        score = 100 * sum(weight * passing subjects / subjects) / sum(weight)

    For `low`, a subject that was not assessed counts as failing; for `high`, as passing. A waived finding still fails:
    a waiver accepts a risk, it does not remove it. Subjects to which a control does not apply do not count. Where no
    control applies nothing is known: 0 to 100.
    """
    low = high = weights = 0.0
    for one in controls:
        subjects = one.passed + one.failed + one.not_assessed
        if not subjects or one.informational:
            continue
        weight = WEIGHTS[one.severity]
        weights += weight
        low += weight * one.passed / subjects
        high += weight * (one.passed + one.not_assessed) / subjects
    return Interval(round(100 * low / weights, 1), round(100 * high / weights, 1)) if weights else Interval(0.0, 100.0)


def score(controls: Iterable[Weighed]) -> Score:
    """Give the score of all controls and of each chapter among them; see `interval` for the formula."""
    everything = list(controls)
    chapters: dict[str, list[Weighed]] = {}
    for one in everything:
        chapters.setdefault(one.chapter, []).append(one)
    whole = interval(everything)
    return Score(whole.low, whole.high, {chapter: interval(group) for chapter, group in chapters.items()})
