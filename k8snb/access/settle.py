"""What would settle what was not assessed: a permission, a file, a parameter, or a person."""

import re
import shlex
from collections.abc import Iterator, Sequence

import msgspec

from k8snb.access.costs import FLAGS, METRICS, needs
from k8snb.assessment.imported import answering
from k8snb.assessment.result import Finding, SourceRecord
from k8snb.controls.model import Control, Parameter
from k8snb.inventory.coverage import Coverage

_GRANT = "for somebody who may grant it; no Secrets, no wildcard"
_TABLE: Sequence[tuple[str, str, str, str]] = (
    ("forbidden", "k8snb preflight {source}", "tells what may not be read, and what that costs", ""),
    ("forbidden", "k8snb rbac | kubectl apply -f -", f"lets k8snb read {{missing}}; {_GRANT}", "more permissions"),
    (
        "forbidden server",
        "k8snb rbac --level evidence | kubectl apply -f -",
        f"/flagz and /metrics too; {_GRANT}",
        "more permissions",
    ),
    ("unreachable", "k8snb assess {source}", "again, once what is told above answers", "another run"),
    ("timeout", "k8snb assess {source} --request-timeout 2m", "with more time for each answer", "another run"),
    ("not-collected outside", "k8snb assess {source} --complete", "if this is all that the cluster holds", "an option"),
    (
        "not-collected manifests",
        "k8snb assess context:NAME",
        "the cluster itself, with its {missing}",
        "another source",
    ),
    (
        "not-collected live server",
        "k8snb rbac --level evidence | kubectl apply -f -",
        f"/flagz and /metrics; {_GRANT}",
        "more permissions",
    ),
    (
        "open kubelet",
        "k8snb rbac --level evidence --kubelet-configuration | kubectl apply -f -",
        "nodes/proxy, which is much: for one run",
        "more permissions",
    ),
    (
        "open kubelet",
        "k8snb assess {cluster} --kubelets",
        "reads the configuration in force of the kubelets",
        "an option",
    ),
    (
        "open provider",
        "k8snb assess {cluster} --evidence cluster.json",
        "with `aws eks describe-cluster`, `gcloud container clusters describe --format=json` or `az aks show` in it",
        "an evidence file",
    ),
    (
        "open benchmark",
        "k8snb assess {cluster} --evidence NODE.json",
        "with `kube-bench --json`, run on the node",
        "an evidence file",
    ),
    ("open parameter", "k8snb assess {source} -p {parameter}=VALUE", "{help}", "an option"),
    ("malformed file", "kubectl apply --dry-run=server -f {file}", "tells what the API server makes of it", ""),
    ("malformed", "k8snb assess {source}", "again, once what is told above is put right", "another run"),
    (
        "",
        "k8snb assess {source} --attestations FILE",
        "with what somebody saw, in its list `attestations`: control: {control}; subject: {subject}; "
        "status: pass or fail; who, why, when and until",
        "an answer",
    ),
)
"""What must be true of a finding, as words; a command; what it does; and what it takes, nothing where it settles
nothing by itself. First come those that see for themselves."""
TAKES = ("an option", "another run", "more permissions", "an evidence file", "another source", "an answer", "")
"""What a way takes, the cheapest first; a way that settles nothing by itself comes last."""
_CLOSED = frozenset({"malformed", "timeout", "unreachable"})
_PROVIDED = frozenset({"api-server-exposure", "audit-log-shipping"})
_LIVE = frozenset({"context", "sandbox"})


class Way(msgspec.Struct, frozen=True):
    """A way to settle a finding: a command, as a person types it, what it does, and what it takes: of `TAKES`."""

    command: str
    what: str
    takes: str


def ways(
    one: Finding, control: Control, source: SourceRecord | None = None, coverage: Sequence[Coverage] = ()
) -> list[Way]:
    """Give what would settle a finding, what sees for itself first; nothing for one that is settled.

    Args:
        one: The finding.
        control: Its control.
        source: What was assessed; None where that is not known.
        coverage: How much of it was read.
    """
    if one.status != "not-assessed":
        return []
    missing = _missing(one, control, coverage)
    true = {"", *_true(one, control, source)}
    words = {
        "source": source_word(source),
        "cluster": source_word(source) if source and source.kind in _LIVE else "context:NAME",
        "missing": ", ".join(missing) or "what it lacks",
        "control": one.control,
        "subject": shlex.quote(str(one.subject)),
        "file": shlex.quote((one.origin or "").rpartition(":")[0]),
    }
    rows = [row for wants, *row in _TABLE if set(wants.split(" ")) <= true]
    return [way for row in rows for way in _filled(row, words, _unset(control))]


def _filled(row: Sequence[str], words: dict[str, str], unset: Sequence[Parameter]) -> Iterator[Way]:
    several = [{"parameter": one.name, "help": one.help} for one in unset] if "{parameter}" in row[0] else [{}]
    for more in several:
        yield Way(*(text.format(**words, **more) for text in row))


def _true(one: Finding, control: Control, source: SourceRecord | None) -> Iterator[str]:
    imports = {*answering(control.id), *(["provider"] if control.id in _PROVIDED else [])}
    yield one.cause or "not-collected"
    yield from imports
    told = {
        "open": one.cause not in _CLOSED,
        "live": source is not None and source.kind in _LIVE,
        "manifests": source is not None and source.kind == "manifests",
        "outside": source is not None and source.kind == "manifests" and " may exist outside of " in one.message,
        "server": bool({FLAGS, METRICS} & set(needs(control))),
        "kubelet": control.id.startswith("kubelet-"),
        "parameter": bool(_unset(control)),
        "file": bool(one.origin),
    }
    yield from (word for word, holds in told.items() if holds)


def _missing(one: Finding, control: Control, coverage: Sequence[Coverage]) -> list[str]:
    """Give the resources that were not read: those that the finding names, else those that the control needs."""
    open_ = [row.resource for row in coverage if row.cause]
    named = set(re.findall(r"[a-z]+", one.message))
    return [name for name in open_ if name in named] or [name for name in open_ if name in needs(control)]


def _unset(control: Control) -> list[Parameter]:
    return [one for one in control.parameters if not one.default and one.default is not False]


def source_word(source: SourceRecord | None) -> str:
    """Give the word of a source as a shell reads it; `SOURCE` where it is not known."""
    if source is None:
        return "SOURCE"
    return shlex.quote(f"context:{source.name}" if source.kind == "context" else source.name)
