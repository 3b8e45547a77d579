"""Which controls a resource that cannot be read costs, from what the controls declare."""

from collections.abc import Collection
from typing import Literal

import msgspec

from k8snb.assessment.subjects import SUBJECTS
from k8snb.controls.model import Control
from k8snb.controls.registry import controls
from k8snb.resources.kinds import KINDS

How = Literal["all", "some", "where-needed", "detail"]
HOW: dict[How, str] = {
    "all": "nothing of it is assessed",
    "some": "a part of its subjects is not assessed",
    "where-needed": "subjects whose verdict hangs on it are not assessed",
    "detail": "its verdicts stay, and tell less",
}
VERSION, DISCOVERY, FLAGS, METRICS, STATUS = "/version", "/apis", "/flagz", "/metrics", "/statusz"
KUBELETS = "nodes/proxy"
OF_VERSION = frozenset(
    {"supported-version", "latest-patch", "version-skew", "known-vulnerabilities", "deprecated-apis"}
)
_OPTIONAL = frozenset(kind.resource for kind in KINDS if kind.optional)
_ONLY_TOLD = {
    "no-service-account-token": frozenset({"roles", "clusterroles", "rolebindings", "clusterrolebindings"}),
    "latest-patch": frozenset({STATUS}),
}
_INFERRED = frozenset({"namespace"})


class Cost(msgspec.Struct, frozen=True):
    """What a control loses.

    Attributes:
        control: Its id.
        how: `all`, `some`, `where-needed` or `detail`; `HOW` has the words.
        missing: What it lacks, in the order of the question.
    """

    control: str
    how: How
    missing: tuple[str, ...]


def needs(control: Control) -> tuple[str, ...]:
    """Give what a control reads: the resources of its subjects, those of its evidence, then paths.

    Discovery tells that a custom resource does not exist, where a list cannot.
    """
    resources = dict.fromkeys((*SUBJECTS[control.subject].resources, *control.reads))
    pages = {
        VERSION: control.id in OF_VERSION,
        FLAGS: control.subject in {"api-server", "control-plane"},
        METRICS: "metric" in control.evidence,
        STATUS: control.id == "latest-patch",
        KUBELETS: control.id.startswith("kubelet-"),
        DISCOVERY: bool(_OPTIONAL & set(resources)),
    }
    return (*resources, *(page for page, read in pages.items() if read))


def costs(missing: Collection[str], partly: Collection[str] = ()) -> tuple[Cost, ...]:
    """Tell which controls lose something, in the order of the catalogue.

    Args:
        missing: Resources (plural names) and paths that cannot be read.
        partly: Those of which some objects were read all the same.
    """
    found = ((one, tuple(name for name in missing if name in needs(one))) for one in controls().values())
    return tuple(Cost(one.id, _how(one, lacking, partly), lacking) for one, lacking in found if lacking)


def _how(control: Control, lacking: tuple[str, ...], partly: Collection[str]) -> How:
    subjects = SUBJECTS[control.subject].resources
    hidden = set(subjects) & set(lacking)
    if not hidden:
        return "detail" if set(lacking) <= _ONLY_TOLD.get(control.id, frozenset()) else "where-needed"
    whole = hidden == set(subjects) and control.subject not in _INFERRED and not hidden & set(partly)
    return "all" if whole else "some"
