"""What may be read, for a person and as JSON."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from k8snb.access.costs import HOW
from k8snb.access.preflight import Preflight, Row
from k8snb.formats.screen import Screen, cut, plural
from k8snb.languages import _

_RBAC, _LONG = "RBAC: ", 400


def as_json(found: Preflight) -> bytes:
    """Give it as JSON, `k8snb/preflight/v1`."""
    return msgspec.json.format(msgspec.json.encode(found), indent=2)


def table(found: Preflight, screen: Screen) -> bytes:
    """Give it for a terminal: what may be read and by which rule, what may not, and what that costs."""
    parts = (_head(found, screen), _readable(found, screen), _missing(found, screen), _lost(found, screen))
    lines = [line for part in parts if (shown := list(part)) for line in ("", *shown)]
    return screen.finish(lines[1:])


def _head(found: Preflight, screen: Screen) -> Iterator[str]:
    told = f"{found.source.kind}:{found.source.name}" if found.source.kind != found.source.name else found.source.name
    yield screen.style(cut(told, screen.width), "title")
    if found.met:
        yield _(f"The level {found.level} is met: all that it wants can be read.")
    else:
        wanted = [one for one in found.permissions if one.required]
        short = sum(not one.readable for one in wanted)
        told = f"The level {found.level} is not met: {short} of the {len(wanted)} things that it wants cannot be read."
        yield from screen.wrap(told)


def _readable(found: Preflight, screen: Screen) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    for one in found.permissions:
        if one.readable:
            why = one.why.removeprefix(_RBAC) if one.verb else ""
            groups.setdefault(why or "by this source", []).append(_named(one))
    if groups:
        yield screen.style(_("CAN BE READ"), "title")
    yield from _grouped(groups, screen)


def _missing(found: Preflight, screen: Screen) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    for one in found.permissions:
        if one.cause:
            why = one.why.removeprefix(_RBAC)
            told = _(f"{_named(one)} (costs {plural(len(one.controls), 'control')})")
            groups.setdefault(f"{_(one.cause)}: {_(why)}" if why else _(one.cause), []).append(told)
    if groups:
        yield screen.style(_("CANNOT BE READ"), "title")
    yield from _grouped(groups, screen)


def _lost(found: Preflight, screen: Screen) -> Iterator[str]:
    if found.controls:
        yield screen.style(_("WHAT THAT COSTS"), "title")
    for how, words in HOW.items():
        ids = [one.control for one in found.controls if one.how == how]
        if ids:
            yield from _grouped({f"{plural(len(ids), 'control')}: {_(words)}": ids}, screen)


def _grouped(groups: Mapping[str, Sequence[str]], screen: Screen) -> Iterator[str]:
    for why, names in groups.items():
        yield from screen.wrap(cut(why, _LONG), 2)
        yield from (screen.style(line, "quiet") for line in screen.wrap(", ".join(names), 4))


def _named(one: Row) -> str:
    return f"{one.name}.{one.group}" if one.group else one.name
