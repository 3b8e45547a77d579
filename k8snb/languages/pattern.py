"""Texts with holes: which of them a text fits, and what stands in the holes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

HOLE = re.compile(r"\{([a-z_][a-z0-9_]*)(:t)?\}")
"""A hole of a text, such as `{name}`; in a translation `{name:t}` is translated itself, be it one word."""

_COUNT = re.compile(r"[\d,.]+")


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
        """How much of a text it fixes, letters."""
        return sum(letter.isalpha() for part in self.literals for letter in part)


def pattern(text: str, translation: str) -> Pattern:
    """Give the pattern of a text such as `container {name} runs privileged`."""
    pieces = HOLE.split(text)
    return Pattern(tuple(pieces[0::3]), tuple(pieces[1::3]), translation)


def fits(one: Pattern, text: str) -> Iterator[Mapping[str, str]]:
    """Give what may stand in the holes, each as short as can be first.

    Where nothing but a space stands between two holes, every space may be that one; elsewhere the first place of what
    is fixed counts, so that a text is gone through once. A hole called `count` holds a number.
    """
    first, *_, last = one.literals
    if text.startswith(first) and text.endswith(last) and len(text) >= len(first) + len(last):
        rest = text[len(first) : len(text) - len(last)]
        for values in _splits(rest, one.literals[1:-1]):
            found = dict(zip(one.names, values, strict=True))
            if _COUNT.fullmatch(found.get("count", "0")):
                yield found


def _splits(text: str, literals: Sequence[str]) -> Iterator[list[str]]:
    if not literals:
        yield [text]
        return
    place = text.find(literals[0])
    while place >= 0:
        for values in _splits(text[place + len(literals[0]) :], literals[1:]):
            yield [text[:place], *values]
        place = text.find(" ", place + 1) if literals[0] == " " else -1


def skeleton(text: str) -> Sequence[str]:
    """Give what is fixed of a text with holes; texts that differ in the names of holes alone have the same."""
    return HOLE.split(text)[0::3]
