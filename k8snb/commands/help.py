"""What all commands share: `--lang`, and help in the language in use."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from inspect import signature
from itertools import pairwise

import click

from k8snb.display.text import cells, lead, wrap
from k8snb.languages import TAGS, _, use

_WIDTH, _NAMES = 79, 26
_EXAMPLE = re.compile(r"(  \S.*?)  +(\S.*)")
_EXTRA = re.compile(r"  (\[[^\[\]]*\])$")
_LANG = "The language: English or Chinese. None: that of LC_ALL or LANG."


def spoken(command: click.Command) -> click.Command:
    """Give a command and those below it `--lang`, and help in the language that is in use when it is shown."""
    for one in commands(command):
        _mend(one)
        one.params.append(_language())
        one.get_help = partial(_help, one)  # type: ignore[method-assign]
    return command


def wanted(words: Sequence[str]) -> str | None:
    """Give the language that a command line asks for, wherever it stands, so that help before it has it too."""
    pairs = [pair for pair in pairwise([*words, ""]) if pair[0].partition("=")[0] == "--lang"]
    told = [following if one == "--lang" else one.partition("=")[2] for one, following in pairs]
    return next((one for one in reversed(told) if one in TAGS), None)


def _mend(command: click.Command) -> None:
    """Give arguments the help that their annotations have: Click 8.4 and later takes it from those of Typer 0.25."""
    for one in command.params:
        if isinstance(one, click.Argument) and not getattr(one, "help", None) and command.callback:
            found = signature(command.callback).parameters[str(one.name)].annotation
            one.help = next((info.help for info in getattr(found, "__metadata__", ())), None)


def _language() -> click.Option:
    choice = click.Choice(list(TAGS))
    return click.Option(["--lang"], type=choice, expose_value=False, is_eager=True, callback=_speak, help=_LANG)


def commands(command: click.Command) -> Iterator[click.Command]:
    """Give a command and all below it."""
    yield command
    for one in command.commands.values() if isinstance(command, click.Group) else ():
        yield from commands(one)


def texts(command: click.Command) -> Iterator[str]:
    """Give every text of the help of a command that is translated."""
    yield from filter(None, (command.help, command.short_help))
    yield from (str(getattr(one, "help", "") or "") for one in command.params)
    for block in _blocks(command):
        found = [_EXAMPLE.fullmatch(line) for line in block]
        yield from [one[2] for one in found if one] if _is_list(block) else [_joined(block)]
    yield from ("Usage", "Arguments", "Options", "Commands", "Examples", "required", "Show this message and exit.")


def _speak(_context: click.Context, _option: click.Parameter, lang: str | None) -> None:
    if lang is not None:
        use(lang)


def _help(command: click.Command, context: click.Context) -> str:
    usage = f"{_('Usage')}: {context.command_path} {' '.join(command.collect_usage_pieces(context))}"
    lines = [*wrap(usage, _WIDTH), "", *wrap(_(_joined((command.help or "").splitlines())), _WIDTH, "  ", "  ")]
    records = [(one.param_type_name, one.get_help_record(context)) for one in command.get_params(context)]
    for heading, kind in (("Arguments", "argument"), ("Options", "option")):
        lines += _section(heading, [record for found, record in records if found == kind and record])
    if isinstance(command, click.Group):
        lines += _section("Commands", [(name, one.short_help or "") for name, one in command.commands.items()])
    return "\n".join([*lines, *(line for block in _blocks(command) for line in _block(block))])


def _section(heading: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    if rows:
        yield from ("", f"{_(heading)}:")
    for names, text in rows:
        start = f"  {names}"
        if cells(start) > _NAMES - 2:
            yield start
            start = ""
        start += " " * (_NAMES - cells(start))
        yield from wrap(_told(text), _WIDTH, start, " " * _NAMES) or [start.rstrip()]


def _told(text: str) -> str:
    """Translate the help of an option; what stands behind it in brackets is a default, or `required`."""
    extra = _EXTRA.search(text)
    if extra is None:
        return _(text)
    return f"{_(text[: extra.start()])}  {extra[1].replace('required', _('required'))}"


def _blocks(command: click.Command) -> list[list[str]]:
    """Give the paragraphs of what stands behind the options."""
    paragraphs = (command.epilog or "").replace("\b\n", "").split("\n\n")
    return [one.strip("\n").splitlines() for one in paragraphs if one.strip()]


def _block(block: Sequence[str]) -> Iterator[str]:
    yield ""
    if _is_list(block):
        yield f"{_('Examples')}:"
        for line in block[1:]:
            found = _EXAMPLE.fullmatch(line)
            yield f"{found[1]}{lead('', found.start(2) - found.end(1))}{_(found[2])}" if found else line
    else:
        yield from wrap(_(_joined(block)), _WIDTH)


def _is_list(block: Sequence[str]) -> bool:
    return block[0] == "Examples:"


def _joined(lines: Sequence[str]) -> str:
    return " ".join(" ".join(lines).split())
