"""`%k8s` and `%%k8s_sql`: from a line to a call, and from an error to one line."""

from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class, no_var_expand

from k8snb.magics import arguments
from k8snb.magics.commands import run, variable
from k8snb.magics.errors import told
from k8snb.magics.progress import bar
from k8snb.magics.state import State
from k8snb.progress import shown


@magics_class
class K8sMagics(Magics):
    """The magics; a line is taken as it stands, so that no name in it is ever run as code."""

    shell: InteractiveShell

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self.state = State()

    @no_var_expand
    @line_magic
    def k8s(self, line: str) -> Any:
        """Assess Kubernetes clusters."""
        with told(self.state), shown(bar):
            return self._named(*run(self.state, arguments.split(line)))

    k8s.__doc__ = arguments.overview()

    @no_var_expand
    @line_cell_magic
    def k8s_sql(self, line: str, cell: str | None = None) -> Any:
        """Ask the inventory in SQL.

        `%%k8s_sql` with a query below it gives a pandas frame; `%%k8s_sql NAME` also sets that variable. `%k8s_sql
        QUERY` is the same in one line. Every resource is a table, and so is `workloads`; Tab completes tables and
        columns.
        """
        with told(self.state):
            name = variable(line.strip()) if cell is not None else ""
            return self._named(self.state.connected().sql(line if cell is None else cell), name)

    def _named(self, value: Any, name: str) -> Any:
        if name:
            self.shell.user_ns[name] = value
        return value
