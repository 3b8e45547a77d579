"""`k8snb fix`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Option

from k8snb.commands import options
from k8snb.commands.reach import reaching
from k8snb.errors import UsageError

if TYPE_CHECKING:
    from k8snb.sources.connection_config import Access

EXAMPLES = """\b
Examples:
  k8snb fix --control run-as-non-root                       shows every plan
  k8snb fix --control run-as-non-root --subject Deployment/shop/cart --apply
  k8snb fix manifests/ --control seccomp-profile --export fixed
  k8snb fix context:prod --control limit-range --apply --yes --expect-cluster prod
  k8snb fix --history; k8snb fix --undo 20261125-1912 --apply

Nothing is changed without --apply, and nothing that the server did not try
before. Exit status: 0 done, or only shown; 1 something was not changed, or
does not hold; 2 wrong usage; 3 the source could not be read.
"""
Failure = Literal["keep", "undo"]


@reaching()
def fix(
    source: options.Source = None,
    *,
    control: Annotated[list[str] | None, Option("--control", metavar="ID", help="What to fix; several may be.")] = None,
    subject: Annotated[str | None, Option("--subject", metavar="KIND/NS/NAME", help="Only this object.")] = None,
    export: Annotated[Path | None, Option("--export", metavar="DIR", help="Write the fixes as files.")] = None,
    dry_run: Annotated[bool, Option("--dry-run", help="Only show, which is the default.")] = False,
    apply: Annotated[bool, Option("--apply", help="Change the cluster, once its name was typed.")] = False,
    yes: Annotated[bool, Option("--yes", help="Do not ask; wants --expect-cluster.")] = False,
    expect_cluster: Annotated[
        str | None, Option("--expect-cluster", metavar="NAME", help="Refuse any other cluster (its context).")
    ] = None,
    auto_rollback: Annotated[bool, Option("--auto-rollback", help="Take back what does not hold.")] = False,
    on_failure: Annotated[Failure, Option("--on-failure", help="What becomes of earlier plans then.")] = "keep",
    force_managed: Annotated[bool, Option("--force-managed", help="Also what Helm, Argo CD, … keep.")] = False,
    wait: Annotated[str, Option("--wait", metavar="TIME", help="How long a rollout may take.")] = "3m",
    history: Annotated[bool, Option("--history", help="List what was changed.")] = False,
    undo: Annotated[str | None, Option("--undo", metavar="ENTRY", help="Take a change of the journal back.")] = None,
    namespace: options.Namespaces = None,
    parameter: options.Parameters = None,
    complete: options.Complete = False,
    waivers: options.WaiverFile = None,
    access: "Access | None",
) -> int:
    """Plan fixes, show what they do, apply them, check them, take them back."""
    from k8snb.assessment.assess import assess
    from k8snb.commands import fix_run, reading
    from k8snb.remediation import planning
    from k8snb.remediation.session import Session

    if history:
        return fix_run.history()
    if apply and (dry_run or export):
        raise UsageError("--apply goes without --dry-run and --export.", "Look first, then apply.")
    if yes and not expect_cluster:
        raise UsageError("--yes wants --expect-cluster NAME.", "It guards against the wrong current context.")
    if not control and not undo:
        raise UsageError("Which control?", "Add --control ID; k8snb assess shows what fails.")
    seconds = options.seconds(wait, "--wait")
    values = options.parameters(parameter)
    options.check(None, control, values, ("waivers", waivers))
    found = reading.cluster(source, options.namespaces(namespace, False), complete=complete, kubeconfig=access)
    session = Session(found)
    fix_run.settled(session)
    if undo:
        plans = fix_run.undoing(session, undo)
    else:
        result = assess(found, controls=control, parameters=values, waivers=waivers)
        if not (subject or result.findings(status="fail")):
            return fix_run.nothing_fails(result)
        plans = planning.plans(result, controls=control or (), subject=subject, session=session)
    asked = fix_run.Asked(apply, yes, expect_cluster, auto_rollback, on_failure, force_managed, seconds)
    return fix_run.run(session, plans, asked, export)
