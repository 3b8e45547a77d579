"""What a browser may ask of a board: only what a person could click on, named by id."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from k8snb.errors import UsageError
from k8snb.languages import _
from k8snb_widgets.asked import Asked
from k8snb_widgets.state import Facet, Group

if TYPE_CHECKING:
    from k8snb_widgets.board import Board

_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Long = Annotated[str, msgspec.Meta(max_length=600)]


class Look(Asked, frozen=True, tag="look"):
    """A view has opened and asks for everything."""


class Rows(Asked, frozen=True, tag="rows"):
    """Lines of the list."""

    start: int
    count: int


class Choose(Asked, frozen=True, tag="choose"):
    """One filter."""

    facet: Facet
    values: Annotated[tuple[_Long, ...], msgspec.Meta(max_length=20)]


class Search(Asked, frozen=True, tag="search"):
    """Words to look for."""

    text: _Short


class Reset(Asked, frozen=True, tag="reset"):
    """No filter at all."""


class GroupBy(Asked, frozen=True, tag="group"):
    """Another grouping."""

    by: Group


class Open(Asked, frozen=True, tag="open"):
    """A group, opened or closed."""

    group: _Long
    opened: bool


class Select(Asked, frozen=True, tag="select"):
    """The detail of a finding, or none."""

    id: _Short


class Fix(Asked, frozen=True, tag="fix"):
    """A step of the fix of the finding whose detail is shown.

    Attributes:
        do: The step.
        plan: Id of the plan that the person saw; empty before there is one.
        cluster: Name of the cluster that stood on the button.
    """

    do: Literal["preview", "apply", "check", "undo", "export"]
    plan: _Short
    cluster: _Short = ""


class TakeBack(Asked, frozen=True, tag="take back"):
    """The way back of an entry of the journal."""

    entry: _Short


class AnswerFor(Asked, frozen=True, tag="answer"):
    """An entry about the finding whose detail is shown, begun in the editor."""

    id: _Short


Request = Look | Rows | Choose | Search | Reset | GroupBy | Open | Select | Fix | TakeBack | AnswerFor


def parsed(content: object) -> Request | None:
    """Give a message as a request; None where it is none."""
    try:
        found: Request = msgspec.convert(content, Request)
    except msgspec.ValidationError:
        return None
    return found


def known(board: "Board", one: Choose) -> tuple[str, ...]:
    """Give the values that findings have; a person could click on no others."""
    return tuple(value for value in one.values if value in board.index.values[one.facet])


def fixed(board: "Board", one: Fix) -> None:
    """Do a step of a fix, if its plan is the one that stands.

    Raises:
        UsageError: if it was planned anew meanwhile, such as in another tab.
    """
    remedy = board.remedy
    if remedy is None or remedy.id != one.plan:
        raise UsageError(_("That was planned anew meanwhile. Look at it again."))
    if one.do == "apply":
        board.apply(one.cluster)
    else:
        {"preview": board.preview, "check": board.check, "undo": board.undo, "export": board.export}[one.do]()


_DO: Mapping[type, Callable[["Board", Any], Any]] = {
    Choose: lambda board, one: board.choose(**{one.facet: known(board, one)}),
    Search: lambda board, one: board.choose(text=one.text),
    Reset: lambda board, _: board.reset(),
    GroupBy: lambda board, one: board.group_by(one.by),
    Open: lambda board, one: board.open(one.group, one.opened),
    Select: lambda board, one: board.select(one.id),
    Fix: fixed,
    TakeBack: lambda board, one: board.take_back(one.entry),
    AnswerFor: lambda board, one: board.select(one.id).answer_for(),
}


def done(board: "Board", request: Request) -> None:
    """Do what was asked, if it changes anything.

    Raises:
        UsageError: if it names what is not there.
    """
    action = _DO.get(type(request))
    if action:
        action(board, request)
