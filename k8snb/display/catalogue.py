"""What a control says of itself, in the words of every place that shows it."""

import inspect
import json
from collections.abc import Mapping, Sequence

from k8snb.assessment.imported import answering
from k8snb.assessment.subjects import SUBJECTS
from k8snb.controls.model import Control, EvidenceSource, Example

SOURCES: Mapping[EvidenceSource, str] = {
    "object": "objects of the API",
    "flag": "flags in force, which the component tells at /flagz, else those of its static pod",
    "metric": "metrics of the API server",
    "probe": "what the server itself answers: its version, a handshake, a request without credentials",
    "provider": "what the provider says of its cluster: --evidence FILE",
    "benchmark": "a run of kube-bench on the node: --evidence NODE.json",
    "attestation": "somebody who looked: --attestations FILE",
}
_KUBELET = "the configuration in force of the kubelet, which it tells at /configz: --kubelets"
_FILE = "the file that a parameter names"
REFERENCES = {
    "pss": "Pod Security Standards",
    "cis": "CIS Kubernetes Benchmark",
    "nist_800_53": "NIST SP 800-53",
    "nist_800_190": "NIST SP 800-190",
    "mitre": "MITRE ATT&CK",
    "kubescape": "kubescape",
    "trivy": "Trivy",
    "kube_bench": "kube-bench",
}


def meaning(control: Control) -> str:
    """Give what the title leaves open: the judging function's own words on defaults, exceptions and sources."""
    said = (inspect.getdoc(control.judge) or "").partition("\n")[2]
    return " ".join(said.partition("\nArgs:")[0].split())


def reads(control: Control) -> tuple[str, ...]:
    """Give the resources that it looks at, those of its subjects first."""
    return tuple(dict.fromkeys((*SUBJECTS[control.subject].resources, *control.reads)))


def sources(control: Control) -> dict[EvidenceSource, str]:
    """Give where its evidence comes from, in order of trust, with words for each."""
    words = dict(SOURCES)
    if control.id.startswith("kubelet-"):
        words["probe"] = _KUBELET
    named = ", ".join(reads(control))
    words["object"] = f"{words['object']}: {named}" if named else _FILE
    order: Sequence[EvidenceSource] = (*control.evidence, *answering(control.id), "attestation")
    return {one: words[one] for one in dict.fromkeys(order)}


def references(control: Control) -> Mapping[str, Sequence[str]]:
    """Give where else the rule stands, by the name of the work."""
    found = {name: getattr(control.references, field) for field, name in REFERENCES.items()}
    guide = {"NSA/CISA guide": (control.section,)} if control.section else {}
    return guide | {name: numbers for name, numbers in found.items() if numbers}


def example(one: Example) -> str:
    """Give an example as YAML, with its parameters and facts as comments in front."""
    given = [*_given("parameter", one.parameters), *_given("fact", one.facts)]
    return "\n".join([*given, one.objects.strip("\n")]).strip("\n")


def _given(word: str, values: Mapping[str, object]) -> list[str]:
    return [f"# {word} {name}: {json.dumps(value, ensure_ascii=False, default=str)}" for name, value in values.items()]
