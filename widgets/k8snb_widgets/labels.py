"""The labels of the board in a browser, in the language in use."""

from typing import get_args

from k8snb.controls.model import SEVERITIES, EvidenceSource
from k8snb.languages import _

RESTARTED = "The kernel was restarted: run the cell again."
BOARD_LABELS = (
    *("Verdict", "Severity", "Control", "Subject", "What was seen", "Chapter", "Namespace"),
    *("Not grouped", "By control", "By namespace", "By severity", "By subject", "Group by"),
    *("Verdicts", "Severities", "Filters", "Findings", "Search findings", "Show all", "Assessment board"),
    *("{filter}: all", "{count} chosen", "{count} fail", "{count} pod", "{count} pods"),
    "Arrow keys move, Enter opens, Escape closes, / searches.",
    *("Close", "is", "expected", "… and {count} more", "Why it matters", "How to fix", "Caution"),
    *("Where else the rule stands", "Also on this subject"),
    *("as far as it was read", "{count} more lines of it are left out.", "YAML of {name}"),
    *("Asking the cluster …", RESTARTED),
)
"""Every label that `board.js` looks up; `{name}` stands for a value that it fills in."""


def labels() -> dict[str, str]:
    """Give the labels, and the words of severities and kinds of evidence, by their English."""
    return {one: _(one) for one in (*BOARD_LABELS, *SEVERITIES, *get_args(EvidenceSource))}
