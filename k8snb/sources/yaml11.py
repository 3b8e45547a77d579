"""YAML as Kubernetes reads it: by YAML 1.1 rules, document by document, and bounded.

The rules of scalars are those of `sigs.k8s.io/yaml` (go-yaml v2), which kubectl uses: `y`, `yes` and `on` are true,
`0644` and `0o644` are 420, `1e3` is 1000, a date or `12:30:00` stays text, `.inf` is refused as JSON cannot hold it.
libyaml scans; values are built from its events without recursion and without nodes, which also makes it faster than
PyYAML's own loader. Unlike kubectl without strict validation, a duplicate key is refused: which one wins is a guess.
"""

import base64
import math
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from functools import lru_cache
from typing import Any

import msgspec
import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from k8snb.sources.stream import Gap, Origin

MAX_DOCUMENT_BYTES = 64 << 20
MAX_DOCUMENT_EVENTS = 8_000_000
MAX_DEPTH = 200
MAX_TAG_DIRECTIVES = 32
ALIAS_ALLOWANCE_BYTES = 256 << 10
"""What aliases may add to any document; a longer one may add 32 times its length."""

_WORDS: dict[str, Any] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_NOT_JSON = re.compile(r"\.(nan|NaN|NAN)|[-+]?\.(inf|Inf|INF)")
_FIRST_OF_SPECIAL = "0123456789+-.yYnNtTfFoO~<"
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_BASES = (16, 2, 8, 10)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_PREAMBLE = re.compile(rb"(?:[ \t]*(?:#[^\r\n]*)?(?:\r?\n|\Z)|%(?:YAML|TAG)[ \t][^\r\n]*(?:\r?\n|\Z))*+\Z")
_TAG_DIRECTIVE = re.compile(rb"[\r\n\x85\xa8\xa9]%TAG")
_MARKER_ENDS = (b" ", b"\t", b"\r", b"\n", b"")
_TAG = "tag:yaml.org,2002:"


class Document(msgspec.Struct, frozen=True):
    """One parsed document.

    Attributes:
        value: Its content; JSON types only, keys are strings.
        document: Its number in the file, from 1.
        line: Its first line of content, from 1.
    """

    value: Any
    document: int
    line: int


class _ProblemError(Exception):
    """Why a document is refused; `line` counts from 0 in the piece."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class _DuplicateError(_ProblemError):
    """A key that stands twice in one mapping."""


class _Merge(str):
    """The unquoted `<<`: merges as a key, is text as a value."""

    __slots__ = ()


_MERGE = _Merge("<<")
_UNFINISHED = object()
_TOO_DEEP = f"nested more than {MAX_DEPTH} deep"


def documents(text: bytes, file: str) -> Iterator[Document | Gap]:
    """Read a multi-document YAML text.

    Args:
        text: UTF-8, or UTF-16 with a byte order mark.
        file: What to call it in messages and origins.

    Yields:
        Each document that is not empty, and a `Gap` (cause `malformed`) for each that cannot be read. A bad document
        does not cost the others.
    """
    utf8 = utf8_text(text)
    if utf8 is None:
        yield _gap(file, 1, 1, "not text")
        return
    number, line = 1, 1
    for start, end in _pieces(utf8):
        if end - start > MAX_DOCUMENT_BYTES:
            message = (
                f"a document of {(end - start) >> 20} MiB; at most {MAX_DOCUMENT_BYTES >> 20} are read, give it as JSON"
            )
            yield _gap(file, number, line, message)
            number += 1
        else:
            piece = utf8[start:end]
            if start or not _PREAMBLE.match(piece):
                number = yield from _piece(piece, file, number, line)
        line += utf8.count(b"\n", start, end)


def utf8_text(data: bytes) -> bytes | None:
    """Give text as UTF-8 without a byte order mark, or None if it is not text.

    Args:
        data: UTF-8 with or without a byte order mark, or UTF-16 with one. UTF-8 is not validated here.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeError:
            return None
    return None if b"\0" in data else data.removeprefix(b"\xef\xbb\xbf")


def printable(text: str, limit: int = 400) -> str:
    """Give untrusted text as one line: control and other unprintable characters escaped, cut at `limit` characters."""
    cut = text if len(text) <= limit else text[:limit] + "…"
    return cut if cut.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut)


def _pieces(text: bytes) -> Iterator[tuple[int, int]]:
    """Cut before every line that starts with the marker `---`; no scalar may hold such a line."""
    start = position = 0
    while (position := text.find(b"\n---", position)) >= 0:
        position += 1
        if text[position + 3 : position + 4] in _MARKER_ENDS:
            yield start, position
            start = position
    yield start, len(text)


