"""Completion of SQL: tables, and the columns of those that the query names."""

import re

from k8snb.magics.state import State
from k8snb.sources.known import Words

_BEGUN = re.compile(r"(?:(\w+)\.)?(\w*)$")


def completions(state: State, query: str, before: str) -> tuple[str, Words]:
    """Give what completes the last word before the cursor.

    Args:
        state: What the magics remember.
        query: The whole query.
        before: The part of its line that stands before the cursor.

    Returns:
        The word as it was typed, and the tables and columns that it may become.
    """
    begun = _BEGUN.search(before)
    table, word = (begun[1] or "", begun[2]) if begun else ("", "")
    named = _tables(query)
    if table:
        offered = _columns(state, named.get(table.lower(), table.lower()))
    else:
        offered = {column: note for name in named.values() for column, note in _columns(state, name).items()}
        offered |= dict.fromkeys(_known(), "table")
    return word, {one: note for one, note in offered.items() if one.lower().startswith(word.lower())}


def _tables(query: str) -> dict[str, str]:
    """Give the tables that a query names, by their names and by what they are called in it."""
    known, words = set(_known()), re.findall(r"\w+", query.lower())
    named = {one: one for one in words if one in known}
    pairs = re.findall(r"\b(\w+)\s+(?=(?:as\s+)?(\w+))", query.lower())
    return named | {alias: table for table, alias in pairs if table in known and alias not in known}


def _known() -> list[str]:
    from k8snb.inventory.sql import tables

    return tables()


def _columns(state: State, table: str) -> Words:
    from k8snb.inventory.sql import columns

    return dict.fromkeys(columns(state.cluster, table), "column") if state.cluster and table in _known() else {}
