"""Something that shows itself."""

from collections.abc import Mapping
from typing import Any

Bundle = dict[str, Any]
"""Content by MIME type; always has `text/html` and `text/plain`."""


class Shown:
    """A MIME bundle that a notebook shows richly and a terminal plainly."""

    def __init__(self, bundle: Mapping[str, Any]) -> None:
        self.bundle = dict(bundle)

    @property
    def html(self) -> str:
        """The HTML, for a page."""
        return str(self.bundle["text/html"])

    def __repr__(self) -> str:
        return str(self.bundle["text/plain"])

    def _repr_mimebundle_(self, **_: Any) -> Bundle:
        return self.bundle
