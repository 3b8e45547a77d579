"""What the audit policy records, by class of event, as the notebooks show it."""

from collections.abc import Iterable, Mapping

from k8snb.analysis.audit_policy import LEVELS, Event, Policy, level, policy_of, wanted
from k8snb.display.figures import Figure
from k8snb.display.figures.grid import Cell, Column, Grid
from k8snb.display.figures.grid_figure import grid_figure
from k8snb.languages import _
from k8snb.notebook.chapter import Chapter

_TITLE = "What the audit policy records"


def audit_coverage(chapter: Chapter) -> Figure:
    """Draw the events that the guide wants recorded by who causes them: how many, and at which level at least."""
    policy = policy_of(chapter.cluster, str(chapter.result.record.parameters.get("audit_policy") or ""))
    events: dict[tuple[str, str], list[Event]] = {}
    for one in wanted():
        events.setdefault((one.kind, one.who), []).append(one)
    kinds, people = (list(dict.fromkeys(key[place] for key in events)) for place in (0, 1))
    cells = [[_cell(policy, events.get((kind, who), ())) for who in people] for kind in kinds]
    grid = Grid(
        "Event", [_words().get(one, one) for one in kinds], [Column(_words().get(one, one)) for one in people], cells
    )
    return grid_figure(_TITLE, _told(policy), grid)


def _words() -> Mapping[str, str]:
    return {
        "Secret access": _("Secret access"),
        "commands in containers": _("commands in containers"),
        "changes of RBAC": _("changes of RBAC"),
        "changes of admission": _("changes of admission"),
        "changes of workloads": _("changes of workloads"),
        "anonymous requests": _("anonymous requests"),
        "failed authentication": _("failed authentication"),
        "a person": _("a person"),
        "an administrator": _("an administrator"),
        "a workload": _("a workload"),
        "nobody known": _("nobody known"),
    }


def _told(policy: Policy | None) -> str:
    if policy is None:
        return "The API server does not tell its audit policy: what is recorded is not known."
    return "Events of each class that are recorded, of all that the guide wants; simulated rule by rule."


def _cell(policy: Policy | None, events: Iterable[Event]) -> Cell:
    found = list(events)
    if not found:
        return Cell()
    if policy is None:
        return Cell("not-assessed", "not known")
    recorded = [one for one in found if LEVELS.index(level(policy, one)) >= LEVELS.index("Metadata")]
    told = f"{len(recorded)} of {len(found)} recorded"
    return Cell("pass" if len(recorded) == len(found) else "fail", told, f"{len(recorded)}/{len(found)}")
