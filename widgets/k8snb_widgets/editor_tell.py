"""What the editor tells a browser: plain data, in which every text shows what it holds."""

import difflib
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from k8snb.assessment.result import Finding
from k8snb.display.words import MARKS, by_urgency, known, number, place, verdict_of
from k8snb.errors import UsageError
from k8snb.languages import _
from k8snb_widgets.draft import MOST_TEXT, STATUSES, WORDS, pattern
from k8snb_widgets.editor_labels import labels
from k8snb_widgets.entry_file import Kept
from k8snb_widgets.lines import Plain, shown

if TYPE_CHECKING:
    from k8snb_widgets.editor import Editor, Proposal

MOST_SCOPES, MOST_ENTRIES, MOST_FINDINGS, MOST_LINES = 300, 100, 10, 400
_SOON = 14


def everything(editor: "Editor") -> Plain:
    """Give all that a view shows."""
    listed, trouble = _entries(editor)
    return {
        "tell": "state",
        "labels": labels(),
        "draft": {**msgspec.to_builtins(editor.draft), "subject": editor.draft.subject},
        "most": MOST_TEXT,
        "today": editor.today.isoformat(),
        "controls": _controls(editor),
        "scopes": scopes(editor),
        "statuses": [{"value": one, "label": _(MARKS[one].word)} for one in STATUSES],
        "covers": _covers(editor),
        "problems": editor.problems if editor.tried else {},
        "proposal": _proposal(editor.proposal) if editor.proposal else None,
        "entries": listed,
        "note": shown(editor.note, 600),
        "trouble": trouble,
    }


def _controls(editor: "Editor") -> list[Plain]:
    """Give the controls, those first that have something to write about."""
    word = WORDS[editor.draft.kind]
    counts = Counter(
        one.control for one in editor.assessment.record.findings if (one.status == "fail") == (word == "waivers")
    )
    found = [
        (counts[one.id] if word == "waivers" else len(editor.covered(word, one.id, "*")), one)
        for one in editor.assessment.controls
    ]
    found.sort(key=lambda pair: (not pair[0], pair[1].id))
    return [{"value": one.id, "label": f"{one.id} ({count:,})" if count else one.id} for count, one in found]


def scopes(editor: "Editor") -> list[Plain]:
    """Give what an entry for the control may be about: everything, a namespace, or a subject; untrusted text."""
    found = editor.covered(WORDS[editor.draft.kind], editor.draft.control, "*")
    everywhere = {"value": "*", "label": _("everything"), "count": len(found)}
    spaces = Counter(one.subject.namespace for one in found if one.subject.namespace)
    subjects = {pattern(one.subject): shown(place(one.subject), 200) for one in by_urgency(found)}
    listed = [
        everywhere,
        *(
            {"value": f"*/{name}/*", "label": _(f"all in namespace {shown(name, 80)}"), "count": count}
            for name, count in sorted(spaces.items())
            if name.isprintable() and not set(name) & set("*?[")
        ),
        *({"value": value, "label": label, "count": 1} for value, label in subjects.items()),
    ][:MOST_SCOPES]
    own = editor.draft.subject
    if all(one["value"] != own for one in listed):
        listed.append({"value": own, "label": shown(own, 200), "count": len(editor.covers)})
    return listed


def _covers(editor: "Editor") -> Plain:
    found = by_urgency(editor.covers) if editor.draft.control else []
    return {"told": covers_told(editor, found), "items": [_finding(one) for one in found[:MOST_FINDINGS]]}


def covers_told(editor: "Editor", found: list[Finding]) -> str:
    """Tell how many findings an entry would cover."""
    if not editor.draft.control:
        return ""
    if not found:
        return _("Covers no finding of this run.")
    if editor.draft.kind == "attestation":
        return _(f"Answers for {number(len(found), 'finding')}.")
    waived = sum(one.waiver is not None for one in found)
    told = _(f"Covers {number(len(found), 'failing finding')}.")
    return f"{told} {_(f'{waived} of them waived already.')}" if waived else told


def _finding(one: Finding) -> Plain:
    mark = MARKS[verdict_of(one)]
    return {
        "symbol": mark.symbol,
        "colour": mark.colour,
        "verdict": _(mark.word),
        "subject": shown(place(one.subject), 200),
        "message": shown(_(one.message), 200),
    }


def _entries(editor: "Editor") -> tuple[list[Plain], str]:
    try:
        found = sorted(editor.entries, key=lambda one: (not editor.counts(one), one.entry.until, one.at))
    except UsageError as error:
        return [], shown(error, 400)
    return [entry_told(editor, one) for one in found[:MOST_ENTRIES]], ""


def entry_told(editor: "Editor", one: Kept) -> Plain:
    """Give what the list tells of an entry; untrusted text."""
    control, left = known(one.entry.control), (one.entry.until - editor.today).days
    count = len(editor.covered(one.word, one.entry.control, one.entry.subject))
    status = f" ({_(MARKS[one.entry.status].word)})" if one.entry.status else ""
    return {
        "id": one.id,
        "kind": _("waiver") if one.word == "waivers" else _("attestation"),
        "control": one.entry.control,
        "title": _(control.title) if control else "",
        "subject": _("everything") if one.entry.subject == "*" else shown(one.entry.subject, 200),
        "who": shown(one.entry.who, 100),
        "why": shown(one.entry.why, 300) + status,
        "until": one.entry.until.isoformat(),
        "left": _("over") if left < 0 else number(left, "day left", "days left"),
        "state": "over" if left < 0 else "soon" if left <= _SOON else "",
        "covers": number(count, "finding"),
        "ends": left >= 0,
    }


def _proposal(one: "Proposal") -> Plain:
    return {"path": shown(one.path, 300), "what": shown(one.what, 300), "lines": list(lines(one))[:MOST_LINES]}


def lines(one: "Proposal") -> Iterator[Plain]:
    """Give the lines of a file as it would be, each kept, added or taken out; untrusted text."""
    old, new = one.before.splitlines(), one.text.splitlines()
    for line in difflib.ndiff(old, new) if len(old) + len(new) < 2000 else (f"  {text}" for text in new):
        if not line.startswith("?"):
            yield {"change": line[0].strip(), "text": shown(line[2:], 300)}
