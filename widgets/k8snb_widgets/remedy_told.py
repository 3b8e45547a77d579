"""What a browser is told of a fix: plain data, in which every text shows what it holds."""

from collections.abc import Iterable, Iterator

from k8snb.display import told
from k8snb.display.told import Section
from k8snb.languages import _
from k8snb.remediation.journal import Entry
from k8snb_widgets.lines import Plain, shown
from k8snb_widgets.remedy import Remedy

_LONGEST, _MOST_ENTRIES = 1000, 40


def remedy_told(one: Remedy) -> Plain:
    """Give all that the panel of a fix shows.

    Args:
        one: The fix.

    Returns:
        Builtin types; every text is cut and shows what it holds, and none is HTML.
    """
    say = told.outcome if one.begun else told.preview
    sections = [*told.conflict(one.conflict), *(section for plan in one.plans for section in say(plan))]
    return {
        "plan": one.id,
        "heading": _("Fix"),
        "told": shown(one.told, _LONGEST),
        "trouble": shown(one.trouble, _LONGEST),
        "sections": [_plain(section) for section in sections],
        "buttons": list(_buttons(one)),
        "history": _history(one),
    }


def _plain(one: Section) -> Plain:
    return {"heading": shown(one.heading), "lines": [shown(line, _LONGEST) for line in one.lines], "tone": one.tone}


def _buttons(one: Remedy) -> Iterator[Plain]:
    if not one.plans:
        yield _button("preview", _("Preview the fix"), main=True)
        return
    changes = any(plan.changes for plan in one.plans)
    if one.applied:
        yield _button("undo", _("Take it back"), main=not one.holds)
        yield _button("check", _("Look again"))
    elif changes and not one.begun:
        name = one.session.identity.name
        yield _button("apply", _(f"Apply to {shown(name, 100)}"), main=True, why=one.obstacle) | {"cluster": name}
        yield _button("export", _("Write as files"))
    if one.undoing and one.begun and not one.holds:
        yield _button("check", _("Look again"), main=True)
    if not one.applied:
        yield _button("preview", _("Preview again") if not one.begun else _("Preview the fix"), main=one.begun)


def _button(do: str, label: str, *, main: bool = False, why: str = "") -> Plain:
    """Give a button; it cannot be pressed where there is a reason why not."""
    return {"do": do, "label": label, "main": main, "why": shown(why, _LONGEST)}


def _history(one: Remedy) -> Plain | None:
    found = one.entries if one.plans else []
    if not found:
        return None
    return {
        "title": _(f"What k8snb changed here before: {len(found)}"),
        "label": _("Take back …"),
        "entries": list(_entries(one, found[:_MOST_ENTRIES])),
    }


def _entries(one: Remedy, found: Iterable[Entry]) -> Iterator[Plain]:
    for entry, section in zip(found, told.history(found), strict=True):
        can_go = entry.state == "applied" and not entry.undoes and not one.applied
        yield _plain(section) | {"id": entry.id if can_go else ""}
