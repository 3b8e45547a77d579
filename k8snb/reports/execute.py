"""One notebook through Papermill."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from k8snb.reports import kernel
from k8snb.reports.job import Event, Job

Tell = Callable[[Event], None]


def execute(job: Job, tell: Tell) -> Any:
    """Execute a notebook in place.

    Args:
        job: What to run.
        tell: Is told of every code cell that begins.

    Returns:
        The executed notebook.

    Raises:
        RuntimeError: if a cell raises or the kernel dies, in one line.
    """

    class Engine(NBClientEngine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **_: Any) -> None:
            _watch(nb_man, job.notebook, tell)
            client = PapermillNotebookClient(
                nb_man,
                kernel_name=kernel_name,
                kernel_manager_class=kernel.Kernel,
                timeout=None,
                startup_timeout=120,
                shutdown_kernel="immediate",
                store_widget_state=False,
            )
            client.execute()

    papermill_engines.register("k8snb", Engine)
    try:
        return papermill.execute_notebook(
            job.notebook,
            job.notebook,
            job.parameters,
            engine_name="k8snb",
            kernel_name="python3",
            progress_bar=False,
        )
    except PapermillExecutionError as error:
        raise RuntimeError(f"{error.ename}: {error.evalue}") from error
    except DeadKernelError as error:
        raise RuntimeError("the kernel died") from error
    finally:
        kernel.forget()


def _watch(manager: Any, path: str, tell: Tell) -> None:
    """Have every beginning of a cell told, and the notebook saved without ever leaving half of it."""
    code = [cell.id for cell in manager.nb.cells if cell.cell_type == "code"]
    begin = manager.cell_start

    def cell_start(cell: Any, *arguments: Any, **settings: Any) -> None:
        if cell.cell_type == "code":
            tell(Event(cell.id, code.index(cell.id) + 1, len(code)))
            begin(cell, *arguments, **settings)
        else:
            cell.metadata.papermill["exception"] = False

    manager.cell_start, manager.save = cell_start, lambda **_: save(manager.nb, Path(path))
    complete = manager.cell_complete

    def cell_complete(cell: Any, *arguments: Any, **settings: Any) -> None:
        if cell.cell_type == "code":
            complete(cell, *arguments, **settings)
        else:
            cell.metadata.papermill["status"] = "completed"

    manager.cell_complete = cell_complete


def save(notebook: Any, path: Path) -> None:
    """Write a notebook whole or not at all."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(nbformat.writes(notebook), encoding="utf-8")  # type: ignore[no-untyped-call]
        beside.replace(path)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
