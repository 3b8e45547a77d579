"""`k8snb compare`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Argument, Option

from k8snb.commands import options
from k8snb.commands.reach import Kubeconfig

if TYPE_CHECKING:
    from k8snb.assessment.assessment import Assessment

EXAMPLES = """\b
Examples:
  k8snb compare monday.json friday.json   results of k8snb assess -o json
  k8snb compare reports/monday reports/friday
  k8snb compare prod.k8snb context:prod   what changed since the snapshot

\b
Exit status: 0; 1 if something fails that did not fail before; 2 wrong usage;
3 a source could not be read.
"""
_HEAD = 4096
Side = Annotated[str, Argument(help="A result (JSON), an archive, a snapshot, or another source.")]


def compare(
    old: Side,
    new: Side,
    output: Annotated[Literal["table", "json", "markdown"], Option("-o", "--output", help="The format.")] = "table",
    output_file: options.OutputFile = None,
    kubeconfig: Kubeconfig = None,
) -> int:
    """Tell what changed between two results, archives, snapshots or sources."""
    from k8snb.assessment.compare import compare as between
    from k8snb.commands.output import check, screen, write
    from k8snb.formats.comparison import FORMATS

    check(output_file)
    results = [recorded(word) for word in (old, new)]
    like = next((one for one in results if one), None)
    earlier, later = (
        known or assessed(word, like, kubeconfig) for known, word in zip(results, (old, new), strict=True)
    )
    found = between(earlier, later)
    write(FORMATS[output](found, screen(output_file)), output_file, is_json=output == "json")
    return int(bool(found.appeared))


def recorded(word: str) -> "Assessment | None":
    """Give the result that a word names, itself or inside of an archive; None where it names a source.

    Raises:
        UsageError: if it is no whole result.
    """
    from k8snb.assessment.assessment import read_assessment

    path = Path(word).expanduser()
    path = path / "assessment.json" if path.is_dir() else path
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            is_result = b'"k8snb/assessment/' in head
            return read_assessment(head + file.read(), word) if is_result else None
    except (OSError, ValueError):
        return None


def assessed(word: str, like: "Assessment | None", kubeconfig: str | None) -> "Assessment":
    """Assess a source, by the controls of the result that it is compared with."""
    from k8snb.assessment.assess import assess
    from k8snb.commands.reading import cluster
    from k8snb.controls.registry import controls

    known = controls()
    wanted = [one.id for one in like.controls if one.id in known] if like else None
    values = {name: value for name, value in like.record.parameters.items() if name != "today"} if like else None
    found = cluster(word, (), complete=False, kubeconfig=kubeconfig)
    return assess(found, controls=wanted, parameters=values)
