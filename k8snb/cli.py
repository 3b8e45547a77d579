"""The shell: `k8snb` and `jupyter k8snb`."""

import gc
import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from k8snb._version import __version__
from k8snb.commands import (
    assess,
    compare,
    controls,
    data,
    explain,
    fix,
    new,
    preflight,
    rbac,
    report,
    sandbox,
    snapshot,
)
from k8snb.commands.guard import USAGE, guard
from k8snb.commands.help import spoken, wanted
from k8snb.languages import use

_EXAMPLES = """\b
Examples:
  k8snb assess demo                       the bundled demo cluster
  k8snb assess manifests/ --chapter pod-security
  k8snb assess context:prod -o json > prod.json
  k8snb fix demo --control seccomp-profile
  k8snb report demo --out reports         an archive of executed notebooks
  k8snb lab                               the notebooks, in JupyterLab

\b
NO_COLOR=1 turns colours off; K8SNB_TRACEBACK=1 shows where a bug is.
"""

_RARELY = (200_000, 50, 100)
"""Objects of a cluster do not refer in circles; looking for such costs a seventh of the time, and finds none."""

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_COMMANDS: tuple[tuple[Callable[..., int], str, str], ...] = (
    (assess.assess, "Assess a cluster, manifests or a snapshot.", assess.EXAMPLES),
    (report.report, "Run the notebooks on a source, archive them.", report.EXAMPLES),
    (snapshot.snapshot, "Record a source in one file.", snapshot.EXAMPLES),
    (compare.compare, "Tell what changed between two of them.", compare.EXAMPLES),
    (preflight.preflight, "Tell what may be read, and what that costs.", preflight.EXAMPLES),
    (rbac.rbac, "Print the role that reading takes.", rbac.EXAMPLES),
    (controls.controls, "List the controls, or tell about one.", controls.EXAMPLES),
    (explain.explain, "Explain a finding of the last assessment.", explain.EXAMPLES),
    (fix.fix, "Plan, preview, apply and undo fixes.", fix.EXAMPLES),
    (new.new, "Make a folder with the notebooks.", new.NEW_EXAMPLES),
    (new.lab, "Open the notebooks in JupyterLab.", new.LAB_EXAMPLES),
)
for _function, _summary, _examples in _COMMANDS:
    app.command(_function.__name__, short_help=_summary, epilog=_examples)(_function)
app.add_typer(data.app, name="data", short_help="How old is what k8snb knows, and newer data.", epilog=data.EXAMPLES)
app.add_typer(sandbox.app, name="sandbox", short_help="A practice cluster on this machine.", epilog=sandbox.EXAMPLES)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"k8snb {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Assess Kubernetes clusters against the NSA/CISA Kubernetes Hardening Guide."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The words after the program's name; those of this process if None.

    Returns:
        The exit status, see `k8snb.commands.guard`.
    """
    if sys.stdout is None:
        print("k8snb: Standard output is closed.", file=sys.stderr)
        return USAGE
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    use(wanted(words))
    program = spoken(typer.main.get_command(app))
    return guard(lambda: program(words, prog_name="k8snb", standalone_mode=False))


def main() -> None:
    """Run the command of this process, and exit."""
    gc.set_threshold(*_RARELY)
    sys.exit(run())


if __name__ == "__main__":
    main()
