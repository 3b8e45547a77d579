"""Reports that several tests look at, and tiny notebooks that fail in many ways."""

import os
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from k8snb.reports.report import Request, build, report
from k8snb.sources.objects import objects

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "app", "namespace": "shop"},
    "spec": {"containers": [{"name": "app", "image": "registry.example.com/app:1"}]},
}
PARAMETERS = 'source: str = "demo"  # What to assess\nnamespaces: list = []\ntoday: str = ""'
OPEN = 'from k8snb import notebook\n\nchapter = notebook.open_chapter("{name}", source, today=today)'
COMPLETE = "notebook.complete(chapter)"


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the demo cluster, two notebooks at once."""
    return report("demo", tmp_path_factory.mktemp("reports"), jobs=2)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a small notebook: parameters, opening, one cell, and the record at its end unless told otherwise."""

    def make(body: str, *, name: str = "00-small", end: str = COMPLETE, begin: str = "") -> Path:
        cells = [
            new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}),
            new_code_cell(begin or OPEN.format(name=name), id="open"),
            new_code_cell(body, id="body"),
            new_code_cell(end, id="end"),
        ]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        path = tmp_path / f"{name}.ipynb"
        path.write_text(nbformat.writes(new_notebook(cells=cells, metadata=kernel)), encoding="utf-8")
        return path

    return make


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Path]:
    """Make a report of one pod with some notebooks, below `out`."""

    def make(*notebooks: Path, time_limit: float = 60.0) -> Path:
        source = objects([POD], complete=True)
        return build(Request(tmp_path / "out", notebooks, None, {}, (), {}, 2, time_limit), source)

    return make


@pytest.fixture
def living() -> Callable[..., list[psutil.Process]]:
    """Give the worker and kernel processes below this process, or another, that live."""

    def look(of: int | None = None) -> list[psutil.Process]:
        below = psutil.Process(of or os.getpid()).children(recursive=True)
        return [one for one in below if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

    return look
