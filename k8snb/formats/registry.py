"""The formats by name."""

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from k8snb.assessment.assessment import Assessment
    from k8snb.formats.screen import Screen

Format = Literal["table", "wide", "json", "jsonl", "csv", "markdown", "html"]
JSON_FORMATS = frozenset({"json", "jsonl"})
_WHERE: dict[str, tuple[str, str]] = {
    "table": ("table", "table"),
    "wide": ("wide", "wide"),
    "json": ("data", "json"),
    "jsonl": ("data", "jsonl"),
    "csv": ("data", "delimited"),
    "markdown": ("markdown", "markdown"),
    "html": ("page", "page"),
}


def render(result: "Assessment", name: Format, screen: "Screen") -> bytes:
    """Give an assessment as text.

    Args:
        result: The assessment.
        name: The format.
        screen: What the place that it goes to can show.

    Returns:
        UTF-8; harmless to show, whatever the cluster's names are.
    """
    module, function = _WHERE[name]
    found = getattr(importlib.import_module(f"k8snb.formats.{module}"), function)
    return cast("Callable[[Assessment, Screen], bytes]", found)(result, screen)
