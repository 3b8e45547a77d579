"""Texts with holes: which of them a text fits, and what stands in the holes."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

HOLE = re.compile(r"\{([a-z_][a-z0-9_]*)(:t)?\}")
"""A hole of a text, such as `{name}`; in a translation `{name:t}` is translated itself, be it one word."""


class Pattern(NamedTuple):
    """A text with holes, and its translation.

    Attributes:
        literals: What stands before, between and behind the holes.
        names: Names of the holes.
        translation: The text to fill.
    """

    literals: tuple[str, ...]
    names: tuple[str, ...]
    translation: str

    @property
    def weight(self) -> int:
        """How much of a text it fixes, characters."""
        return sum(map(len, self.literals))


def pattern(text: str, translation: str) -> Pattern:
    """Give the pattern of a text such as `container {name} runs privileged`."""
    pieces = HOLE.split(text)
    return Pattern(tuple(pieces[0::3]), tuple(pieces[1::3]), translation)


def fit(one: Pattern, text: str) -> Mapping[str, str] | None:
    """Give what stands in the holes, each as short as can be; None where the text does not fit. Takes linear time."""
    first, *between, last = one.literals
    if not (text.startswith(first) and text.endswith(last)):
        return None
    place, end = len(first), len(text) - len(last)
    values = []
    for literal in between:
        found = text.find(literal, place, end)
        if found < 0:
            return None
        values.append(text[place:found])
        place = found + len(literal)
    return None if place > end else dict(zip(one.names, [*values, text[place:end]], strict=True))


def skeleton(text: str) -> Sequence[str]:
    """Give what is fixed of a text with holes; texts that differ in the names of holes alone have the same."""
    return HOLE.split(text)[0::3]
