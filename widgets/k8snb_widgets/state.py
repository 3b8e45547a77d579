"""What a person has chosen on the board: small, and all that is remembered."""

from typing import Literal, get_args

import msgspec

from k8snb.errors import UsageError

Facet = Literal["status", "severity", "chapter", "control", "namespace"]
Group = Literal["", "control", "namespace", "severity", "subject"]
FACETS: tuple[Facet, ...] = get_args(Facet)
GROUPS: tuple[Group, ...] = get_args(Group)
MOST_TEXT = 200
"""Characters of a search."""


class State(msgspec.Struct, frozen=True):
    """What is chosen; an empty filter lets everything through.

    Attributes:
        status: Verdicts, words of `k8snb.display.words.MARKS`.
        severity: Severities.
        chapter: Ids of chapters.
        control: Ids of controls.
        namespace: Namespaces of subjects; empty text for what lives in none.
        text: Words that must all stand in a finding, in any case.
        group: By what findings are grouped; empty for not at all.
        opened: Groups that are open.
        selected: Id of the finding whose detail is shown; empty for none.
    """

    status: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    chapter: tuple[str, ...] = ()
    control: tuple[str, ...] = ()
    namespace: tuple[str, ...] = ()
    text: str = ""
    group: Group = ""
    opened: tuple[str, ...] = ()
    selected: str = ""


def changed(state: State, **changes: object) -> State:
    """Give the state with some of it changed; one word may stand for a tuple of one.

    Raises:
        UsageError: if a name or a value means nothing here.
    """
    given = {name: (value,) if name in FACETS and isinstance(value, str) else value for name, value in changes.items()}
    unknown = sorted(set(given) - set(State.__struct_fields__))
    if unknown:
        raise UsageError(f"A board has no {unknown[0]!r}.", f"It has {', '.join(State.__struct_fields__)}.")
    try:
        return msgspec.convert(msgspec.structs.asdict(state) | given, State)
    except msgspec.ValidationError as error:
        raise UsageError(f"The board does not take that: {error}.") from error
