"""Labels of namespaces."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import LEVELS
from k8snb.remediation.objects import Raw
from k8snb.remediation.plans.model import Context, Procedure, Proposal, Proposed, Recipe

_LABEL = "pod-security.kubernetes.io/"


def _admission(context: Context) -> Iterator[Proposed]:
    """Enforce the level that the run asks for, and warn and record at least at that level."""
    wanted = context.parameters["pod_security_level"]
    if "disabled" in context.finding.message:
        steps = ("Take PodSecurity out of --disable-admission-plugins of every API server, one after the other.",)
        yield Procedure("A label does nothing as long as the admission plugin PodSecurity is disabled.", steps)
        return
    if "does not know Pod Security admission" in context.finding.message:
        yield Procedure("A label does nothing before Kubernetes 1.23.", ("Upgrade the control plane.",))
        return

    def edit(raw: Raw) -> None:
        metadata = raw["metadata"]
        labels = metadata["labels"] = metadata.get("labels") or {}
        for mode in ("enforce", "audit", "warn"):
            there = labels.get(_LABEL + mode)
            if there not in LEVELS or LEVELS.index(there) < LEVELS.index(wanted):
                labels[_LABEL + mode] = wanted

    yield Proposal(
        context.target, edit, note="Running pods stay; what the server warns of is refused from its next start."
    )


RECIPES: dict[str, Recipe] = {"pod-security-admission": _admission}
