"""The parts of the cluster and who runs them, as the notebooks show them."""

from k8snb.analysis import architecture
from k8snb.display.figures import Figure, component_map
from k8snb.display.shown import Shown
from k8snb.languages import _
from k8snb.notebook.chapter import Chapter
from k8snb.notebook.tables import rows_table

_ANSWERS = {
    True: "The provider answers for the control plane's configuration; the rest is yours.",
    False: "Nobody else answers for the control plane: all of this guide is yours.",
    None: "Who answers for the control plane cannot be told from here.",
}


def operator(chapter: Chapter) -> Shown:
    """Say who operates the control plane, by which signs, and who answers for it."""
    found = architecture.operator(chapter.cluster)
    rows = [{"sign": sign} for sign in found.signs]
    told = _(f"The control plane looks like that of {found.name}.") + f" {_(_ANSWERS[found.managed])}"
    return rows_table(rows, none="There is no sign of it.", everything="operator(cluster).signs", told=told)


def components(chapter: Chapter) -> Figure:
    """Draw the parts of the cluster with their versions, places and ports."""
    return component_map(architecture.components(chapter.cluster))
