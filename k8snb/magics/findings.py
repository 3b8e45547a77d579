"""Findings that a cell shows as a table."""

from collections.abc import Iterable, Sequence
from typing import Any

from k8snb.assessment.result import Finding
from k8snb.display.finding import findings_table
from k8snb.display.shown import Bundle
from k8snb.display.words import by_urgency


class Findings(Sequence[Finding]):
    """Findings, the most urgent first; rich in a notebook, a sequence in Python."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._findings = by_urgency(findings)

    def __getitem__(self, index: Any) -> Any:
        return self._findings[index]

    def __len__(self) -> int:
        return len(self._findings)

    def __repr__(self) -> str:
        return f"<{len(self)} findings>"

    def _repr_mimebundle_(self, **_: Any) -> Bundle:
        return findings_table(self).bundle
