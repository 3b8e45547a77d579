"""`k8snb explain`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from typer import Argument

from k8snb.errors import UsageError

if TYPE_CHECKING:
    from k8snb.assessment.result import Finding

EXAMPLES = """\b
Examples:
  k8snb assess demo -o wide               shows the ids
  k8snb explain 3f2a91c                   the beginning of an id is enough
"""
_SHOWN = 3
_WHERE = "k8snb assess … -o wide shows the ids."


def explain(
    finding_id: Annotated[str, Argument(metavar="FINDING-ID", help="Its id, or the beginning of it.")],
) -> int:
    """Explain a finding of the last assessment: evidence, what would make it pass or settle it, why it matters."""
    from k8snb.commands.last import last
    from k8snb.commands.output import screen, write
    from k8snb.controls.registry import controls
    from k8snb.formats import finding

    record = last().record
    one = find(finding_id, record.findings)
    write(finding.explain(one, controls().get(one.control), screen(), record))
    return 0


def find(wanted: str, findings: Sequence["Finding"], otherwise: str = _WHERE) -> "Finding":
    """Give the finding of an id, or of the beginning of one.

    Args:
        wanted: The id.
        findings: Where to look.
        otherwise: What to do where no id is near.

    Raises:
        UsageError: if there is none, or more than one.
    """
    from k8snb.controls.registry import suggest

    found = [one for one in findings if one.id.startswith(wanted.lower())] if wanted else []
    exact = [one for one in found if one.id == wanted.lower()]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if found:
        shown = ", ".join(f"{one.id} ({one.control})" for one in found[:_SHOWN])
        raise UsageError(f"{len(found)} findings begin with {wanted!r}.", f"Such as {shown}; give more of the id.")
    hint = suggest(wanted, [one.id for one in findings], otherwise)
    raise UsageError(f"The last assessment has no finding {wanted!r}.", hint)
