"""The proof that a control can pass and can fail."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from k8snb.display.text import clip, pad
from k8snb.formats.screen import Screen
from k8snb.languages import _

if TYPE_CHECKING:
    from k8snb.assessment.prove import Proofs


def proof(proofs: "Proofs", screen: Screen) -> bytes:
    """Give the verdict on every example of a control, and whether all are as they should be."""
    return screen.finish(list(_proof(proofs, screen)))


def _proof(proofs: "Proofs", screen: Screen) -> Iterator[str]:
    for one in proofs:
        status = one.assessment[one.control].result.status
        word = _("as it should") if one.holds else _(f"EXPECTED {one.expected}")
        yield f"{screen.style(pad(_(status), 14), status)} {word}"
        yield from screen.wrap(next((f.message for f in one.assessment if f.status == status), ""), 4)
        yield from (
            screen.style(f"    | {clip(line, screen.width - 6)}", "quiet") for line in one.objects.strip().splitlines()
        )
        yield ""
    hold = sum(one.holds for one in proofs)
    both = {one.expected for one in proofs} >= {"pass", "fail"}
    yield _(f"{hold} of {len(proofs)} examples hold{'' if both else '; it lacks a passing or a failing one'}.")
