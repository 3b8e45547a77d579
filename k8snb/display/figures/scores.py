"""The score of each chapter, as an interval."""

from typing import Any

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.score import Interval
from k8snb.display import terminal
from k8snb.display.figures.canvas import STATUS_COLOURS, amounts, figure, label, names, rows_height
from k8snb.display.figures.figure import Figure
from k8snb.display.parts import interval_bar, table
from k8snb.display.text import html_text
from k8snb.display.words import CHAPTER_TITLES
from k8snb.languages import _

Scores = list[tuple[str, Interval]]


def score_figure(assessment: Assessment) -> Figure:
    """Draw the whole score and that of each chapter: what is shown to hold, and what is not known."""
    chapters = assessment.record.score.chapters
    order = [*CHAPTER_TITLES, *chapters]
    scores = [(_("All chapters"), assessment.score)]
    scores += [(_(CHAPTER_TITLES.get(one, one)), chapters[one]) for one in sorted(chapters, key=order.index)]
    rows = [[html_text(name), interval_bar(score), f"{score.low:.0f}", f"{score.high:.0f}"] for name, score in scores]
    static = table(("Chapter", "", "At least", "At most"), rows, numbers=(2, 3))
    lines = terminal.columns([(name, terminal.bar(score), _(str(score))) for name, score in scores], (40, 26, 10))
    alt = f"The score of all chapters is {assessment.score} of 100; the hatched part was not assessed."
    return Figure("Score by chapter", alt, static, "\n".join(lines), lambda: _draw(scores))


def _draw(scores: Scores) -> Any:
    holds = {"name": _("shown to hold"), "marker": {"color": STATUS_COLOURS["pass"]}}
    pattern = {
        "shape": "/",
        "size": 6,
        "solidity": 0.4,
        "fgcolor": STATUS_COLOURS["not-assessed"],
        "bgcolor": "rgba(0,0,0,0)",
    }
    line = {"color": STATUS_COLOURS["not-assessed"], "width": 1}
    open_ = {
        "name": _("not assessed"),
        "marker": {"color": STATUS_COLOURS["not-assessed"], "pattern": pattern, "line": line},
    }
    lengths = ([one.low for __, one in scores], [one.high - one.low for __, one in scores])
    told = [f"{label(name)}: {_(str(score))} {_('of 100')}" for name, score in scores]
    shared = {"type": "bar", "orientation": "h", "y": list(range(len(scores))), "customdata": told}
    traces = [
        {**shared, **style, "x": x, "hovertemplate": "%{customdata}<extra></extra>"}
        for style, x in zip((holds, open_), lengths, strict=True)
    ]
    marks = [
        {"x": score.high, "y": place, "text": _(str(score)), "showarrow": False, "xanchor": "left", "xshift": 6}
        for place, (__, score) in enumerate(scores)
    ]
    return figure(
        traces,
        "Score by chapter",
        rows_height(len(scores), 34),
        barmode="stack",
        bargap=0.4,
        annotations=marks,
        yaxis=names([name for name, __ in scores], autorange="reversed"),
        xaxis=amounts(range=[0, 112], tickvals=[0, 25, 50, 75, 100]),
    )
