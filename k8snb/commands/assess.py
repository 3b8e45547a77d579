"""`k8snb assess`."""

from typing import TYPE_CHECKING, Annotated

from typer import Option

from k8snb.commands import options
from k8snb.commands.reach import reaching
from k8snb.formats.registry import Format

if TYPE_CHECKING:
    from k8snb.assessment.assessment import Assessment
    from k8snb.sources.connection_config import Access

EXAMPLES = """\b
Examples:
  k8snb assess demo                       the bundled demo cluster
  k8snb assess                            the current kubeconfig context
  k8snb assess context:prod -n shop --chapter pod-security
  helm template ./chart | k8snb assess -
  kubectl get pods -A -o json > pods.json; k8snb assess pods.json -o wide
  k8snb assess manifests/ --fail-on high -o json --output-file result.json

\b
Exit status: 0 nothing fails at or above --fail-on; 1 something does;
2 wrong usage or bad input; 3 the source could not be read.
"""


@reaching()
def assess(
    source: options.Source = None,
    *,
    namespace: options.Namespaces = None,
    all_namespaces: options.AllNamespaces = False,
    chapter: options.Chapters = None,
    control: options.Controls = None,
    parameter: options.Parameters = None,
    everything: Annotated[bool, Option("--all", help="Keep what passes or does not apply, too.")] = False,
    complete: options.Complete = False,
    waivers: options.WaiverFile = None,
    attestations: options.AttestationFile = None,
    fail_on: Annotated[options.FailOn, Option("--fail-on", help="From this severity on, exit 1.")] = "low",
    strict: Annotated[bool, Option("--strict", help="What was not assessed counts as failing.")] = False,
    output: Annotated[Format, Option("-o", "--output", help="The format.")] = "table",
    output_file: options.OutputFile = None,
    access: "Access | None",
    evidence: options.EvidenceFiles = None,
    any_evidence: options.AnyEvidence = False,
) -> int:
    """Assess a cluster, manifests or a snapshot against the guide."""
    from k8snb.assessment.assess import assess as judge
    from k8snb.commands import last, reading
    from k8snb.commands.output import check, screen, write
    from k8snb.formats.registry import JSON_FORMATS, render

    selected, values = options.namespaces(namespace, all_namespaces), options.parameters(parameter)
    check(output_file)
    options.check(chapter, control, values, ("waivers", waivers), ("attestations", attestations))
    cluster = reading.cluster(
        source, selected, complete=complete, kubeconfig=access, evidence=evidence, any_evidence=any_evidence
    )
    result = judge(
        cluster,
        chapters=chapter,
        controls=control,
        parameters=values,
        waivers=waivers,
        attestations=attestations,
        all=everything,
    )
    data = render(result, output, screen(output_file))
    write(data, output_file, is_json=output in JSON_FORMATS)
    last.keep(result, data if output == "json" else None)
    return status(result, fail_on, strict=strict)


def status(result: "Assessment", fail_on: options.FailOn, *, strict: bool) -> int:
    """Give 1 if a finding at or above the severity fails (or, strictly, was not assessed) and is not waived, else 0.

    Informational controls have no weight here either.
    """
    from k8snb.controls.registry import controls
    from k8snb.formats.screen import ORDER

    if fail_on == "never":
        return 0
    counting, known = {"fail", "not-assessed"} if strict else {"fail"}, controls()
    return int(
        any(
            one.status in counting
            and one.waiver is None
            and ORDER[one.severity] <= ORDER[fail_on]
            and not known[one.control].informational
            for one in result.record.findings
        )
    )
