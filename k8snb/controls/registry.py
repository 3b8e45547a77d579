"""The `control` decorator, and finding every control there is."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from k8snb.chapters import CHAPTER_IDS
from k8snb.controls.model import (
    SEVERITIES,
    Control,
    EvidenceSource,
    Example,
    Judge,
    Parameter,
    References,
    Remedy,
    Severity,
    SubjectKind,
)
from k8snb.errors import UsageError

_REGISTRY: dict[str, Control] = {}
_WANTS = frozenset({"cluster", "parameters"})
Examples = Sequence[str | Example]


def control(
    *,
    id: str,  # noqa: A002 - the field is called so everywhere
    chapter: str,
    severity: Severity,
    title: str = "",
    section: str = "",
    subject: SubjectKind = "workload",
    reads: Sequence[str] = (),
    why: str = "",
    fix: str = "",
    caution: str = "",
    remedy: Remedy = "manual",
    evidence: Sequence[EvidenceSource] = ("object",),
    references: References | None = None,
    parameters: Sequence[Parameter] = (),
    passing: Examples = (),
    failing: Examples = (),
    informational: bool = False,
    data: Sequence[str] = (),
) -> Callable[[Judge], Judge]:
    """Make a judging function a control.

    The function takes its subject and gives observations (`seen`, `unknown`). No observation means that the control
    does not apply; one that does not hold fails the subject; one that could not be seen leaves it not assessed; a pass
    needs at least one observation, all of them holding. It may ask for `cluster` (the inventory) and `parameters` (a
    mapping with a value for every declared parameter) by naming keyword arguments so.

    Args:
        id: A slug that explains itself.
        chapter: Id of the chapter.
        severity: `critical`, `high`, `medium` or `low`.
        title: What it asks for, as a short sentence; the first line of the function's docstring if empty.
        section: Heading of the guide's section.
        subject: What it is asked about. `pod` gets a `PodTemplate` and is judged once for equal pods; `workload` a
            `Workload`; the others an object of the kind, or the cluster.
        reads: Plural names of the resources whose objects it looks at besides its subjects.
        why: The threat.
        fix: How to fix it.
        caution: What may break.
        remedy: Whether the fix is a `patch`, a `template` to fill in, or `manual`.
        evidence: Sources of evidence in order of trust.
        references: Where else the rule stands.
        parameters: What the user may set.
        passing: Examples that must pass: YAML of a small whole cluster, or an `Example`.
        failing: Examples that must fail.
        informational: Whether it has no weight in the score.
        data: Names of the data files that its verdicts hang on and that age, such as `releases`.

    Raises:
        UsageError: if the chapter or severity does not exist, the id is taken, or the function asks for something else.
    """

    def register(judge: Judge) -> Judge:
        names = list(inspect.signature(judge).parameters)[1:]
        made = Control(
            id=id,
            chapter=chapter,
            section=section,
            title=title or (inspect.getdoc(judge) or id).partition("\n")[0].rstrip("."),
            severity=severity,
            subject=subject,
            reads=tuple(reads),
            why=why,
            fix=fix,
            caution=caution,
            remedy=remedy,
            evidence=tuple(evidence),
            references=references or References(),
            parameters=tuple(parameters),
            passing=tuple(map(_example, passing)),
            failing=tuple(map(_example, failing)),
            judge=judge,
            wants=frozenset(names),
            informational=informational,
            data=tuple(data),
        )
        _check(made)
        _REGISTRY[id] = made
        return judge

    return register


def _example(one: str | Example) -> Example:
    return one if isinstance(one, Example) else Example(one)


def _check(made: Control) -> None:
    if made.chapter not in CHAPTER_IDS:
        raise UsageError(
            f"Control {made.id}: there is no chapter {made.chapter!r}.", f"Known: {', '.join(CHAPTER_IDS)}."
        )
    if made.severity not in SEVERITIES:
        raise UsageError(
            f"Control {made.id}: there is no severity {made.severity!r}.", f"Known: {', '.join(SEVERITIES)}."
        )
    if made.wants - _WANTS:
        asked = ", ".join(sorted(made.wants - _WANTS))
        raise UsageError(f"Control {made.id} asks for {asked}.", "It may ask for `cluster` and `parameters`.")
    known = _REGISTRY.get(made.id)
    if known and (known.judge.__module__, known.judge.__qualname__) != (made.judge.__module__, made.judge.__qualname__):
        raise UsageError(f"There is already a control {made.id!r}, in {known.judge.__module__}.", "Choose another id.")


@cache
def _discover() -> None:
    """Import every module below this package, and what other distributions announce."""
    package = importlib.import_module("k8snb.controls")
    for module in pkgutil.walk_packages(package.__path__, "k8snb.controls."):
        importlib.import_module(module.name)
    for point in entry_points(group="k8snb.controls"):
        point.load()


def controls() -> Mapping[str, Control]:
    """Give every control by id: chapters in the guide's order, then by severity, then by id."""
    _discover()

    def order(one: Control) -> tuple[int, int, str]:
        return CHAPTER_IDS.index(one.chapter), SEVERITIES.index(one.severity), one.id

    return {one.id: one for one in sorted(_REGISTRY.values(), key=order)}


def find(control_id: str) -> Control:
    """Give one control.

    Raises:
        UsageError: if there is none of that id; a near one is suggested.
    """
    known = controls()
    if control_id not in known:
        raise UsageError(
            f"There is no control {control_id!r}.", suggest(control_id, known, "k8snb controls lists them.")
        )
    return known[control_id]


def suggest(word: str, known: Mapping[str, Any] | Sequence[str], otherwise: str) -> str:
    """Give `Did you mean …?` for a word that is nearly known, else another hint."""
    import difflib

    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"Did you mean {near[0]!r}?" if near else otherwise


def select(chapters: Sequence[str] | None, ids: Sequence[str] | None) -> list[Control]:
    """Give the controls of some chapters, or some controls, or (with neither) all.

    Raises:
        UsageError: if a chapter or control does not exist.
    """
    for chapter in chapters or ():
        if chapter not in CHAPTER_IDS:
            raise UsageError(
                f"There is no chapter {chapter!r}.", suggest(chapter, CHAPTER_IDS, f"Known: {', '.join(CHAPTER_IDS)}.")
            )
    wanted = {find(one).id for one in ids or ()}
    everything = chapters is None and ids is None
    return [one for one in controls().values() if everything or one.id in wanted or one.chapter in (chapters or ())]