def _piece(text: bytes, file: str, number: int, first: int) -> Generator[Document | Gap, None, int]:
    """Read the documents of a piece (more than one only after `...`) and return the number of the next document."""
    try:
        if text.count(b"%TAG") > MAX_TAG_DIRECTIVES < len(_TAG_DIRECTIVE.findall(text)):
            raise _ProblemError("too many %TAG directives")
        get = yaml.CBaseLoader(text).get_event
        get()
        while type(get()) is DocumentStartEvent:
            value, line = _build(get, ALIAS_ALLOWANCE_BYTES + 32 * len(text))
            if value is not None:
                yield Document(value, number, first + line)
            number += 1
    except (_ProblemError, yaml.YAMLError, UnicodeError) as error:
        line, message = _explain(error, text)
        yield _gap(file, number, first + line, message)
        number += 1
    return number


def _gap(file: str, number: int, line: int, message: str) -> Gap:
    return Gap("malformed", f"{file}:{line}: {message}", origin=Origin(file, number, line))


def _explain(error: Exception, text: bytes) -> tuple[int, str]:
    """Give the line (from 0, in the piece) and one line of why."""
    hint = "; a template must be rendered first, as by `helm template`" if b"{{" in text else ""
    if isinstance(error, _ProblemError):
        again = _line_of_duplicate(text) if isinstance(error, _DuplicateError) else None
        return (error.line or 0) if again is None else again, printable(f"{error}{hint}")
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        context = f"{error.context}, " if error.context else ""
        return (mark.line or 0 if mark else 0), printable(f"{context}{error.problem}{hint}")
    position = getattr(error, "position", 0)
    reason = getattr(error, "reason", "not UTF-8 text")
    return text.count(b"\n", 0, position if isinstance(position, int) else 0), printable(f"{reason}{hint}")


def _build(get: Callable[[], Any], allowance: int) -> tuple[Any, int]:
    """Build one document's value from the parser's events; give it with its first line, from 0."""
    builder = _Builder(allowance)
    event = get()
    line: int = event.start_mark.line
    try:
        for _ in range(MAX_DOCUMENT_EVENTS):
            kind = type(event)
            if kind is ScalarEvent and event.anchor is None:
                builder.children.append(_scalar(event))
            elif kind is DocumentEndEvent:
                return builder.children[0], line
            else:
                builder.take[kind](event)
            event = get()
    except _ProblemError as problem:
        problem.line = event.start_mark.line
        raise
    raise _ProblemError(f"more than {MAX_DOCUMENT_EVENTS:,} values in one document", event.start_mark.line)


class _Builder:
    """The collections that are open, and the anchors; keeps depth and what aliases add within bounds."""

    def __init__(self, allowance: int) -> None:
        self.children: list[Any] = []
        self.take = {
            ScalarEvent: self._anchored_scalar,
            AliasEvent: self._alias,
            MappingStartEvent: self._open,
            SequenceStartEvent: self._open,
            MappingEndEvent: self._close_mapping,
            SequenceEndEvent: self._close_sequence,
        }
        self._outer: list[tuple[list[Any], str | None]] = []
        self._anchors: dict[str, Any] = {}
        self._sizes: dict[int, tuple[int, int]] = {}
        self._kept: list[Any] = []
        self._allowance = allowance

    def _anchored_scalar(self, event: Any) -> None:
        self._anchors[event.anchor] = value = _scalar(event)
        self.children.append(value)

    def _open(self, event: Any) -> None:
        if len(self._outer) == MAX_DEPTH:
            raise _ProblemError(_TOO_DEEP)
        if event.anchor is not None:
            self._anchors[event.anchor] = _UNFINISHED
        self._outer.append((self.children, event.anchor))
        self.children = []

    def _close_mapping(self, _event: Any) -> None:
        self._close(_mapping(self.children))

    def _close_sequence(self, _event: Any) -> None:
        self._close(self.children)

    def _close(self, value: Any) -> None:
        self.children, anchor = self._outer.pop()
        self.children.append(value)
        if anchor is not None:
            self._anchors[anchor] = value
            self._kept.append(value)  # an id is only good while its object lives

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            raise _ProblemError("an alias without its anchor")
        value = self._anchors[event.anchor]
        if value is _UNFINISHED:
            raise _ProblemError("an anchor that contains itself")
        size, height = self._measure(value)
        self._allowance -= size
        if self._allowance < 0:
            raise _ProblemError("excessive use of aliases")
        if len(self._outer) + height > MAX_DEPTH:
            raise _ProblemError(_TOO_DEEP)
        self.children.append(value)

    def _measure(self, value: Any) -> tuple[int, int]:
        """Give the bytes and the depth of a value when written out; every part is measured once."""
        if not isinstance(value, dict | list):
            return (len(value) if isinstance(value, str) else 0) + 8, 0
        known = self._sizes.get(id(value))
        if known is None:
            parts = [self._measure(part) for part in (value.values() if isinstance(value, dict) else value)]
            names = sum(map(len, value)) if isinstance(value, dict) else 0
            known = names + 8 + sum(size for size, _ in parts), 1 + max((height for _, height in parts), default=0)
            self._sizes[id(value)] = known
        return known


