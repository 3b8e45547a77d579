"""What a scalar of YAML 1.1 means to Kubernetes: the rules of go-yaml v2, which kubectl uses."""

import base64
import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

WORDS: dict[str, Any] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
"""What is not text although it is written in letters."""
FIRST_OF_SPECIAL = frozenset("0123456789+-.<")
"""What else starts a plain scalar that may be anything but text."""

_LETTERS_OF_NUMBERS = re.compile(r"[-+._0-9a-fA-FxXoO]+")
_NOT_JSON = re.compile(r"\.(nan|NaN|NAN)|[-+]?\.(inf|Inf|INF)")
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_BASES = (16, 2, 8, 10)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SHORT = 48
_TAG = "tag:yaml.org,2002:"


class ProblemError(Exception):
    """Why a document is refused; `line` counts from 0 in the piece."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class Merge(str):
    """The unquoted `<<`: merges as a key, is text as a value."""

    __slots__ = ()


_MERGE = Merge("<<")


def scalar(event: Any) -> Any:
    """Give the value of a scalar event.

    Raises:
        ProblemError: if JSON cannot hold it, or it is not what its tag says.
    """
    value: str = event.value
    if event.implicit[0]:
        return _resolve(value) if event.tag is None else value
    if event.tag is None or not event.tag.startswith(_TAG):
        return value
    tagged = _TAGGED.get(event.tag.removeprefix(_TAG))
    return tagged(value) if tagged else value


def _resolve(text: str) -> Any:
    if text in WORDS:
        return WORDS[text]
    if text[0] not in FIRST_OF_SPECIAL:
        return text
    if text == "<<":
        return _MERGE
    if _LETTERS_OF_NUMBERS.fullmatch(text):
        return _remembered(text) if len(text) < _SHORT else _number(text)
    if _NOT_JSON.fullmatch(text):
        raise ProblemError("infinity or not-a-number, which JSON cannot hold")
    return text


def _number(text: str) -> Any:
    """Give the number that go-yaml sees, or the text. Integral floats become integers, as in Go's JSON."""
    digits = text.replace("_", "")
    if text[0] != "." and (match := _INTEGER.fullmatch(digits)) and len(digits) < 80:
        sign, *forms = match.groups()
        found = next((form, base) for form, base in zip(forms, _BASES, strict=True) if form is not None)
        integer = int(sign + found[0], found[1])
        if -(1 << 63) <= integer < 1 << 64:
            return integer
    if not _FLOAT.fullmatch(digits) or len(digits) > 1000:
        return text
    try:
        number = float(text if text[0] == "." else digits)
    except ValueError:
        return text
    if math.isinf(number):
        return text
    return int(number) if number.is_integer() and abs(number) < 1 << 63 else number


_remembered = lru_cache(8192)(_number)


def _as(kinds: tuple[type, ...], name: str) -> Callable[[str], Any]:
    def resolve(text: str) -> Any:
        value = _resolve(text)
        if type(value) not in kinds:
            raise ProblemError(f"a value tagged !!{name} that is none")
        return value

    return resolve


def _binary(text: str) -> str:
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True).decode("utf-8", "replace")
    except ValueError:
        raise ProblemError("a value tagged !!binary that is not base64") from None


_TAGGED: dict[str, Callable[[str], Any]] = {
    "bool": _as((bool,), "bool"),
    "int": _as((int,), "int"),
    "float": _as((int, float), "float"),
    "null": _as((type(None),), "null"),
    "binary": _binary,
    "merge": lambda _text: _MERGE,
}
