"""`k8snb preflight`."""

from typing import TYPE_CHECKING, Annotated, Literal

from typer import Option

from k8snb.access.levels import Level
from k8snb.commands import options
from k8snb.commands.reach import reaching
from k8snb.errors import UsageError

if TYPE_CHECKING:
    from k8snb.sources.connection_config import Access

EXAMPLES = """\b
Examples:
  k8snb preflight context:prod
  k8snb preflight --as system:serviceaccount:k8snb:k8snb
  k8snb preflight -n shop                 is the role of one namespace enough?
  k8snb preflight prod.k8snb              what a snapshot holds
  k8snb preflight context:prod -o json

\b
Exit status: 0 all that the level wants can be read; 1 something cannot; 2 wrong usage;
3 the server does not answer, or does not tell.
"""


@reaching("no_probe", "kubelets")
def preflight(
    source: options.Source = None,
    *,
    level: Annotated[Level | None, Option("--level", help="What is wanted: cluster, or namespace with -n.")] = None,
    namespace: Annotated[str, Option("-n", "--namespace", metavar="NS", help="Ask for this namespace.")] = "",
    kubelet: Annotated[
        bool, Option("--kubelet-configuration", help="With --level evidence: also nodes/proxy, for the kubelets.")
    ] = False,
    complete: options.Complete = False,
    access: "Access | None",
    output: Annotated[Literal["table", "json"], Option("-o", "--output", help="The format.")] = "table",
) -> int:
    """Tell what may be read, by which rule, and which controls a missing permission costs."""
    from k8snb.access.preflight import preflight as ask
    from k8snb.commands.output import screen, write
    from k8snb.formats import preflight as formats
    from k8snb.inventory.connect import open_source

    wanted: Level = level or ("namespace" if namespace else "cluster")
    if (wanted == "namespace") != bool(namespace):
        raise UsageError("--level namespace and -n NS go together.", "Give both, or neither.")
    if kubelet and wanted != "evidence":
        raise UsageError("--kubelet-configuration is evidence.", "Add --level evidence.")
    opened = open_source(source, complete=complete, kubeconfig=access, namespaces=[namespace] if namespace else ())
    found = ask(opened, wanted, namespace, kubelet=kubelet)
    write(formats.as_json(found) if output == "json" else formats.table(found, screen()), is_json=output == "json")
    return int(not found.met)
