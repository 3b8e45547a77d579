"""The same rule in other tools, and how it differs: see `k8snb/data/others.json`."""

from collections.abc import Mapping
from functools import cache
from typing import Literal

import msgspec

from k8snb.controls.model import Control, References
from k8snb.data import Dated, load

Relation = Literal["equal", "narrower", "wider", "contradicting"]
RELATIONS: Mapping[Relation, str] = {
    "equal": "the same verdict on the same object",
    "narrower": "it finds less: what fails there fails here too",
    "wider": "it asks for more: what fails here fails there too",
    "contradicting": "each fails something that the other passes",
}
"""How the other rule stands to the control."""


class Tool(msgspec.Struct, frozen=True):
    """What has rules of its own.

    Attributes:
        name: As it calls itself.
        source: Where its rules were read.
        note: What holds for all of its rules.
    """

    name: str
    source: str
    note: str


class Rule(msgspec.Struct, frozen=True):
    """What another tool has for a control.

    Attributes:
        tool: Key of the tool.
        ids: Its rules, by the ids that it uses.
        relation: How they stand to the control.
        why: What differs, as one sentence.
    """

    tool: str
    ids: tuple[str, ...]
    relation: Relation
    why: str


class Comparison(msgspec.Struct, frozen=True):
    """The same rule elsewhere.

    Attributes:
        rules: What was found.
        reason: Why nothing was; empty where something was.
    """

    rules: tuple[Rule, ...] = ()
    reason: str = ""


class Others(Dated, frozen=True):
    """What other tools have, by control; `frameworks` tells of those fields of `References` that are no rules."""

    tools: dict[str, Tool]
    frameworks: dict[str, str]
    controls: dict[str, Comparison]


class Line(msgspec.Struct, frozen=True):
    """A line of the table that people see."""

    tool: str
    rule: str
    relation: str
    why: str


HEAD = ("Tool", "Rule", "It is", "Why")
_FRAMEWORKS = {"nist_800_53": "NIST SP 800-53", "nist_800_190": "NIST SP 800-190", "mitre": "MITRE ATT&CK"}


@cache
def others() -> Others:
    """Give what is known of other tools."""
    return load("others", Others)


def compared(control_id: str) -> Comparison:
    """Give the same rule elsewhere; nothing for a control that is not of the guide."""
    return others().controls.get(control_id) or Comparison(reason="It was not compared with other tools.")


def of_tools(control_id: str) -> list[Line]:
    """Give the rules of tools as lines."""
    tools = others().tools
    return [Line(tools[one.tool].name, ", ".join(one.ids), one.relation, one.why) for one in compared(control_id).rules]


def lines(control: Control) -> list[Line]:
    """Give the table of a control: rules of tools first, then what its references to frameworks mean."""
    return [*of_tools(control.id), *_frameworks(control.references)]


def _frameworks(references: References) -> list[Line]:
    notes = others().frameworks
    found = ((name, getattr(references, field), notes[field]) for field, name in _FRAMEWORKS.items())
    return [Line(name, ", ".join(ids), "wider", why) for name, ids, why in found if ids]
