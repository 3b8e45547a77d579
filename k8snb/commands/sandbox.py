"""`k8snb sandbox`."""

from typing import TYPE_CHECKING, Annotated

from typer import Option, Typer

from k8snb.languages import _, plural

if TYPE_CHECKING:
    from k8snb.sandbox.status import Component, Status

EXAMPLES = """\b
Examples:
  k8snb sandbox up             etcd, API server, controller manager; as you
  k8snb sandbox seed           load the demo cluster into it
  k8snb assess sandbox         the same as context:k8snb-sandbox
  k8snb sandbox up --name old --version 1.35 --profile weak
  k8snb sandbox up --name busy --nodes 3
  k8snb sandbox down

\b
All of it listens on loopback alone. The programs come from --bin-dir,
KUBEBUILDER_ASSETS, PATH, the cache, official releases, or Go, in this order.
The weak profile lets every user of this machine in, as its lessons need.
"""
Name = Annotated[str, Option("--name", metavar="N", help="One of several; none means the one without a name.")]
Nodes = Annotated[int | None, Option("--nodes", metavar="N", min=0, max=5000, help="Pretend N nodes; pods run there.")]
BinDir = Annotated[str | None, Option("--bin-dir", metavar="DIR", help="A folder with etcd and kube-apiserver in it.")]

app = Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command(short_help="Start it; make it first if it is not there.")
def up(
    *,
    name: Name = "",
    version: Annotated[str | None, Option("--version", metavar="MINOR", help="1.35, 1.36 or 1.37.")] = None,
    profile: Annotated[str | None, Option("--profile", metavar="weak|hardened", help="How it is configured.")] = None,
    nodes: Nodes = None,
    bin_dir: BinDir = None,
) -> int:
    """Start a practice cluster, and print the path of its kubeconfig; one that runs is left as it is."""
    from k8snb.commands.guard import tell
    from k8snb.commands.output import write
    from k8snb.sandbox import control
    from k8snb.sandbox.home import home

    place = home(name)
    control.up(place, tell, version=version, profile=profile, nodes=nodes, bin_dir=bin_dir)
    write(f"{place.kubeconfig}\n".encode("utf-8", "surrogateescape"))
    return 0


@app.command(short_help="Stop it, and remove all that it wrote.")
def down(*, name: Name = "") -> int:
    """Stop a practice cluster, and remove everything that it wrote; programs stay in the cache."""
    from k8snb.commands.guard import tell
    from k8snb.sandbox import control
    from k8snb.sandbox.home import home

    place = home(name)
    tell(f"{place.context} is gone." if control.down(place, tell) else f"There is no {place.context}.")
    return 0


@app.command(short_help="Tell what runs, and why something does not.")
def status(
    *, name: Name = "", json: Annotated[bool, Option("--json", help="For a program, instead of a person.")] = False
) -> int:
    """Tell what runs, and why something does not; exit status 1 if not everything does."""
    import msgspec

    from k8snb.commands.output import write
    from k8snb.sandbox.home import home
    from k8snb.sandbox.status import status as of

    found = of(home(name))
    write(msgspec.json.encode(found) + b"\n" if json else _shown(found).encode("utf-8", "replace"))
    return 0 if found.up else 1


@app.command(short_help="Load the demo cluster into it.")
def seed(*, name: Name = "") -> int:
    """Load the demo cluster into a practice cluster that is up."""
    from k8snb.commands.guard import tell
    from k8snb.sandbox.home import home
    from k8snb.sandbox.seed import seed as load

    count = load(home(name), tell)
    tell(f"{count:,} objects of the demo cluster are in {home(name).context}.")
    return 0


def _shown(found: "Status") -> str:
    made = found.settings
    if made is None:
        return _(f"{found.context} does not exist; k8snb sandbox up makes it.") + "\n"
    nodes = [plural(made.nodes, "pretended node", "pretended nodes")] if made.nodes else []
    seeded = [_("with the demo cluster")] if made.seeded else []
    words = [f"Kubernetes {made.version}", made.profile, *nodes, *seeded]
    head = [
        f"{found.context}: {', '.join(words)}",
        f"  server      {made.server}",
        f"  kubeconfig  {found.kubeconfig}",
    ]
    return "\n".join(head + [line for one in found.components for line in _lines(one)]) + "\n"


def _lines(one: "Component") -> list[str]:
    from k8snb.display.text import plain

    number = f"process {one.pid}" if one.pid else f"log {one.log}"
    return [f"  {one.name:<24} {one.state:<8} {number}", *(f"    {plain(line)}" for line in one.last)]
