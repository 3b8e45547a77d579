"""Rows that an analysis gives, as mappings."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

Row = Mapping[str, Any]


def rows_of(rows: Sequence[Row | msgspec.Struct]) -> list[Row]:
    """Give rows as mappings, whether they are mappings already or structs."""
    return [msgspec.structs.asdict(row) if isinstance(row, msgspec.Struct) else row for row in rows]
