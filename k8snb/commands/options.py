"""The options that several commands share."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from typer import Argument, Option

from k8snb.errors import UsageError

Source = Annotated[
    str | None,
    Argument(
        metavar="SOURCE",
        help="demo; context:NAME; a manifest file, a folder of them, or a .k8snb snapshot; - for standard input. "
        "None: the current kubeconfig context.",
    ),
]
Namespaces = Annotated[list[str] | None, Option("-n", "--namespace", metavar="NS", help="Only this namespace.")]
AllNamespaces = Annotated[bool, Option("-A", "--all-namespaces", help="All namespaces, which is the default.")]
Chapters = Annotated[list[str] | None, Option("--chapter", metavar="C", help="Only this chapter.")]
Controls = Annotated[list[str] | None, Option("--control", metavar="ID", help="Only this control.")]
Parameters = Annotated[list[str] | None, Option("-p", "--parameter", metavar="NAME=VALUE", help="Set a parameter.")]
Complete = Annotated[bool, Option("--complete", help="The manifests are all that the cluster holds.")]
WaiverFile = Annotated[str | None, Option("--waivers", metavar="FILE", help="YAML of accepted failures.")]
AttestationFile = Annotated[
    str | None, Option("--attestations", metavar="FILE", help="YAML of what people answer for.")
]
EvidenceFiles = Annotated[
    list[str] | None,
    Option("--evidence", metavar="FILE", help="JSON of kube-bench or a provider, or an audit log."),
]
AnyEvidence = Annotated[
    bool, Option("--any-evidence", help="Use evidence files that are old, or of another cluster, too.")
]
OutputFile = Annotated[Path | None, Option("--output-file", metavar="F", help="Write to F, whole or not at all.")]
FailOn = Literal["critical", "high", "medium", "low", "never"]


def parameters(words: Sequence[str] | None) -> dict[str, str]:
    """Give the parameters of `-p NAME=VALUE` words.

    Raises:
        UsageError: if a word has no `=`.
    """
    found = {}
    for word in words or ():
        name, sign, value = word.partition("=")
        if not sign or not name:
            raise UsageError(f"-p {word!r} sets nothing.", "Write -p NAME=VALUE.")
        found[name] = value
    return found


_TIME = re.compile(r"(\d{1,6})(ms|s|m|h)?")
_UNITS = {"ms": 0.001, "": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}


def seconds(text: str, option: str) -> float:
    """Read a time such as `30s` or `2m`.

    Raises:
        UsageError: if it is none.
    """
    found = _TIME.fullmatch(text)
    if found is None:
        raise UsageError(f"{option} {text!r} is no time.", "Write 30s, 2m or 1h.")
    return int(found[1]) * _UNITS[found[2] or ""]


def namespaces(words: Sequence[str] | None, everything: bool) -> tuple[str, ...]:
    """Give the namespaces to look at; none means all.

    Raises:
        UsageError: if both some and all are asked for.
    """
    if words and everything:
        raise UsageError("-n and -A exclude each other.", "Leave one out.")
    return tuple(words or ())


def check(
    chapters: Sequence[str] | None,
    controls: Sequence[str] | None,
    values: dict[str, Any],
    *files: tuple[str, str | None],
) -> None:
    """Refuse what cannot be right before any work is done.

    Raises:
        UsageError: if a chapter, control, parameter or file does not exist, or a value does not fit.
    """
    from k8snb.assessment.parameters import resolve
    from k8snb.assessment.waivers import attestations_from, waivers_from
    from k8snb.controls.registry import controls as all_controls
    from k8snb.controls.registry import select

    select(chapters, controls)
    today = resolve(values, all_controls().values(), None)["today"]
    readers = {"waivers": waivers_from, "attestations": attestations_from}
    for word, path in files:
        readers[word](path, today)
