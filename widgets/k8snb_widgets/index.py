"""Findings prepared once, so that every filter answers at once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress

import msgspec

from k8snb.assessment.result import Finding
from k8snb.display.words import by_urgency, known, place, sentence, verdict_of
from k8snb.languages import _, language
from k8snb.languages.catalogue import english
from k8snb_widgets.state import FACETS, MOST_TEXT, Facet, State

Counts = Mapping[Facet, Mapping[str, int]]
_OTHER = 1 << len(FACETS)


class Answer(msgspec.Struct, frozen=True):
    """What a filter lets through.

    Attributes:
        found: Places of the findings, the most urgent first.
        counts: For each value of each facet, how many findings choosing it would give, the other filters as they are.
    """

    found: Sequence[int]
    counts: Counts


class Index:
    """Findings in the order of their urgency, with what filters look at.

    Attributes:
        findings: The findings.
        columns: For each facet its value of every finding.
        values: For each facet the values that occur.
        places: Place of a finding by its id.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = by_urgency(findings)
        self.columns: dict[Facet, list[str]] = {
            "status": [verdict_of(one) for one in self.findings],
            "severity": [one.severity for one in self.findings],
            "chapter": [one.chapter for one in self.findings],
            "control": [one.control for one in self.findings],
            "namespace": [namespace_of(one) for one in self.findings],
        }
        self.values = {facet: frozenset(column) for facet, column in self.columns.items()}
        self.places = {one.id: at for at, one in enumerate(self.findings)}
        self._messages = {one.message for one in self.findings}
        self._known: dict[str, frozenset[str]] = {}
        titles = {one: _title(one) for one in self.values["control"]}
        self._texts = [f"{_text(one)} {titles[one.control]}" for one in self.findings]

    def answer(self, state: State) -> Answer:
        """Give what a state lets through; one pass over the findings for each filter that is set."""
        missed = self._missed(state)
        through = [not miss for miss in missed]
        counts: dict[Facet, Mapping[str, int]] = {}
        for bit, facet in enumerate(FACETS):
            others = ~(1 << bit)
            free = [not miss & others for miss in missed] if getattr(state, facet) else through
            counts[facet] = Counter(compress(self.columns[facet], free))
        return Answer(list(compress(range(len(missed)), through)), counts)

    def _missed(self, state: State) -> list[int]:
        """Give for every finding the filters that hold it back, a bit each."""
        missed = [0] * len(self.findings)
        for bit, facet in enumerate(FACETS):
            wanted = frozenset(getattr(state, facet))
            if wanted:
                held = [0 if value in wanted else 1 << bit for value in self.columns[facet]]
                missed = [one | other for one, other in zip(missed, held, strict=True)]
        for word in state.text[:MOST_TEXT].casefold().split():
            told = self._told(word)
            looked = zip(missed, self._texts, self.findings, strict=True)
            missed = [was if word in text or one.message in told else was | _OTHER for was, text, one in looked]
        return missed

    def _told(self, word: str) -> frozenset[str]:
        """Give the messages that say a Chinese word once they are translated, which they are only when shown."""
        if language() == "en" or word.isascii():
            return frozenset()
        if word not in self._known:
            found = [[part.casefold() for part in parts if part.strip()] for parts in english(word)]
            self._known[word] = frozenset(one for one in self._messages if _says(one.casefold(), found))
        return self._known[word]


def namespace_of(finding: Finding) -> str:
    """Give the namespace that a finding is about; that of a Namespace is its own."""
    subject = finding.subject
    return subject.name if subject.kind == "Namespace" else subject.namespace


def _title(control: str) -> str:
    found = known(control)
    return _(sentence(found.title)).casefold() if found else ""


def _says(text: str, found: Sequence[Sequence[str]]) -> bool:
    return any(all(part in text for part in parts) for parts in found)


def _text(one: Finding) -> str:
    seen = " ".join(evidence.at for evidence in one.evidence)
    return f"{one.id} {one.control} {place(one.subject)} {one.message} {seen}".casefold()
