"""Who may do what, as the notebooks show it."""

from k8snb.analysis.escalation import chain, chains
from k8snb.analysis.power_holders import Holder, holders
from k8snb.analysis.powers import POWERS
from k8snb.display.figures import Figure
from k8snb.display.figures.powers import EVERYWHERE, power_map
from k8snb.display.shown import Shown
from k8snb.display.words import number
from k8snb.languages import _
from k8snb.notebook.chapter import Chapter
from k8snb.notebook.tables import rows_table

_REACHES = "reach cluster-admin"


def powers(chapter: Chapter) -> Shown:
    """Give who holds the powers that lead to the whole cluster, besides components of Kubernetes itself."""
    found = sorted(holders(chapter.cluster), key=lambda one: (bool(one.place), one.place, one.subject))
    rows = [
        {
            "who": _name(one),
            "where": one.place or _(EVERYWHERE),
            "may": [_(POWERS[name].may) for name in one.powers],
            "by binding": list(dict.fromkeys(by for given in one.powers.values() for by in given)),
        }
        for one in found
    ]
    told = f"{number(len({one.subject for one in found}), 'subject')} besides Kubernetes' own hold such powers."
    return rows_table(rows, none="Nobody else holds them.", everything="who_can(cluster, …)", told=told if rows else "")


def powers_by_subject(chapter: Chapter) -> Figure:
    """Draw who holds which power, and who reaches cluster-admin by a chain of them."""
    found: dict[str, dict[str, list[str]]] = {}
    for one in holders(chapter.cluster):
        held = found.setdefault(_name(one), {})
        for name in one.powers:
            held.setdefault(POWERS[name].may, []).append(one.place or EVERYWHERE)
        if chain(chains(chapter.cluster).certain, one.subject):
            held[_REACHES] = [EVERYWHERE]
    columns = [*(power.may for power in POWERS.values()), _REACHES]
    return power_map(found, columns, "Subjects and their powers")


def _name(one: Holder) -> str:
    return "/".join(one.subject)
