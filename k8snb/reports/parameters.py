"""The parameters that a notebook declares."""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from k8snb.errors import ReportError

TAG = "parameters"


class _Metadata(msgspec.Struct):
    tags: list[str] = []


class _Cell(msgspec.Struct):
    cell_type: str
    source: str | list[str]
    metadata: _Metadata


class _Notebook(msgspec.Struct):
    cells: list[_Cell]


def declared(notebook: Path) -> frozenset[str]:
    """Give the names that the cell tagged `parameters` assigns.

    Raises:
        ReportError: if the file is no notebook.
    """
    found = read(notebook)
    text = "\n".join("".join(one.source) for one in found.cells if TAG in one.metadata.tags)
    nodes = ast.walk(ast.parse(text))
    targets = [one.target for one in nodes if isinstance(one, ast.AnnAssign)]
    return frozenset(one.id for one in targets if isinstance(one, ast.Name))


def code_cells(notebook: Path) -> int:
    """Say how many code cells a notebook has.

    Raises:
        ReportError: if the file is no notebook.
    """
    return sum(one.cell_type == "code" for one in read(notebook).cells)


def read(notebook: Path) -> _Notebook:
    """Read what is needed of a notebook.

    Raises:
        ReportError: if the file is no notebook.
    """
    try:
        return msgspec.json.decode(notebook.read_bytes(), type=_Notebook)
    except OSError as error:
        raise ReportError(f"{notebook}: {error.strerror}.") from error
    except msgspec.MsgspecError as error:
        raise ReportError(f"{notebook} is no notebook ({error}).") from error


def given(names: frozenset[str], common: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values to set in a notebook.

    Args:
        names: What it declares.
        common: Values that every notebook may declare.
        settings: Values of controls' parameters; those that it does not declare by name go into its `settings`.
    """
    values = {**common, **settings}
    rest = {name: value for name, value in settings.items() if name not in names}
    return {name: value for name, value in {**values, "settings": rest}.items() if name in names}
