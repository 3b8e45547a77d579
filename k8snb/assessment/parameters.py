"""Parameters of a run: declared by controls, checked before anything is judged."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from k8snb.controls.model import Control, Parameter
from k8snb.controls.registry import suggest
from k8snb.errors import UsageError

TODAY = Parameter(
    "today", date, None, "The day to judge ages by, as YYYY-MM-DD; if not set the day of the run, for the demo its own."
)


def declared(controls: Iterable[Control]) -> dict[str, Parameter]:
    """Give every parameter that some control, or the run itself, declares."""
    return {TODAY.name: TODAY} | {one.name: one for control in controls for one in control.parameters}


def resolve(given: Mapping[str, Any] | None, controls: Iterable[Control], clock: date | None) -> dict[str, Any]:
    """Give a value for every declared parameter.

    Args:
        given: What the user set; a value may be the text of a command line.
        controls: The controls that may declare parameters.
        clock: The day that it is where the cluster is, if that is not today (a recorded practice cluster).

    Raises:
        UsageError: if a parameter does not exist or a value has the wrong type.
    """
    known = declared(controls)
    for name in given or {}:
        if name not in known:
            raise UsageError(
                f"There is no parameter {name!r}.", suggest(name, known, f"Known: {', '.join(sorted(known))}.")
            )
    values = {name: _value(one, (given or {}).get(name)) for name, one in known.items()}
    values["today"] = values["today"] or clock or date.today()
    return values


def _value(parameter: Parameter, given: Any) -> Any:
    if given is None:
        return parameter.default
    candidates = [given]
    if isinstance(given, str):
        candidates += [part for part in (_json(given), [word.strip() for word in given.split(",")]) if part is not None]
    for candidate in candidates:
        try:
            return msgspec.convert(candidate, parameter.type, strict=not isinstance(candidate, str))
        except msgspec.ValidationError as error:
            wrong = str(error)
    raise UsageError(f"Parameter {parameter.name}: {given!r} does not fit ({wrong}).", parameter.help)


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
