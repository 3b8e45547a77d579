"""One `--lang` for all commands, and help in Chinese that fits a terminal."""

from collections.abc import Iterator

import click
import pytest
import typer.main

from k8snb.cli import app
from k8snb.commands.help import spoken
from k8snb.display.text import cells
from tests.languages.english import english

from .conftest import Shell


def paths(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield words
    for name, one in command.commands.items() if isinstance(command, click.Group) else ():
        yield from paths(one, (*words, name))


ALL = list(paths(spoken(typer.main.get_command(app))))


@pytest.mark.parametrize("words", ALL, ids=lambda words: " ".join(words) or "k8snb")
def test_help_is_chinese_and_fits_a_terminal(shell: Shell, words: tuple[str, ...]) -> None:
    ran = shell(*words, "--lang", "zh", "--help")
    assert ran.status == 0
    assert "--lang [en|zh]" in ran.text
    assert max(map(cells, ran.text.splitlines())) <= 82  # commands of examples are not cut
    assert english("".join(f"<p>{line}</p>" for line in ran.text.splitlines() if " k8snb " not in line)) == []


def test_the_environment_chooses_and_an_option_wins(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "选项" in shell("fix", "-h").text
    assert "Options" in shell("fix", "--lang", "en", "-h").text
    assert "Options" in shell("--lang", "en", "fix", "-h").text
    assert "还没有" not in shell("--lang", "en", "data", "status").text


@pytest.mark.parametrize(
    "words",
    [("-h", "--lang", "zh"), ("--lang", "zh", "-h"), ("fix", "-h", "--lang=zh"), ("--help", "--lang", "zh")],
    ids=" ".join,
)
def test_help_has_the_language_that_is_asked_for_anywhere(shell: Shell, words: tuple[str, ...]) -> None:
    assert "选项" in shell(*words).text


def test_a_word_that_is_no_language_option_chooses_none(shell: Shell) -> None:
    assert "Options" in shell("controls", "zh", "-h").text


def test_a_language_that_is_not_there_is_wrong_usage(shell: Shell) -> None:
    assert shell("rbac", "--lang", "fr").status == 2


@pytest.mark.parametrize("command", ["assess", "compare"])
def test_arguments_have_their_help(shell: Shell, command: str) -> None:
    assert "snapshot" in shell(command, "-h").text.partition("Arguments:")[2].partition("Options:")[0]
