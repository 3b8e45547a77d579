"""Which component listens on which port, and where the guide names another."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from k8snb.display import terminal
from k8snb.display.figures.canvas import STATUS_COLOURS, figure, label, names, rows_height
from k8snb.display.figures.figure import Figure
from k8snb.display.figures.rows import Row, rows_of
from k8snb.display.parts import code, empty, table
from k8snb.display.text import html_text
from k8snb.display.words import number
from k8snb.languages import _

_OFF = "0"
_FEW = 3
_KNOWN = {"component", "name", "version", "where", "ports", "seen"}
_HEAD = ("Component", "Version", "Where it runs", "Ports", "Seen by")


class Listening(msgspec.Struct, frozen=True):
    """A port of a component; text is untrusted.

    Attributes:
        port: The port; `0` when it is off.
        purpose: What it is for.
        guide: The ports that the guide names, separated by commas; empty where it names none.
        seen: `flag`, or `default` where nobody set it.
    """

    port: str
    purpose: str = ""
    guide: str = ""
    seen: str = ""

    @property
    def told(self) -> str:
        """The port with what it is for, and the guide's where that is another."""
        differs = bool(self.guide) and self.port not in {_OFF, *self.guide.split(", ")}
        state = "off" if self.port == _OFF else f"{self.port} (guide: {self.guide})" if differs else self.port
        return f"{_(state)} {_(self.purpose)}".strip()


def component_map(found: Sequence[Row | msgspec.Struct], title: str = "Components and their ports") -> Figure:
    """Draw components by the ports on which they listen.

    Args:
        found: Each with `component`, and as far as known `name`, `version`, `where`, `seen` (text or lists of text) and
            `ports` (numbers, text, or mappings and structs with the fields of `Listening`). Further keys become columns
            of the table.
        title: The caption.
    """
    rows = rows_of(found)
    listening = [_listening(row.get("ports")) for row in rows]
    ports = sorted({one.port for some in listening for one in some if one.port != _OFF}, key=_port_order)
    size = f"{number(len(rows), 'component')} and {number(len(ports), 'port')}"
    alt = f"{size}; filled squares were set, open ones are defaults."
    pairs = list(zip(rows, listening, strict=True))
    static = _static(pairs) if rows else empty("No component was seen.")
    cells = [
        (_name(row), *(", ".join(_words(one)) for one in (row.get("version"), [p.told for p in some])))
        for row, some in pairs
    ]
    lines = terminal.columns([[_("component"), _("version"), _("ports")], *cells], (32, 18, 26))
    return Figure(title, alt, static, "\n".join(lines), lambda: _draw(title, rows, listening, ports))


def _static(pairs: Sequence[tuple[Row, Sequence[Listening]]]) -> str:
    more = list(dict.fromkeys(key for row, _ in pairs for key in row if key not in _KNOWN))
    cells = [
        [*_cells(row, some), *(html_text(", ".join(map(_, _words(row.get(key))))) for key in more)]
        for row, some in pairs
    ]
    return table([*_HEAD, *(key.capitalize() for key in more)], cells)


def _further(value: Any) -> str:
    return html_text(", ".join(map(_, _words(value))))


def _listening(ports: Any) -> list[Listening]:
    if ports is None or isinstance(ports, str | int):
        return [Listening(str(ports))] if ports is not None else []
    return [_one(port) for port in ports]


def _one(port: Any) -> Listening:
    if isinstance(port, Mapping | msgspec.Struct):
        (fields,) = rows_of([port])
        return Listening(**{name: str(fields[name]) for name in Listening.__struct_fields__ if name in fields})
    return Listening(str(port))


def _words(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _name(row: Row) -> str:
    component, name = str(row.get("component", "")), str(row.get("name") or "")
    return f"{_(component)}: {name}" if name and name != component else _(component)


def _cells(row: Row, listening: Iterable[Listening]) -> list[str]:
    ports = "<br>".join(
        f"{code(one.told)}{f' <small>{html_text(_(one.seen))}</small>' if one.seen else ''}" for one in listening
    )
    versions = " ".join(code(one, 60) for one in _words(row.get("version")))
    return [
        html_text(_name(row), 120),
        versions,
        _where(_words(row.get("where"))),
        ports,
        html_text(_(str(row.get("seen", ""))), 60),
    ]


def _where(places: Sequence[str]) -> str:
    listed = ", ".join(html_text(one, 80) for one in places[:50])
    return (
        f"<details><summary>{number(len(places), 'place')}</summary>{listed}</details>"
        if len(places) > _FEW
        else listed
    )


def _port_order(port: str) -> tuple[int, str]:
    digits = port.partition("-")[0].partition("/")[0]
    return (int(digits) if digits.isdecimal() and len(digits) < 9 else 1 << 20, port)


def _draw(title: str, rows: Sequence[Row], listening: Sequence[Sequence[Listening]], ports: Sequence[str]) -> Any:
    points = [(one, place) for place, some in enumerate(listening) for one in some if one.port != _OFF]
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [ports.index(one.port) for one, __ in points],
        "y": [place for __, place in points],
        "marker": {
            "size": 14,
            "symbol": ["square-open" if one.seen == "default" else "square" for one, __ in points],
            "color": STATUS_COLOURS["waived"],
            "line": {"width": 2, "color": STATUS_COLOURS["waived"]},
        },
        "customdata": [
            f"<b>{label(_name(rows[place]))}</b><br>{label(one.told, 120)}<br>{label(_(one.seen))}"
            for one, place in points
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    grid = {"showgrid": True, "gridcolor": "rgba(128,136,144,.2)"}
    return figure(
        [trace],
        title,
        rows_height(len(rows)) + 40,
        xaxis=names(ports, side="top", range=[-0.6, len(ports) - 0.4], **grid),
        yaxis=names([_name(row) for row in rows], range=[len(rows) - 0.4, -0.6], **grid),
    )
