"""How Pod Security levels and capabilities are spread over the workloads, as the notebooks show it."""

from collections import Counter

from k8snb.analysis.pod_security import levels
from k8snb.display.shares import Shares, shares_table
from k8snb.display.shown import Shown
from k8snb.display.words import number
from k8snb.inventory.workloads import Workload
from k8snb.languages import _
from k8snb.notebook.chapter import Chapter
from k8snb.resources.pod import Container

_LEVELS = {"restricted": "pass", "baseline": "medium", "privileged": "fail", "unknown": "open"}
_HELD = {"none of them": "pass", "the default set": "medium", "more than that": "fail", "all of them": "fail"}
"""What containers hold of the capabilities, least first."""
_MOST = 8


def level_shares(chapter: Chapter) -> Shown:
    """Give the workloads of every namespace by the strictest Pod Security level that they satisfy."""
    found = [one for one in levels(chapter.cluster) if one.workloads]
    rows = [Shares(one.name, Counter(work.level or "unknown" for work in one.workloads)) for one in found]
    told = f"{number(sum(len(one.workloads) for one in found), 'workload')} by the strictest level that they satisfy."
    return shares_table("Pod Security levels", _(told) + _hidden(chapter), "Namespace", rows, _LEVELS)


def capabilities(chapter: Chapter) -> Shown:
    """Give the workloads of every namespace by the capabilities of their mightiest container, Windows aside."""
    counts: dict[str, Counter[str]] = {}
    added: Counter[str] = Counter()
    found = [one for one in chapter.cluster.workloads if not one.template.windows and any(one.template.containers())]
    for one in found:
        counts.setdefault(one.namespace, Counter())[_held(one)] += 1
        added.update({name for __, container in one.template.containers() for name in _added(container)})
    rows = [Shares(name, held) for name, held in sorted(counts.items())]
    most = ", ".join(f"{name} ({count})" for name, count in added.most_common(_MOST))
    told = _(f"{number(len(found), 'workload')} by what their containers hold of root's capabilities.")
    told += _hidden(chapter) + (f" {_(f'Added by name: {most}.')}" if most else "")
    return shares_table("Capabilities", told, "Namespace", rows, _HELD)


def _hidden(chapter: Chapter) -> str:
    gap = chapter.cluster.gap("pods")
    return f" {_('Pods could not be listed to the end: there may be more.')}" if gap else ""


def _held(one: Workload) -> str:
    return max((_of(container) for __, container in one.template.containers()), key=list(_HELD).index)


def _of(one: Container) -> str:
    context = one.securityContext
    if context and context.privileged:
        return "all of them"
    added = _added(one)
    if "ALL" in added:
        return "all of them"
    dropped = context.capabilities.drop if context and context.capabilities else None
    if "ALL" in (dropped or ()):
        return "none of them" if set(added) <= {"NET_BIND_SERVICE"} else "more than that"
    return "more than that" if added else "the default set"


def _added(one: Container) -> list[str]:
    found = one.securityContext.capabilities if one.securityContext else None
    return list((found.add if found else None) or ())
