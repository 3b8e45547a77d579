"""What each word of `%k8s` does: calls into the rest of the package."""

import keyword
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from k8snb.errors import UsageError
from k8snb.magics import arguments
from k8snb.magics.state import State


def run(state: State, words: Sequence[str]) -> tuple[Any, str]:
    """Do what the words after `%k8s` say.

    Args:
        state: What the magics remember.
        words: The words.

    Returns:
        What it gives, and the variable that is to hold it; empty for none.

    Raises:
        K8snbError: if it cannot be done; then the state is as it was.
    """
    if not words or words[0] in {"-h", "--help"}:
        print(_overview(state))
        return None, ""
    word = _word(words[0])
    parser = arguments.parser(word)
    if {"-h", "--help"} & set(words):
        print(parser.format_help().strip())
        return None, ""
    given = parser.parse_args(words[1:])
    name = variable(getattr(given, "name", None) or "")
    return _RUN[word](state, given), name


def variable(name: str) -> str:
    """Give a name that a variable may have; empty for none.

    Raises:
        UsageError: if no variable can have it.
    """
    if name and (not name.isidentifier() or keyword.iskeyword(name)):
        raise UsageError(f"{name!r} is no name of a variable.", "Letters, digits and _ make one.")
    return name


def connect(state: State, given: Namespace) -> Any:
    """Read a source, and keep its inventory."""
    from k8snb.commands import reach, reading

    if given.source == "-":
        raise UsageError("A notebook has no standard input.", "Name a file or a folder.")
    access = reach.access(
        kubeconfig=given.kubeconfig,
        act_as=given.act_as,
        act_as_group=given.as_group,
        request_timeout=given.request_timeout,
        no_probe=given.no_probe,
        kubelets=given.kubelets,
    )
    found = reading.read(
        given.source,
        given.namespace or (),
        complete=given.complete,
        kubeconfig=access,
        evidence=given.evidence,
        any_evidence=given.any_evidence,
    )
    state.cluster, state.result = found, None
    return found


def assess(state: State, given: Namespace) -> Any:
    """Assess what is connected, and keep the result."""
    from k8snb.assessment.assess import assess as judge
    from k8snb.commands import options

    chapters, controls = _topics(given.topics)
    state.result = judge(
        state.connected().limited(given.namespace or ()),
        chapters=[*chapters, *(given.chapter or ())] or None,
        controls=[*controls, *(given.control or ())] or None,
        parameters=options.parameters(given.parameter),
        waivers=given.waivers,
        attestations=given.attestations,
        all=given.all,
    )
    return state.result


def findings(state: State, given: Namespace) -> Any:
    """Give findings of the last assessment."""
    from k8snb.magics.findings import Findings

    chapters, controls = _topics(given.topics)
    return Findings(
        one
        for one in state.assessed().findings(status=given.status, severity=given.severity)
        if (not given.topics or one.chapter in chapters or one.control in controls)
        and (not given.namespace or one.subject.namespace in given.namespace)
    )


def explain(state: State, given: Namespace) -> Any:
    """Explain a finding, or a control."""
    from k8snb.commands.explain import find
    from k8snb.controls.registry import controls
    from k8snb.display.finding import show_finding

    result = state.assessed()
    if given.id in controls():
        return result[given.id]
    return show_finding(find(given.id, result.record.findings, _IDS))


def fix(state: State, given: Namespace) -> Any:
    """Plan the fix of a finding."""
    import k8snb
    from k8snb.commands.explain import find

    one = find(given.id, state.assessed().record.findings, _IDS)
    return k8snb.plan(state.result, control=one.control, subject=str(one.subject))


def traceback(state: State, _: Namespace) -> None:
    """Show where the last error came from."""
    from k8snb.display.text import visible

    print("\n".join(map(visible, state.traceback.splitlines())) or "Nothing went wrong yet.")


def _overview(state: State) -> str:
    from k8snb.display.text import plain

    source = plain(state.cluster.source.name) if state.cluster else "nothing"
    return f"{arguments.overview()}\n\nConnected: {source}."


def _word(word: str) -> str:
    if word not in arguments.COMMANDS:
        raise UsageError(
            f"There is no %k8s {word}.", _suggestion(word, arguments.COMMANDS, "%k8s tells what there is.")
        )
    return word


def _topics(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Give the chapters and the controls among some words."""
    from k8snb.chapters import CHAPTER_IDS
    from k8snb.controls.registry import controls

    known = controls()
    for word in words:
        if word not in CHAPTER_IDS and word not in known:
            hint = _suggestion(word, [*CHAPTER_IDS, *known], "Tab completes them.")
            raise UsageError(f"There is no chapter or control {word!r}.", hint)
    return [one for one in words if one in CHAPTER_IDS], [one for one in words if one not in CHAPTER_IDS]


def _suggestion(word: str, known: Mapping[str, Any] | Sequence[str], otherwise: str) -> str:
    from k8snb.controls.registry import suggest

    return suggest(word, known, otherwise)


_IDS = "%k8s findings shows them, and Tab completes their ids."
_RUN: Mapping[str, Callable[[State, Namespace], Any]] = {
    one.__name__: one for one in (connect, assess, findings, explain, fix, traceback)
}