def _scalar(event: Any) -> Any:
    value: str = event.value
    if event.implicit[0]:
        if value[:1] not in _FIRST_OF_SPECIAL or event.tag is not None:
            return value
        return _plain(value) if len(value) < 48 else _resolve(value)
    if event.tag is None or not event.tag.startswith(_TAG):
        return value
    resolve = _TAGGED.get(event.tag.removeprefix(_TAG))
    return resolve(value) if resolve else value


def _resolve(text: str) -> Any:
    """Resolve a plain scalar as go-yaml v2 does."""
    if text in _WORDS:
        return _WORDS[text]
    if text == "<<":
        return _MERGE
    if text[0] not in "0123456789+-.":
        return text
    if _NOT_JSON.fullmatch(text):
        raise _ProblemError("infinity or not-a-number, which JSON cannot hold")
    return _number(text)


_plain = lru_cache(8192)(_resolve)


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


def _as(kinds: tuple[type, ...], name: str) -> Callable[[str], Any]:
    def resolve(text: str) -> Any:
        value = _resolve(text)
        if type(value) not in kinds:
            raise _ProblemError(f"a value tagged !!{name} that is none")
        return value

    return resolve


def _binary(text: str) -> str:
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True).decode("utf-8", "replace")
    except ValueError:
        raise _ProblemError("a value tagged !!binary that is not base64") from None


_TAGGED: dict[str, Callable[[str], Any]] = {
    "bool": _as((bool,), "bool"),
    "int": _as((int,), "int"),
    "float": _as((int, float), "float"),
    "null": _as((type(None),), "null"),
    "binary": _binary,
    "merge": lambda _text: _MERGE,
}


def _mapping(children: list[Any]) -> dict[str, Any]:
    """Make a mapping of alternating keys and values."""
    keys = children[::2]
    if not set(map(type, keys)) <= {str}:
        if any(type(key) is _Merge for key in keys):
            return _merged(keys, children[1::2])
        keys = [_key(key) for key in keys]
    mapping = dict(zip(keys, children[1::2], strict=True))
    if len(mapping) != len(keys):
        twice = next(key for key, count in Counter(keys).items() if count > 1)
        raise _DuplicateError(f"duplicate key {printable(twice, 80)}")
    return mapping


def _merged(keys: list[Any], values: list[Any]) -> dict[str, Any]:
    """Make a mapping that has merge keys; as in go-yaml v2, what stands later wins."""
    explicit = _mapping(
        [child for key, value in zip(keys, values, strict=True) if type(key) is not _Merge for child in (key, value)]
    )
    mapping: dict[str, Any] = {}
    for key, value in zip(keys, values, strict=True):
        if type(key) is not _Merge:
            mapping[_key(key)] = explicit[_key(key)]
            continue
        for other in reversed(value) if isinstance(value, list) else [value]:
            if not isinstance(other, dict):
                raise _ProblemError("a merge of something that is no mapping")
            mapping.update(other)
    return mapping


def _key(key: Any) -> str:
    """Give a key as Kubernetes writes it in JSON."""
    if isinstance(key, str):
        return key
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int):
        return str(key)
    if isinstance(key, float):
        return f"{key:.8g}"
    kind = "null" if key is None else "a list or a mapping"
    raise _ProblemError(f"{kind} as a key")


def _line_of_duplicate(text: bytes) -> int | None:
    """Find the first duplicate key again, for its line (from 0); None where an alias is the key."""
    try:
        return _scan_for_duplicate(yaml.CBaseLoader(text).get_event)
    except (_ProblemError, yaml.YAMLError, UnicodeError):
        return None


def _scan_for_duplicate(get: Callable[[], Any]) -> int | None:
    frames: list[tuple[bool, list[int], set[str]]] = []
    while (kind := type(event := get())) is not StreamEndEvent:
        if kind is MappingEndEvent or kind is SequenceEndEvent:
            frames.pop()
        elif frames and kind in {ScalarEvent, AliasEvent, MappingStartEvent, SequenceStartEvent}:
            is_mapping, count, seen = frames[-1]
            count[0] += 1
            if is_mapping and count[0] % 2 and kind is ScalarEvent and type(key := _scalar(event)) is not _Merge:
                if _key(key) in seen:
                    return int(event.start_mark.line)
                seen.add(_key(key))
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            frames.append((kind is MappingStartEvent, [0], set()))
    return None
