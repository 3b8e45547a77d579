"""Tab: where the cursor stands, and what may stand there."""

import re
import shlex
from collections.abc import Callable

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher

from k8snb.errors import UsageError
from k8snb.magics import arguments
from k8snb.magics.candidates import candidates
from k8snb.magics.sql import completions as sql_completions
from k8snb.magics.state import State
from k8snb.sources.known import Words

IDENTIFIER = "k8snb"
_LINE = re.compile(r"\s*(?:[\w.,\s]+=\s*)?%k8s\s+(.*)")
_SQL_LINE, _SQL_CELL = re.compile(r"\s*(?:[\w.,\s]+=\s*)?%k8s_sql\s+(.*)"), re.compile(r"\s*%%k8s_sql\b[^\n]*\n")
_LAST = re.compile(r"(?:[^\s'\"]|'[^']*(?:'|$)|\"[^\"]*(?:\"|$))*$")
_MOST = 500
Found = tuple[str, Words]
"""What was begun, and what it may become."""


def matcher(state: State) -> Callable[[CompletionContext], SimpleMatcherResult]:
    """Give a matcher for IPython's completer (its version 2) that knows what is connected."""

    def find(context: CompletionContext) -> SimpleMatcherResult:
        fragment, found = _found(state, context)
        completions = [SimpleCompletion(one, type=note) for one, note in list(found.items())[:_MOST]]
        return {"completions": completions, "matched_fragment": fragment, "suppress": True, "ordered": True}

    made: Callable[[CompletionContext], SimpleMatcherResult] = context_matcher(identifier=IDENTIFIER)(find)
    return made


def _found(state: State, context: CompletionContext) -> Found:
    before = context.text_until_cursor
    if line := _LINE.fullmatch(before):
        return words(state, line[1])
    if line := _SQL_LINE.fullmatch(before):
        return sql_completions(state, line[1], line[1])
    if (head := _SQL_CELL.match(context.full_text)) and context.cursor_line:
        return sql_completions(state, context.full_text[head.end() :], before)
    return "", {}


def words(state: State, line: str) -> Found:
    """Give what completes the last word of a line.

    Args:
        state: What the magics remember.
        line: What stands between `%k8s` and the cursor.

    Returns:
        The last word as it was typed, and the words that it may become, quoted where they need it.
    """
    fragment = _LAST.search(line)[0]  # type: ignore[index]
    begun = fragment.replace("'", "").replace('"', "")
    try:
        earlier = arguments.split(line[: len(line) - len(fragment)])
    except UsageError:
        return fragment, {}
    offered = _offered(state, earlier, begun)
    fitting = (one for one in offered if one.startswith(begun) and _is_harmless(one, begun))
    return fragment, {shlex.quote(one): offered[one] for one in fitting}


def _is_harmless(word: str, begun: str) -> bool:
    """Say whether a word shows as what it is, and is not taken for an option unless one was begun."""
    return word.isprintable() and (begun.startswith("-") or not word.startswith("-"))


def _offered(state: State, earlier: list[str], begun: str) -> Words:
    if not earlier:
        return dict.fromkeys(arguments.COMMANDS, "word")
    command = arguments.COMMANDS.get(earlier[0])
    if command is None:
        return {}
    options = {name: one for one in command.arguments for name in one.names if name.startswith("-")}
    last = options.get(earlier[-1])
    if last and "metavar" in last.more:
        return candidates(state, last.completes, begun)
    if begun.startswith("-"):
        return dict.fromkeys(options, "option")
    positional = next((one for one in command.arguments if not one.names[0].startswith("-")), None)
    return candidates(state, positional.completes, begun) if positional else {}
