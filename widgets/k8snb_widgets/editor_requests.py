"""What a browser may ask of the editor: fields, and what a person could click on. It never names a file."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from k8snb.errors import UsageError
from k8snb_widgets.asked import Asked
from k8snb_widgets.draft import MOST_TEXT, STATUSES, Kind
from k8snb_widgets.editor_tell import scopes

if TYPE_CHECKING:
    from k8snb_widgets.editor import Editor

_Short = Annotated[str, msgspec.Meta(max_length=80)]
_Long = Annotated[str, msgspec.Meta(max_length=2 * MOST_TEXT)]


class Write(Asked, frozen=True, tag="write"):
    """One of the fields that a person types into."""

    field: Literal["who", "why", "until"]
    value: _Long


class About(Asked, frozen=True, tag="kind"):
    """A waiver, or an attestation."""

    kind: Kind


class Control(Asked, frozen=True, tag="control"):
    """The control that it is about."""

    id: _Short


class Scope(Asked, frozen=True, tag="scope"):
    """What it is about: one of those that are offered."""

    value: _Long


class Found(Asked, frozen=True, tag="status"):
    """What somebody found who looked."""

    status: Literal["", "pass", "fail", "not-applicable"]


class Finding(Asked, frozen=True, tag="finding"):
    """The finding to begin with."""

    id: _Short


class Preview(Asked, frozen=True, tag="preview"):
    """The file as it would be."""


class End(Asked, frozen=True, tag="end"):
    """The file with an entry ended."""

    id: _Short


class Save(Asked, frozen=True, tag="save"):
    """The file that is shown, written."""


class Cancel(Asked, frozen=True, tag="cancel"):
    """Nothing of it."""


Request = Write | About | Control | Scope | Found | Finding | Preview | End | Save | Cancel
_DO: Mapping[type, Callable[["Editor", Any], Any]] = {
    Write: lambda editor, one: editor.write(**{one.field: one.value}),
    About: lambda editor, one: editor.write(kind=one.kind),
    Control: lambda editor, one: _control(editor, one.id),
    Scope: lambda editor, one: _scope(editor, one.value),
    Found: lambda editor, one: editor.write(status=one.status if one.status in STATUSES else ""),
    Finding: lambda editor, one: editor.from_finding(one.id),
    Preview: lambda editor, _: editor.preview(),
    End: lambda editor, one: editor.end(one.id),
    Save: lambda editor, _: editor.save(),
    Cancel: lambda editor, _: editor.cancel(),
}


def done(editor: "Editor", content: object) -> None:
    """Do what a message asks; nothing where it is no request.

    Raises:
        UsageError: if it names what is not there, or it cannot be done.
    """
    try:
        request: Request = msgspec.convert(content, Request)
    except msgspec.ValidationError:
        return
    _DO[type(request)](editor, request)


def _control(editor: "Editor", name: str) -> None:
    if name and all(one.id != name for one in editor.assessment.controls):
        raise UsageError(f"There is no control {name!r} here.", "Choose one of the list.")
    editor.write(control=name)


def _scope(editor: "Editor", value: str) -> None:
    if all(one["value"] != value for one in scopes(editor)):
        raise UsageError("That is not among what the control was asked about.", "Choose one of the list.")
    editor.write(subject=value)
