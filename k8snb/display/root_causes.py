"""What matters first, and what to do this week: told by the fix, so that what one fix ends stands once."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from k8snb.access.settle import source_word
from k8snb.access.settling import settling
from k8snb.assessment.assessment import Assessment
from k8snb.assessment.root_causes import RootCause, Who, root_causes
from k8snb.display import terminal
from k8snb.display.parts import code, empty, prose, severity, table
from k8snb.display.shown import Shown
from k8snb.display.style import scoped
from k8snb.display.text import html_text, shorten
from k8snb.display.words import number
from k8snb.languages import _

_PLACES, _STEPS = 3, 4
_NOTHING = "Nothing that was assessed fails."
_NO_WEEK = "Nothing that was assessed fails, and nothing is open: nothing to do."


def who(one: Who) -> str:
    """Give who can do it, in the language in use."""
    words: Mapping[Who, str] = {
        "access": _("Whoever administers access"),
        "cluster": _("Whoever administers the cluster"),
        "workload": _("The owners of the workloads"),
    }
    return words[one]


class Step(msgspec.Struct, frozen=True):
    """Something to do: by whom, what, what it achieves, and the command that begins it. Untrusted text."""

    who: str
    what: str
    gain: str
    command: str


def matters_first(result: Assessment, most: int = 8) -> Shown:
    """Give the fixes that end the worst findings, each once, with what it costs; rich in a notebook.

    Args:
        result: The assessment.
        most: How many to give.
    """
    found = root_causes(result)
    head = ("Severity", "What does not hold", "Where", "What to do")
    html = table(head, [_row(result, one) for one in found[:most]]) if found else empty(_NOTHING)
    lines = [f"{_counts(one)}: {_(one.fix.title)} ({ended(one)})" for one in found[:most]] or [_(_NOTHING)]
    more = _more(found[most:])
    text = "\n".join(line for one in [*lines, *more] for line in terminal.wrapped(one))
    return Shown({"text/html": scoped(html + "".join(map(empty, more))), "text/plain": text})


def this_week(result: Assessment) -> Shown:
    """Give a short list of what to do next, in its order; rich in a notebook."""
    found = list(_steps(result))
    html = "".join(
        f"<li><b>{html_text(one.who)}</b>: {prose(one.what)} {prose(one.gain)}<br>{code(one.command, 600)}</li>"
        for one in found
    )
    lines = [
        line
        for place, one in enumerate(found, 1)
        for line in (
            *terminal.wrapped(f"{place}. {one.who}: {_(one.what)} {_(one.gain)}"),
            f"   {one.command}",
        )
    ]
    return Shown(
        {
            "text/html": scoped(f"<ol>{html}</ol>" if found else empty(_NO_WEEK)),
            "text/plain": "\n".join(lines) or _(_NO_WEEK),
        }
    )


def ended(one: RootCause) -> str:
    """Tell how much a fix ends."""
    return _(f"{number(len(one.findings), 'finding')} of {number(len(one.controls), 'control')}")


def command(result: Assessment, controls: Sequence[str]) -> str:
    """Give the command that shows the plans of some controls; it changes nothing."""
    return " ".join(("k8snb", "fix", source_word(result.record.source), *(f"--control={one}" for one in controls)))


def _steps(result: Assessment) -> Iterator[Step]:
    found = root_causes(result)
    worst = [one for one in found if one.worst == found[0].worst][:_STEPS]
    planned = max((one for one in found if one not in worst), key=lambda one: one.planned, default=None)
    for one in [*worst, *([planned] if planned and planned.planned else [])]:
        yield Step(who(one.fix.who), _begin(one), _gain(one), command(result, _worst_controls(one)))
    yield from _look_again(result)
    if found:
        told = "Assess again, and compare: what is gone, and what can no longer be judged."
        yield Step(_("Whoever assesses"), told, "", "k8snb compare OLD NEW")


def _look_again(result: Assessment) -> Iterator[Step]:
    ways = settling(result.findings(status="not-assessed"), result.record.source, result.coverage)
    if ways:
        first = max(ways, key=lambda one: len(one.findings))
        told = f"{first.what.rstrip('.')}."
        what = _(f"To settle what is open: {told}") if first.what else _("Answer what no program can see.")
        gain = _(f"Up to {number(len(first.findings), 'open verdict')} are given then.")
        yield Step(_("Whoever assesses"), what, gain, first.command)


def _worst_controls(one: RootCause) -> list[str]:
    worst = {finding.control for finding in one.findings if finding.severity == one.worst}
    return [name for name in one.controls if name in worst]


def _begin(one: RootCause) -> str:
    return f"{_(one.fix.fix)} {_(f'Begin with {_where(one)}.')}"


def _gain(one: RootCause) -> str:
    return _(f"Behind it: {ended(one)} ({_counts(one)}).")


def _effort(one: RootCause) -> str:
    by_hand = len(one.findings) - one.planned
    plans = _(f"{one.planned} have a plan") if one.planned else ""
    return ", ".join(told for told in (plans, _(f"{by_hand} are done by hand") if by_hand else "") if told)


def _row(result: Assessment, one: RootCause) -> list[str]:
    chips = "<br>".join(f"{severity(word)} {count:,}" for word, count in one.severities.items())
    caution = f'<br><span class="s">{_("Caution")}: {prose(one.fix.caution)}</span>' if one.fix.caution else ""
    shown = f"<details><summary>{html_text(_effort(one))}</summary>{code(command(result, one.controls), 900)}</details>"
    return [
        f'<span class="v">{chips}</span>',
        f'{prose(one.fix.title)}<br><span class="s">{html_text(ended(one))}</span>',
        "<br>".join(html_text(place, 90) for place in _places(one)),
        f"{prose(one.fix.fix)}{caution}{shown}",
    ]


def _places(one: RootCause) -> list[str]:
    places = [shorten(" ".join(place.split("/", 1)), 80) for place in one.places]
    more = len(places) - _PLACES
    return [*places[:_PLACES], *([_(f"and {number(more, 'other')}")] if more > 0 else [])]


def _where(one: RootCause) -> str:
    *first, last = _places(one)
    return f"{', '.join(first)}{' ' if len(one.places) > _PLACES else ', ' if first else ''}{last}"


def _counts(one: RootCause) -> str:
    return ", ".join(f"{count:,} {_(word)}" for word, count in one.severities.items())


def _more(rest: Sequence[RootCause]) -> list[str]:
    if not rest:
        return []
    findings = number(sum(len(one.findings) for one in rest), "finding")
    return [_(f"{number(len(rest), 'further fix', 'further fixes')} would end {findings}; the chapters have them.")]
