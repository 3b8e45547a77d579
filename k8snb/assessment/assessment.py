"""The result object that people hold in their hands."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from k8snb.assessment.result import ControlResult, Finding, Record
from k8snb.assessment.score import Interval
from k8snb.controls.model import Control, Severity, Status
from k8snb.controls.registry import controls, suggest
from k8snb.errors import UsageError
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.coverage import Coverage

if TYPE_CHECKING:
    import pandas as pd

    from k8snb.assessment.compare import Comparison


class ControlView:
    """One control of an assessment: its text, its counts and its findings."""

    def __init__(self, result: ControlResult, findings: tuple[Finding, ...]) -> None:
        self.result = result
        self.findings = findings

    @property
    def control(self) -> Control:
        """The control with its texts."""
        return controls()[self.result.id]

    def __repr__(self) -> str:
        counts = self.result.counts
        return f"<{self.result.id}: {self.result.status}, {counts.fail} fail, {counts.not_assessed} not assessed>"

    def _repr_mimebundle_(self, **_: Any) -> Mapping[str, str]:
        from k8snb.display.control import control_bundle

        return control_bundle(self)


class Assessment:
    """What was found, with the inventory that it was found in.

    Attributes:
        record: The same as data, in the shape of its JSON.
        cluster: The inventory; None where the assessment was read from a file.
    """

    def __init__(self, record: Record, cluster: Cluster | None = None) -> None:
        self.record = record
        self.cluster = cluster

    @property
    def score(self) -> Interval:
        """The whole score as an interval, in percent; `record.score.chapters` has it by chapter."""
        return self.record.interval

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """What could be read, what not, and why."""
        return self.record.coverage

    @property
    def controls(self) -> tuple[ControlResult, ...]:
        """One verdict a control."""
        return self.record.controls

    def findings(
        self,
        *,
        status: Status | None = None,
        control: str | None = None,
        chapter: str | None = None,
        severity: Severity | None = None,
        namespace: str | None = None,
    ) -> tuple[Finding, ...]:
        """Give the findings that match everything that is asked for.

        Args:
            status: The verdict.
            control: Id of a control.
            chapter: Id of a chapter.
            severity: Severity of the finding.
            namespace: Namespace of the subject.
        """
        wanted = {"status": status, "control": control, "chapter": chapter, "severity": severity}
        asked = {name: value for name, value in wanted.items() if value is not None}
        return tuple(
            one
            for one in self.record.findings
            if all(getattr(one, name) == value for name, value in asked.items())
            and namespace in {None, one.subject.namespace}
        )

    def __iter__(self) -> "Any":
        return iter(self.record.findings)

    def __len__(self) -> int:
        return len(self.record.findings)

    def __getitem__(self, control_id: str) -> ControlView:
        known = {one.id: one for one in self.record.controls}
        if control_id not in known:
            hint = suggest(control_id, list(known), "It was not among the controls of this assessment.")
            raise UsageError(f"There is no control {control_id!r} here.", hint)
        return ControlView(known[control_id], self.findings(control=control_id))

    def compare(self, earlier: "Assessment") -> "Comparison":
        """Tell what changed since an earlier assessment."""
        from k8snb.assessment.compare import compare

        return compare(earlier, self)

    def to_json(self) -> bytes:
        """Give the JSON of `k8snb/assessment/v1`, UTF-8."""
        return msgspec.json.encode(self.record)

    def to_dict(self) -> dict[str, Any]:
        """Give the same as builtin types."""
        decoded: dict[str, Any] = msgspec.json.decode(self.to_json())
        return decoded

    def to_frame(self) -> "pd.DataFrame":
        """Give the findings as a pandas frame, one row a finding."""
        import pandas as pd

        columns = ("id", "control", "chapter", "severity", "status", "cause", "message")
        place = ("kind", "namespace", "name", "pods")
        return pd.DataFrame(
            [
                {name: getattr(one, name) for name in columns} | {name: getattr(one.subject, name) for name in place}
                for one in self.record.findings
            ],
            columns=[*columns, *place],
        )

    def __repr__(self) -> str:
        failing = len(self.findings(status="fail"))
        return f"<Assessment of {self.record.source.name}: score {self.score}, {failing} failing findings>"

    def _repr_mimebundle_(self, **_: Any) -> Mapping[str, str]:
        from k8snb.display.assessment import assessment_bundle

        return assessment_bundle(self)


def read_assessment(data: bytes, name: str) -> Assessment:
    """Read an assessment back from its JSON.

    Args:
        data: UTF-8 JSON of `k8snb/assessment/v1`.
        name: Where it came from, for messages.

    Raises:
        UsageError: if it is something else.
    """
    try:
        return Assessment(msgspec.json.decode(data, type=Record))
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UsageError(f"{name} is no assessment of k8snb ({error}).", "k8snb assess -o json makes one.") from error
