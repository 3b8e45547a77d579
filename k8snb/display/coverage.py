"""What could be read, what not, and why."""

from collections.abc import Sequence

from k8snb.display import terminal
from k8snb.display.parts import code, folded, prose, table, verdict
from k8snb.display.shown import Shown
from k8snb.display.style import scoped
from k8snb.display.words import number
from k8snb.inventory.coverage import Coverage
from k8snb.languages import _


def coverage_table(coverage: Sequence[Coverage]) -> Shown:
    """Give the coverage as a table, what could not be read first; rich in a notebook."""
    return Shown({"text/html": scoped(coverage_html(coverage)), "text/plain": coverage_text(coverage)})


def told(coverage: Sequence[Coverage]) -> str:
    """Tell the coverage in one sentence."""
    gaps = [one for one in coverage if one.cause]
    whole = f"{len(coverage) - len(gaps)} of {number(len(coverage), 'resource')} listed to the end"
    causes = {cause: sum(one.cause == cause for one in gaps) for cause in sorted({str(one.cause) for one in gaps})}
    return _(whole) + "".join(f", {count} {_(cause)}" for cause, count in causes.items())


def coverage_html(coverage: Sequence[Coverage]) -> str:
    """Give what could not be read, and the rest behind it."""
    gaps = [one for one in coverage if one.cause]
    read = sorted((one for one in coverage if not one.cause), key=lambda one: (-one.listed, one.resource))
    missing = table(("Resource", "Listed", "Why not all", ""), map(_gap, gaps), numbers=[1]) if gaps else ""
    counts = " &nbsp; ".join(f"{code(one.resource)} {one.listed:,}" for one in read)
    return missing + (folded("Listed to the end", f"<p>{counts}</p>", 0, number(len(read), "resource")) if read else "")


def _gap(one: Coverage) -> list[str]:
    return [
        f'<span class="v">{code(one.resource, 48)}</span>',
        f"{one.listed:,}",
        verdict("not-assessed", _(str(one.cause))),
        prose(one.message, 400),
    ]


def coverage_text(coverage: Sequence[Coverage]) -> str:
    """Give the same for 80 columns."""
    return "\n".join([*terminal.wrapped(told(coverage) + "."), coverage_rows(coverage)])


def coverage_rows(coverage: Sequence[Coverage]) -> str:
    """Give what was read or could not be, for 80 columns; empty resources are left out."""
    ordered = sorted(coverage, key=lambda one: (one.cause is None, -one.listed, one.resource))
    rows = [
        (one.resource, f"{one.listed:,}", _(one.cause or ""), _(one.message))
        for one in ordered
        if one.cause or one.listed
    ]
    return "\n".join(terminal.columns(rows, (24, 7, 19, 24), numbers=[1]))
