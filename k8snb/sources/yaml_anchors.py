"""Anchors and aliases of one YAML document, and the bound of what aliases may add to it."""

from typing import Any

from k8snb.sources.yaml_scalars import ProblemError

MAX_DEPTH = 200
ALLOWANCE_BYTES = 256 << 10
"""What aliases may add to any document; a longer one may add 32 times its length."""

_TOO_DEEP = f"nested more than {MAX_DEPTH} deep"
_UNFINISHED = object()


class Anchors:
    """What the anchors of a document mean."""

    def __init__(self, length: int) -> None:
        """Start a document.

        Args:
            length: How many bytes of text it has at most.
        """
        self._open: dict[int, str] = {}
        self._values: dict[str, Any] = {}
        self._sizes: dict[int, tuple[int, int]] = {}
        self._kept: list[Any] = []
        self._allowance = ALLOWANCE_BYTES + 32 * length

    def open(self, anchor: str | None, depth: int) -> None:
        """Take the anchor of a collection that starts, if it has one.

        Raises:
            ProblemError: if it is nested too deep.
        """
        if depth == MAX_DEPTH:
            raise ProblemError(_TOO_DEEP)
        if anchor is not None:
            self._open[depth] = anchor
            self._values[anchor] = _UNFINISHED

    def close(self, depth: int, value: Any) -> None:
        """Give the collection that ends at a depth to its anchor, if it has one."""
        anchor = self._open.pop(depth, None)
        if anchor is not None:
            self._values[anchor] = value
            self._kept.append(value)  # an id is only good while its object lives

    def keep(self, anchor: str, value: Any) -> None:
        """Take the anchor of a scalar."""
        self._values[anchor] = value

    def alias(self, anchor: str, depth: int) -> Any:
        """Give the value of an alias.

        Raises:
            ProblemError: if there is none, or it is beyond the bounds.
        """
        if anchor not in self._values:
            raise ProblemError("an alias without its anchor")
        value = self._values[anchor]
        if value is _UNFINISHED:
            raise ProblemError("an anchor that contains itself")
        size, height = self._measure(value)
        self._allowance -= size
        if self._allowance < 0:
            raise ProblemError("excessive use of aliases")
        if depth + height > MAX_DEPTH:
            raise ProblemError(_TOO_DEEP)
        return value

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
