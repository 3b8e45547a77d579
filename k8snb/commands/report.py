"""`k8snb report`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option

from k8snb.commands import options
from k8snb.commands.reach import reaching
from k8snb.languages import language

if TYPE_CHECKING:
    from k8snb.sources.connection_config import Access

EXAMPLES = """\b
Examples:
  k8snb report demo --out reports
  k8snb report context:prod --out reports --waivers waivers.yaml
  k8snb report prod.k8snb --out reports --chapter pod-security --jobs 4

\b
Exit status: 0 the archive is complete; 2 wrong usage or bad input;
3 the source could not be read, or the run did not complete: no archive.
"""


@reaching()
def report(
    source: options.Source = None,
    *,
    out: Annotated[Path, Option("--out", metavar="DIR", help="The folder that the archive is made in.")],
    namespace: options.Namespaces = None,
    all_namespaces: options.AllNamespaces = False,
    chapter: options.Chapters = None,
    parameter: options.Parameters = None,
    complete: options.Complete = False,
    waivers: options.WaiverFile = None,
    attestations: options.AttestationFile = None,
    jobs: Annotated[int, Option("--jobs", min=1, metavar="N", help="Notebooks that run at once.")] = 2,
    access: "Access | None",
    evidence: options.EvidenceFiles = None,
    any_evidence: options.AnyEvidence = False,
) -> int:
    """Run the notebooks on a source and archive them: pages for a browser, data for programs."""
    selected, values = options.namespaces(namespace, all_namespaces), options.parameters(parameter)
    options.check(chapter, None, values, ("waivers", waivers), ("attestations", attestations))
    from k8snb.commands.output import write
    from k8snb.reports.report import report as make

    archive = make(
        source,
        out,
        chapters=chapter,
        parameters=values,
        lang=language(),
        jobs=jobs,
        namespaces=selected,
        waivers=waivers,
        attestations=attestations,
        complete=complete,
        kubeconfig=access,
        evidence=evidence or (),
        any_evidence=any_evidence,
    )
    write(f"{archive}\n".encode("utf-8", "surrogateescape"))
    return 0
