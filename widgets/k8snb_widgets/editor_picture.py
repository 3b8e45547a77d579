"""The editor as a picture: what a saved notebook keeps of it, and what stands where scripts do not run."""

from typing import TYPE_CHECKING

from k8snb.display.parts import code, empty, table
from k8snb.display.shown import Bundle
from k8snb.display.style import scoped
from k8snb.display.text import html_text, plain
from k8snb.display.words import number
from k8snb.errors import UsageError
from k8snb.languages import _
from k8snb_widgets.draft import Draft
from k8snb_widgets.editor_tell import covers_told, entry_told
from k8snb_widgets.lines import Plain

if TYPE_CHECKING:
    from k8snb_widgets.editor import Editor

MOST = 60
"""Entries in the picture."""


def picture(editor: "Editor") -> Bundle:
    """Give the editor as a MIME bundle of HTML without scripts, and of text.

    Args:
        editor: The editor, as it stands.
    """
    try:
        told = [entry_told(editor, one) for one in editor.entries]
    except UsageError as error:
        html = f'<p class="k8snb-picture fail">{html_text(error)}</p>'
        return {"text/html": scoped(html), "text/plain": plain(error)}
    none = _("No waiver or attestation is in force.")
    size = number(len(told), "entry", "entries")
    html = f'<p class="k8snb-picture">{html_text(size if told else none)}</p>{_table(told)}{_begun(editor)}'
    lines = [
        f"{one['until']}  {one['kind']}  {one['control']}  {one['subject']}  {one['who']}: {one['why']}" for one in told
    ]
    return {"text/html": scoped(html), "text/plain": "\n".join(map(plain, [size if told else none, *lines]))}


def _table(told: list[Plain]) -> str:
    if not told:
        return ""
    head = [_("Control"), _("Subject"), _("Who"), _("Why"), _("Until"), _("Covers")]
    rest = empty(_(f"… and {len(told) - MOST:,} more.")) if len(told) > MOST else ""
    return table(head, [_row(one) for one in told[:MOST]]) + rest


def _row(one: Plain) -> list[str]:
    return [
        f"{code(one['control'])} <small>{html_text(one['kind'])}</small>",
        html_text(one["subject"], 200),
        html_text(one["who"], 100),
        html_text(one["why"], 400),
        f"{html_text(one['until'])} <small>{html_text(one['left'])}</small>",
        html_text(one["covers"]),
    ]


def _begun(editor: "Editor") -> str:
    """Tell of an entry that is not written yet; nothing of it where the fields are as they were at first."""
    draft: Draft = editor.draft
    if not draft.control or not editor.interactive:
        return f"<p>{html_text(editor.note, 600)}</p>" if editor.note else ""
    kind, who, until = _(draft.kind), draft.who or "?", draft.until or "?"
    told = _(f"Begun, not written: a {kind} for {draft.control}, by {who}, until {until}.")
    return f'<p class="s">{html_text(told, 600)} {html_text(covers_told(editor, editor.covers))}</p>'
