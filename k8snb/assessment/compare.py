"""What changed between two assessments."""

from collections.abc import Mapping
from typing import Any

import msgspec

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import Finding
from k8snb.assessment.score import Interval


class Comparison(msgspec.Struct, frozen=True):
    """What changed from an earlier assessment to a later one.

    Attributes:
        earlier: The earlier score.
        later: The later score.
        appeared: Findings that fail now and did not fail before.
        gone: Findings that failed before and fail no more, by what was seen now.
        lost: Findings that failed before and cannot be judged now; nobody fixed them.
        remaining: How many fail in both.
    """

    earlier: Interval
    later: Interval
    appeared: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    lost: tuple[Finding, ...]
    remaining: int

    def _repr_mimebundle_(self, **_: Any) -> Mapping[str, str]:
        from k8snb.display.comparison import comparison_bundle

        return comparison_bundle(self)


def compare(earlier: Assessment, later: Assessment) -> Comparison:
    """Tell what changed.

    Args:
        earlier: The assessment to start from.
        later: The assessment to end with.

    Returns:
        A comparison by finding id. A failure whose control was not run again, or whose subject could not be read, is
        `lost`, never `gone`.
    """
    before = {one.id: one for one in earlier.findings(status="fail")}
    after = {one.id: one for one in later.findings(status="fail")}
    judged = {one.id for one in later.controls}
    unsure = {one.id for one in later.controls if one.counts.not_assessed}
    vanished = [one for key, one in before.items() if key not in after]

    def is_lost(one: Finding) -> bool:
        return one.control not in judged or one.control in unsure

    return Comparison(
        earlier.score,
        later.score,
        tuple(one for key, one in after.items() if key not in before),
        tuple(one for one in vanished if not is_lost(one)),
        tuple(one for one in vanished if is_lost(one)),
        len(before.keys() & after.keys()),
    )
