"""Findings that a cell shows as a table."""

from collections.abc import Mapping
from typing import Any

from k8snb.assessment.result import Finding
from k8snb.display.finding import findings_table


class Findings(tuple[Finding, ...]):
    """Findings; rich in a notebook, and a tuple in Python."""

    def _repr_mimebundle_(self, **_: Any) -> Mapping[str, Any]:
        return findings_table(self).bundle
