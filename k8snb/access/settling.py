"""What would settle all that was not assessed, the cheapest first."""

from collections.abc import Iterable, Sequence

import msgspec

from k8snb.access.settle import TAKES, Way, ways
from k8snb.assessment.result import Finding, SourceRecord
from k8snb.controls.registry import controls
from k8snb.inventory.coverage import Coverage


class Settling(msgspec.Struct, frozen=True):
    """A way to settle several findings.

    Attributes:
        command: As a person types it.
        what: What it does; empty where that differs from finding to finding.
        takes: What it takes, one of `TAKES`.
        findings: Those that it settles and nothing cheaper does.
    """

    command: str
    what: str
    takes: str
    findings: tuple[Finding, ...]


def settling(findings: Iterable[Finding], source: SourceRecord, coverage: Sequence[Coverage]) -> list[Settling]:
    """Give what would settle many findings, the cheapest first; each is counted where it costs least.

    Args:
        findings: Those that were not assessed, of controls of this installation.
        source: What was assessed.
        coverage: How much of it was read.
    """
    known = controls()
    found: dict[tuple[int, str], list[tuple[Finding, str]]] = {}
    for one in findings:
        if one.control in known:
            way = min(ways(one, known[one.control], source, coverage), key=_cost)
            found.setdefault((_cost(way), way.command), []).append((one, way.what))
    order = sorted(found, key=lambda key: (key[0], -len(found[key]), key[1]))
    return [_settling(TAKES[cost], command, found[cost, command]) for cost, command in order]


def _settling(takes: str, command: str, found: Sequence[tuple[Finding, str]]) -> Settling:
    whats = {what for __, what in found}
    return Settling(command, whats.pop() if len(whats) == 1 else "", takes, tuple(one for one, __ in found))


def _cost(way: Way) -> int:
    return TAKES.index(way.takes)
