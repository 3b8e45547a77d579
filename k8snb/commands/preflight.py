"""`k8snb preflight`."""

from typing import Annotated, Literal

from typer import Option

from k8snb.access.levels import Level
from k8snb.commands import options
from k8snb.errors import UsageError

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


def preflight(
    source: options.Source = None,
    *,
    level: Annotated[Level | None, Option("--level", help="What is wanted: cluster, or namespace with -n.")] = None,
    namespace: Annotated[str, Option("-n", "--namespace", metavar="NS", help="Ask for this namespace.")] = "",
    kubelet: Annotated[
        bool, Option("--kubelet-configuration", help="With --level evidence: also nodes/proxy, for the kubelets.")
    ] = False,
    complete: options.Complete = False,
    kubeconfig: options.Kubeconfig = None,
    act_as: options.ActAs = None,
    act_as_group: options.ActAsGroups = None,
    request_timeout: options.RequestTimeout = None,
    output: Annotated[Literal["table", "json"], Option("-o", "--output", help="The format.")] = "table",
) -> int:
    """Tell what may be read, by which rule, and which controls a missing permission costs."""
    access = options.access(kubeconfig, act_as, act_as_group, request_timeout)
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
