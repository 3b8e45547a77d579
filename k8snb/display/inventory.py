"""Tables of the inventory."""

from collections.abc import Mapping, Sequence
from typing import Any

from k8snb.display import terminal
from k8snb.display.parts import MOST, code, empty, remainder, table
from k8snb.display.shown import Bundle
from k8snb.display.style import scoped
from k8snb.display.text import clip, html_text
from k8snb.display.words import number, observed
from k8snb.inventory.table import Table
from k8snb.languages import _

Row = Mapping[str, Any]
_OPENED = ("spec", "status")
_LAST = ("labels", "annotations")
_FEW, _SHORT, _MOST = 5, 90, 30
_PLAIN = ("namespace", "name", "node", "owner_name")


def table_bundle(rows: Table) -> Bundle:
    """Give the MIME bundle of the objects of one resource: one row an object, the fields that any of them has."""
    head = f"<h4>{html_text(rows.name)} <small>{number(len(rows), 'object')}</small></h4>"
    everything = f"cluster.{rows.name}().to_frame()"
    content = (
        rows_html([opened(row) for row in rows[:MOST]]) + remainder(len(rows), everything)
        if len(rows)
        else empty("None were listed.")
    )
    return {"text/html": scoped(head + content), "text/plain": "\n".join(_lines(rows, everything))}


def rows_html(rows: Sequence[Row]) -> str:
    """Give dictionaries as a table; columns that are empty everywhere are left out."""
    names = columns_of(rows)
    return table([_title(one) for one in names], ([_cell(row.get(one)) for one in names] for row in rows))


def columns_of(rows: Sequence[Row]) -> list[str]:
    """Give the columns in which any row holds something, in their order, what says least last."""
    found = dict.fromkeys(name for row in rows for name, value in row.items() if not _is_empty(value))
    return sorted(found, key=lambda name: name in _LAST)


def opened(row: Row) -> Row:
    """Give a row whose `spec` and `status` are columns of their own, such as `spec.taints`."""
    return {
        name: value
        for key, whole in row.items()
        for name, value in (_fields(key, whole) if key in _OPENED and isinstance(whole, Mapping) else [(key, whole)])
    }


def _fields(key: str, whole: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(f"{key}.{name}", value) for name, value in whole.items()]


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {}, ())


def _title(name: str) -> str:
    return name.replace("_", " ")


def _cell(value: Any) -> str:
    if value is None or value == "":
        return '<span class="s">\u2013</span>'
    if _is_empty(value):
        return code(observed(value))
    if isinstance(value, str | int | float):
        return html_text(value, 160)
    entries = _entries(value)
    if len(entries) <= _FEW and sum(map(len, entries)) <= _SHORT:
        return " ".join(map(code, entries))
    told = "<br>".join(code(one) for one in entries[:_MOST]) + _more(len(entries))
    size = number(len(entries), "entry", "entries")
    return f'<details><summary class="v">{size}</summary>{told}</details>'


def _entries(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{key}={_word(one)}" for key, one in value.items()]
    return [_word(one) for one in value] if isinstance(value, list | tuple) else [observed(value)]


def _more(size: int) -> str:
    return f'<br><span class="s">{_(f"and {size - _MOST} more")}</span>' if size > _MOST else ""


def _lines(rows: Table, everything: str) -> list[str]:
    shown = rows[: terminal.MOST]
    names = [one for one in _PLAIN if one in columns_of(shown)] or columns_of(shown)[:4]
    cells = [[_(_title(one)) for one in names], *([_word(row.get(one)) for one in names] for row in shown)]
    room = (terminal.WIDTH - 2 * len(names)) // max(len(names), 1)
    head = _(f"{number(len(rows), 'object')} in {clip(rows.name, 40)}")
    return [head, *terminal.columns(cells, [room] * len(names)), *terminal.remainder(len(rows), everything)]


def _word(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else observed(value)
