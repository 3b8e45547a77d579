"""From the parser's events to the value of one YAML document, without recursion and without nodes."""

from collections.abc import Callable, Iterable
from itertools import chain, islice
from typing import Any

from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from k8snb.sources.yaml_anchors import Anchors
from k8snb.sources.yaml_mappings import mapping
from k8snb.sources.yaml_scalars import FIRST_OF_SPECIAL, WORDS, ProblemError, scalar

MAX_DOCUMENT_EVENTS = 8_000_000


def build(get: Callable[[], Any], length: int) -> tuple[Any, int]:
    """Build the value of the document that the parser has just started.

    Args:
        get: Gives the parser's events.
        length: How many bytes of text the document has at most.

    Returns:
        The value, of JSON types only, and its first line, from 0.

    Raises:
        ProblemError: if it is beyond the bounds, or nothing that Kubernetes would read.
        yaml.YAMLError: if it is not YAML.
    """
    first = get()
    events = chain((first,), islice(iter(get, None), MAX_DOCUMENT_EVENTS - 1))
    return _value(events, Anchors(length)), first.start_mark.line


def _value(events: Iterable[Any], anchors: Anchors) -> Any:  # one loop, for a call an event would double its time
    children: list[Any] = []
    outer: list[list[Any]] = []
    event: Any = None
    try:
        for event in events:
            kind = type(event)
            if kind is ScalarEvent:
                value = event.value
                if (
                    event.tag
                    or event.anchor
                    or (event.implicit[0] and (value in WORDS or value[0] in FIRST_OF_SPECIAL))
                ):
                    value = _special(event, anchors)
                children.append(value)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                value = mapping(children) if kind is MappingEndEvent else children
                children = outer.pop()
                children.append(value)
                anchors.close(len(outer), value)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                anchors.open(event.anchor, len(outer))
                outer.append(children)
                children = []
            elif kind is AliasEvent:
                children.append(anchors.alias(event.anchor, len(outer)))
            elif kind is DocumentEndEvent:
                return children[0]
        raise ProblemError(f"more than {MAX_DOCUMENT_EVENTS:,} values in one document")
    except ProblemError as problem:
        problem.line = event.start_mark.line
        raise


def _special(event: Any, anchors: Anchors) -> Any:
    """Give the value of a scalar that may be something else than its text, or has an anchor."""
    value = scalar(event)
    if event.anchor is not None:
        anchors.keep(event.anchor, value)
    return value
