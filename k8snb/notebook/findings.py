"""What was found, as the notebooks show it."""

from k8snb.display.control import guide_table
from k8snb.display.coverage import coverage_table
from k8snb.display.figures import Figure, coverage_figure, score_figure, severity_by_workload
from k8snb.display.figures import heat_map as heat_map_of
from k8snb.display.figures.heat_map import row_of
from k8snb.display.finding import findings_table
from k8snb.display.shown import Shown
from k8snb.display.words import number
from k8snb.notebook.chapter import Chapter
from k8snb.notebook.tables import sentence
from k8snb.reports import summary


def headline(chapter: Chapter) -> Shown:
    """Give the score of the chapter with its doubt, and how much fails."""
    return summary.headline(chapter.result)


def first_steps(chapter: Chapter, most: int = 5) -> Shown:
    """Give the failing controls that matter most, with where and what to do.

    Args:
        chapter: The chapter.
        most: How many to give.
    """
    return summary.first_steps(chapter.result, most)


def controls(chapter: Chapter) -> Shown:
    """Give the controls of the chapter with their verdicts and counts, section by section of the guide."""
    return guide_table(chapter.result)


def findings(chapter: Chapter) -> Shown:
    """Give what fails, the most urgent first, each with its evidence."""
    return findings_table(chapter.result.findings(status="fail"), 'chapter.result.findings(status="fail")')


def unassessed(chapter: Chapter) -> Shown:
    """Give what could not be assessed by cause, and what would change that."""
    return summary.unassessed(chapter.result)


def heat_map(chapter: Chapter) -> Figure:
    """Draw the worst verdict of every control in every namespace."""
    return heat_map_of(chapter.result)


def workloads(chapter: Chapter) -> Figure:
    """Draw the workloads that fail worst, by severity."""
    return severity_by_workload(chapter.result)


def scores(chapter: Chapter) -> Figure:
    """Draw the score of every chapter as an interval."""
    return score_figure(chapter.result)


def coverage(chapter: Chapter) -> Figure:
    """Draw what was read of every resource, and what was not."""
    return coverage_figure(chapter.result.coverage)


def reads(chapter: Chapter) -> Shown:
    """Give what could be read of the resources, what not, and why."""
    return coverage_table(chapter.result.coverage)


def strengths(chapter: Chapter) -> Shown:
    """Give the namespaces in which things run and nothing above low severity fails, so that good work is seen."""
    failing = {row_of(one) for one in chapter.result.findings(status="fail") if one.severity != "low"}
    clean = sorted({one.namespace for one in chapter.cluster.workloads} - failing)
    if not clean:
        return sentence("In every namespace where something runs, something above low severity fails.")
    told = f"{number(len(clean), 'namespace')}: {', '.join(clean)}"
    return sentence(f"Nothing that was assessed here and is above low severity fails in {told}.")
