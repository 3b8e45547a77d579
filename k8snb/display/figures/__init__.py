"""Figures: interactive where scripts run, static with their tables everywhere, and plain text."""

from k8snb.display.figures.bars import severity_bars, severity_by_workload, threat_bars
from k8snb.display.figures.bootstrap import bootstrap, needs_plotly
from k8snb.display.figures.components import component_map
from k8snb.display.figures.coverage import coverage_figure
from k8snb.display.figures.figure import Figure
from k8snb.display.figures.heat_map import heat_map
from k8snb.display.figures.policies import agent_grid, policy_matrix
from k8snb.display.figures.scores import score_figure

__all__ = [
    "Figure",
    "agent_grid",
    "bootstrap",
    "component_map",
    "coverage_figure",
    "heat_map",
    "needs_plotly",
    "policy_matrix",
    "score_figure",
    "severity_bars",
    "severity_by_workload",
    "threat_bars",
]
