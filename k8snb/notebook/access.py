"""Who may do what, as the notebooks show it."""

from collections.abc import Mapping, Sequence

from k8snb.analysis import rbac
from k8snb.display.shown import Shown
from k8snb.display.words import number
from k8snb.languages import _
from k8snb.notebook.chapter import Chapter
from k8snb.notebook.tables import Row, rows_table

POWERS = (
    ("read Secrets", "get", "", "secrets"),
    ("create pods", "create", "", "pods"),
    ("run commands in pods", "create", "", "pods/exec"),
    ("change roles", "escalate", "rbac.authorization.k8s.io", "clusterroles"),
    ("impersonate users", "impersonate", "", "users"),
)
EVERYWHERE = "everywhere"
_OWN = (
    "Group/system:masters",
    "User/system:kube-",
    "ServiceAccount/kube-system/",
    "Group/system:node",
    "User/system:node",
)


def powers(chapter: Chapter) -> Shown:
    """Give who holds the powers that lead to the whole cluster, besides components of Kubernetes itself."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for power, *asked in POWERS:
        for subject, namespace, binding in rbac.who_can(chapter.cluster, *asked):
            if not subject.startswith(_OWN):
                by_place = found.setdefault((namespace or EVERYWHERE, subject), {"may": [], "by binding": []})
                by_place["may"].append(power)
                by_place["by binding"].append(binding)
    ordered = sorted(found.items(), key=lambda pair: (pair[0][0] != EVERYWHERE, pair[0]))
    rows = [_row(place, subject, row) for (place, subject), row in ordered]
    told = f"{number(len({row['who'] for row in rows}), 'subject')} besides Kubernetes' own hold such powers."
    return rows_table(rows, none="Nobody else holds them.", everything="who_can(cluster, …)", told=told if rows else "")


def _row(place: str, subject: str, found: Mapping[str, Sequence[str]]) -> Row:
    where = _(EVERYWHERE) if place == EVERYWHERE else place
    may = [_(one) for one in _once(found["may"])]
    return {"who": subject, "where": where, "may": may, "by binding": _once(found["by binding"])}


def _once(words: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(words))
