"""What a browser is told of a fix: plain data, in which every text shows what it holds."""

from collections.abc import Iterable, Sequence

from k8snb.assessment.result import Finding
from k8snb.display.words import known, sentence
from k8snb.languages import _
from k8snb.remediation.journal import Entry
from k8snb.remediation.plan import Plan
from k8snb.remediation.plans.model import Procedure
from k8snb.remediation.preview import Preview, Step
from k8snb_widgets.lines import Plain, shown
from k8snb_widgets.remedy import Remedy

_MOST_LINES, _MOST_TOLD, _MOST_FILE = 400, 40, 20_000
_VERBS = {"patch": "would be changed", "create": "would be made", "delete": "would be removed"}
_STATES = {"applied": "applied", "undone": "taken back", "refused": "refused", "unclear": "unclear"}


def remedy_told(one: Remedy) -> Plain:
    """Give all that the panel of a fix shows.

    Args:
        one: The fix.

    Returns:
        Builtin types; every text is cut and shows what it holds, and none is HTML.
    """
    before = [] if one.begun else [plan.preview() for plan in one.plans]
    return {
        "plan": one.id,
        "heading": _("Fix"),
        "told": shown(one.told, 600),
        "trouble": shown(one.trouble, 600),
        "steps": [_step(step) for preview in before for step in preview.steps],
        "conflict": _difference(_("What changed meanwhile"), one.conflict) if one.conflict else None,
        "lists": [*_lists(one.plans, before), *_seen(one)],
        "procedures": [_procedure(found) for plan in one.plans for found in plan.procedures],
        "buttons": list(_buttons(one)),
        "history": _history(one),
    }


def _step(step: Step) -> Plain:
    change = step.change
    how = _("merged here; the server was not asked") if step.local else _("as the server would store it")
    return _difference(f"{change.target} {_(_VERBS[change.verb])}", step.diff) | {"how": how}


def _difference(name: str, lines: Sequence[str]) -> Plain:
    more = len(lines) - _MOST_LINES
    left = [_(f"… and {more} more lines; an export has them all.")] if more > 0 else []
    return {"name": shown(name, 300), "how": "", "lines": [shown(line, 500) for line in lines[:_MOST_LINES]] + left}


def _lists(plans: Sequence[Plan], previews: Sequence[Preview]) -> list[Plain]:
    own = {finding.id for plan in plans for finding in plan.findings}
    fixed = [one for preview in previews for one in preview.difference.fixed]
    still = [one for plan in plans for one in plan.findings if one.subject.differs is None] if previews else []
    gone = {one.id for one in fixed}
    stepped = any(preview.steps for preview in previews)
    told = {
        _("Who else is reached"): [text for one in previews for text in one.effects],
        _("The server warns"): [text for one in previews for text in one.warnings],
        _("Also fixes"): _findings(one for one in fixed if one.id not in own),
        _("Still fails"): _findings(one for one in still if stepped and one.id not in gone),
        _("Newly fails"): _findings(one for preview in previews for one in preview.difference.caused),
        _("Chosen"): [text for one in previews for text in one.notes],
        _("Be careful"): [text for one in previews for text in one.cautions],
        _("Checked afterwards"): [text for one in previews for text in one.checks],
        _("Way back"): [one.way_back for one in previews if one.way_back],
        _("Why not from the server"): [step.local for one in previews for step in one.steps if step.local],
    }
    return [_list(title, texts) for title, texts in told.items() if texts]


def _list(title: str, texts: Sequence[str]) -> Plain:
    found = list(dict.fromkeys(texts))
    more = [_(f"… and {len(found) - _MOST_TOLD} more.")] if len(found) > _MOST_TOLD else []
    return {"title": title, "texts": [shown(sentence(text), 600) for text in found[:_MOST_TOLD]] + more}


def _findings(found: Iterable[Finding]) -> list[str]:
    return [f"{one.subject}: {_title(one)} ({_(one.severity)})" for one in found]


def _title(one: Finding) -> str:
    control = known(one.control)
    return _(control.title) if control else one.control


def _seen(one: Remedy) -> list[Plain]:
    """Give what was verified: the rollout, and each finding before and after."""
    rollouts = [found.rollout.told for found in one.verified if found.rollout.state != "none"]
    rows = [row for found in one.verified for row in found.findings]
    checked = [f"{row.subject}: {row.control}: {_(row.before)} → {_(row.after)}. {_(row.message)}" for row in rows]
    lost = [_(f"{at} is not as it was set") for found in one.verified for at in found.lost]
    told = {_("Rollout"): rollouts, _("Verified"): checked, _("Lost"): lost}
    return [_list(title, texts) for title, texts in told.items() if texts]


def _procedure(one: Procedure) -> Plain:
    return {
        "title": _("By hand"),
        "why": shown(sentence(one.why), 600),
        "steps": [shown(sentence(text), 1000) for text in one.steps],
        "files": [
            [shown(name), [shown(line, 500) for line in text[:_MOST_FILE].splitlines()]]
            for name, text in one.files.items()
        ],
    }


def _buttons(one: Remedy) -> Iterable[Plain]:
    if not one.plans:
        yield _button("preview", _("Preview the fix"), main=True)
        return
    changes = any(plan.changes for plan in one.plans)
    if one.applied:
        yield _button("undo", _("Take it back"), main=not one.holds)
        yield _button("check", _("Look again"))
    elif changes and not one.begun:
        reason = one.obstacle
        name = shown(one.session.identity.name, 100)
        yield _button("apply", _(f"Apply to {name}"), main=True, why=reason) | {"cluster": one.session.identity.name}
        yield _button("export", _("Write as files"))
    if one.undoing and one.begun and not one.holds:
        yield _button("check", _("Look again"), main=True)
    if not one.applied:
        yield _button("preview", _("Preview again") if not one.begun else _("Preview the fix"), main=one.begun)


def _button(do: str, label: str, *, main: bool = False, why: str = "") -> Plain:
    """Give a button; it cannot be pressed where there is a reason why not."""
    return {"do": do, "label": label, "main": main, "why": shown(why and sentence(why), 600)}


def _history(one: Remedy) -> Plain | None:
    found = one.entries if one.plans else []
    if not found:
        return None
    return {
        "title": _(f"What k8snb changed here before: {len(found)}"),
        "label": _("Take back …"),
        "entries": [
            {"id": entry.id if _can_go(one, entry) else "", "text": _entry(entry)} for entry in found[:_MOST_TOLD]
        ],
    }


def _can_go(one: Remedy, entry: Entry) -> bool:
    return entry.state == "applied" and not entry.undoes and not one.applied


def _entry(one: Entry) -> str:
    about = ", ".join(one.controls) or _(f"takes {one.undoes} back")
    who = one.cluster.user or one.who
    return shown(f"{one.when} · {_(_STATES.get(one.state, one.state))} · {one.target} · {about} · {who}", 400)
