"""`k8snb controls`."""

from typing import Annotated, Literal

from typer import Argument, Option

from k8snb.commands import options
from k8snb.errors import UsageError

EXAMPLES = """\b
Examples:
  k8snb controls --chapter network-hardening
  k8snb controls run-as-non-root
  k8snb controls run-as-non-root --prove  its examples, judged now
  k8snb controls -o json

\b
Exit status: 0; 1 if an example does not do what it says; 2 wrong usage.
"""


def controls(
    control_id: Annotated[str | None, Argument(metavar="ID", help="One control.")] = None,
    chapter: options.Chapters = None,
    prove: Annotated[bool, Option("--prove", help="Judge the control's examples, now.")] = False,
    output: Annotated[Literal["table", "json", "markdown"], Option("-o", "--output", help="The format.")] = "table",
) -> int:
    """List the controls, or tell about one: why, how to fix, evidence, other tools, and proof that it can fail."""
    from k8snb.commands.output import screen, write
    from k8snb.controls.registry import find, select
    from k8snb.formats import catalogue
    from k8snb.formats import control as formats

    if prove:
        return _prove(control_id)
    chosen = [find(control_id)] if control_id else select(chapter, None)
    if output == "json":
        write(formats.as_json(chosen), is_json=True)
    elif output == "markdown":
        write(catalogue.as_markdown(chosen))
    else:
        write(formats.page(chosen[0], screen()) if control_id else formats.listing(chosen, screen()))
    return 0


def _prove(control_id: str | None) -> int:
    from k8snb.assessment.prove import prove
    from k8snb.commands.output import screen, write
    from k8snb.formats.proof import proof

    if control_id is None:
        raise UsageError("--prove wants a control.", "k8snb controls lists them.")
    proofs = prove(control_id)
    write(proof(proofs, screen()))
    return int(not proofs.hold)
