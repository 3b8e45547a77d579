"""The pieces of the magics, each for itself."""

import subprocess
import sys
from collections.abc import Callable, Iterable

import pytest

import k8snb
from k8snb.magics import arguments, progress
from k8snb.magics.commands import run
from k8snb.magics.help import question
from k8snb.magics.state import State
from k8snb.progress import shown, steps

_LOAD = (
    "import sys; from IPython.core.interactiveshell import InteractiveShell;"
    "shell = InteractiveShell.instance(); before = set(sys.modules); shell.run_line_magic('load_ext', 'k8snb');"
    "heavy = {'pandas', 'plotly', 'duckdb', 'kubernetes', 'papermill', 'nbconvert', 'ipywidgets', 'tqdm', 'yaml'};"
    "sys.exit(', '.join(sorted(heavy & (set(sys.modules) - before))) or 0)"
)


def test_loading_the_extension_imports_nothing_heavy() -> None:
    ran = subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("word", arguments.COMMANDS)
def test_the_examples_of_the_help_are_understood(word: str) -> None:
    for example in arguments.COMMANDS[word].examples.split("\n"):
        first, *rest = arguments.split(example.partition("%k8s ")[2])
        assert first == word
        arguments.parser(word).parse_args(rest)


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (["%k8s assess?\n"], ["%k8s assess --help\n"]),
        (["x = 1\n", "  %k8s fix??"], ["x = 1\n", "  %k8s fix --help\n"]),
        (["%k8s?\n"], ["%k8s?\n"]),
        (["%k8s connect 'a?'\n"], ["%k8s connect 'a?'\n"]),
        (["print('%k8s assess?')\n"], ["print('%k8s assess?')\n"]),
    ],
)
def test_only_a_question_about_a_word_becomes_help(cell: list[str], meant: list[str]) -> None:
    assert question(cell) == meant


@pytest.mark.parametrize("made", [list, iter])
@pytest.mark.parametrize("moment", [-1, 1000])
def test_a_bar_gives_every_item_once(
    made: Callable[[list[int]], Iterable[int]], moment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "MOMENT", moment)
    with shown(progress.bar):
        assert list(steps(made([1, 2, 3]), "Counting", "number")) == [1, 2, 3]


def test_where_nobody_looks_the_items_are_given_as_they_are() -> None:
    items = [4]
    assert steps(items, "Counting", "number") is items


def test_what_fails_leaves_what_was_there() -> None:
    state = State()
    run(state, ["connect", "demo"])
    run(state, ["assess", "no-host-network"])
    cluster, result = state.cluster, state.result
    for words in (["connect", "none.yaml"], ["assess", "nothing"], ["assess", "-p", "nothing=1"]):
        with pytest.raises(k8snb.K8snbError):
            run(state, words)
    assert state.cluster is cluster
    assert state.result is result
    run(state, ["connect", "demo"])
    assert state.result is None
