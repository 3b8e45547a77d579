"""YAML as Kubernetes reads it: by YAML 1.1 rules, document by document, and bounded.

The rules of scalars are those of `sigs.k8s.io/yaml` (go-yaml v2), which kubectl uses: `y`, `yes` and `on` are true,
`0644` and `0o644` are 420, `1e3` is 1000, a date or `12:30:00` stays text, `.inf` is refused as JSON cannot hold it.
libyaml scans; values are built from its events without recursion and without nodes, which also makes it faster than
PyYAML's own loader. Unlike kubectl without strict validation, a duplicate key is refused: which one wins is a guess.
"""

import re
from collections.abc import Generator, Iterator
from typing import Any

import msgspec
import yaml
from yaml.events import DocumentStartEvent

from k8snb.sources.stream import Gap, Origin
from k8snb.sources.yaml_build import build
from k8snb.sources.yaml_mappings import DuplicateError, find_duplicate
from k8snb.sources.yaml_scalars import ProblemError
from k8snb.sources.yaml_text import is_preamble, pieces, printable, utf8_text

MAX_DOCUMENT_BYTES = 64 << 20
MAX_TAG_DIRECTIVES = 32

_TAG_DIRECTIVE = re.compile(rb"[\r\n\x85\xa8\xa9]%TAG")
_READ_ERRORS = (ProblemError, yaml.YAMLError, UnicodeError)


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
    for start, end in pieces(utf8):
        if end - start > MAX_DOCUMENT_BYTES:
            yield _gap(file, number, line, _too_long(end - start))
            number += 1
        else:
            piece = utf8[start:end]
            if start or not is_preamble(piece):
                number = yield from _piece(piece, file, number, line)
        line += utf8.count(b"\n", start, end)


def _too_long(length: int) -> str:
    return f"a document of {length >> 20} MiB; at most {MAX_DOCUMENT_BYTES >> 20} are read, give it as JSON"


def _piece(text: bytes, file: str, number: int, first: int) -> Generator[Document | Gap, None, int]:
    """Read the documents of a piece (more than one only after `...`) and return the number of the next document."""
    try:
        if text.count(b"%TAG") > MAX_TAG_DIRECTIVES < len(_TAG_DIRECTIVE.findall(text)):
            raise ProblemError("too many %TAG directives")
        get = yaml.CBaseLoader(text).get_event
        get()
        while type(get()) is DocumentStartEvent:
            value, line = build(get, len(text))
            if value is not None:
                yield Document(value, number, first + line)
            number += 1
    except _READ_ERRORS as error:
        line, message = _explain(error, text)
        yield _gap(file, number, first + line, message)
        number += 1
    return number


def _gap(file: str, number: int, line: int, message: str) -> Gap:
    return Gap("malformed", f"{file}:{line}: {message}", origin=Origin(file, number, line))


def _explain(error: Exception, text: bytes) -> tuple[int, str]:
    """Give the line (from 0, in the piece) and one line of why."""
    hint = "; a template must be rendered first, as by `helm template`" if b"{{" in text else ""
    if isinstance(error, ProblemError):
        again = _line_of_duplicate(text) if isinstance(error, DuplicateError) else None
        return (error.line or 0) if again is None else again, printable(f"{error}{hint}")
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        context = f"{error.context}, " if error.context else ""
        return (mark.line or 0 if mark else 0), printable(f"{context}{error.problem}{hint}")
    position = getattr(error, "position", 0)
    reason = getattr(error, "reason", "not UTF-8 text")
    return text.count(b"\n", 0, position if isinstance(position, int) else 0), printable(f"{reason}{hint}")


def _line_of_duplicate(text: bytes) -> int | None:
    try:
        return find_duplicate(yaml.CBaseLoader(text).get_event)
    except _READ_ERRORS:
        return None
