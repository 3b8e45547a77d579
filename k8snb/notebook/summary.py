"""The summary of all chapters, as its notebook shows it."""

from k8snb.display import root_causes, standing, sureness
from k8snb.display.shown import Shown
from k8snb.notebook.chapter import Chapter


def opening(chapter: Chapter) -> Shown:
    """Tell how the cluster stands, in sentences."""
    return standing.standing(chapter.result)


def matters_first(chapter: Chapter, most: int = 8) -> Shown:
    """Give the fixes that end the worst findings, each once.

    Args:
        chapter: The chapter.
        most: How many to give.
    """
    return root_causes.matters_first(chapter.result, most)


def this_week(chapter: Chapter) -> Shown:
    """Give a short list of what to do next: who, what, and the command."""
    return root_causes.this_week(chapter.result)


def evidence_shares(chapter: Chapter) -> Shown:
    """Give by chapter what the verdicts rest on, and how many could not be given."""
    return sureness.evidence_shares(chapter.result)


def settled_by(chapter: Chapter) -> Shown:
    """Give what would settle what is open, the cheapest first."""
    return sureness.settled_by(chapter.result)


def without_verdict(chapter: Chapter) -> Shown:
    """Give the controls that no machine judged here, so that nobody takes silence for safety."""
    return sureness.unjudged(chapter.result)
