"""Whether configuration holds a literal credential, and the same configuration without it.

Names and shapes of values both count; a file path, a boolean, a reference or a URL without userinfo is no credential
(NSA/CISA Kubernetes Hardening Guide, "Protecting Pod service account tokens" and "Secrets"; control
`no-credentials-in-configuration`). What was taken out leaves a marker that counts as the same credential, so that a
verdict on a redacted copy is the verdict on the original.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import msgspec

from k8snb.resources.credential_names import may_promise, promised
from k8snb.resources.credential_values import MARKER, hinted, marked, markers, secret, shapes

_LONGEST, _ROUNDS = 160, 8
_NAME = r"(?P<name>[\w.\-]{1,100}+)"
_SPACE = r"[ \t]*+"
_LINE_REST, _TOKEN, _SCALAR, _TEXT = (
    re.compile(pattern) for pattern in (r"[^\n]*+", r"[^\s\"'&]*+", r"[^\s\"',}\]]*+", r"[^<>\n]*+")
)
_QUOTED = {'"': re.compile(r'(?:[^"\\\n]|\\.)*+'), "'": re.compile(r"[^'\n]*+"), "\\": re.compile(r"[^\\\n]*+")}

_ASSIGNMENTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), rest)
    for pattern, rest in (
        # name: value, name = value, export NAME=value; a block scalar's first line
        (
            rf"^{_SPACE}(?:(?:-|export|set|ENV|ARG)[ \t]++)?+[\"']?{_NAME}[\"']?"
            rf"(?P<separator>{_SPACE}(?::=|=>|[:=]){_SPACE})(?:[|>][-+]?[ \t]*+\n[ \t]++)?+",
            _LINE_REST,
        ),
        # "name": "value", also with escaped quotes
        (rf"[\"']{_NAME}\\?[\"']{_SPACE}[:=]{_SPACE}", _SCALAR),
        # {name: NAME, value: value}, as in env lists
        (rf"\bname[\"']?{_SPACE}:{_SPACE}[\"']?{_NAME}[\"']?{_SPACE},?\s*+[\"']?value[\"']?{_SPACE}:{_SPACE}", _SCALAR),
        # --name=value, ?name=value, NAME=value command
        (rf"(?<![\w.\-]){_NAME}=", _TOKEN),
        # --name value
        (rf"(?<![\w.\-])--{_NAME}[ \t]++(?!-)", _TOKEN),
        # <name>value</name>
        (rf"<{_NAME}>", _TEXT),
        # redis.conf
        (rf"^{_SPACE}(?P<name>requirepass|masterauth)[ \t]++", _TOKEN),
    )
)
_ARGUMENT = re.compile(r"(?P<name>[\w.\-/]{1,200}+)=(?P<value>.*)", re.DOTALL)
_LONG_FLAG = re.compile(r"--[\w.\-]{1,200}")
_OPENING = re.compile(r"\\?[\"']")
_OBJECTS, _LABEL = frozenset({"secret", "credential", "credentials"}), re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_COMMENT = re.compile(r"\s#.*|[\s,]+$", re.DOTALL)


class Found(msgspec.Struct, frozen=True, gc=False):
    """A credential in a text: where it starts and ends, its kind, and the name that promised it (may be empty)."""

    start: int
    end: int
    kind: str
    name: str = ""


def credential(name: str, value: str) -> str | None:
    """Say which kind of credential a named value is or holds.

    Args:
        name: Name of the environment variable or key.
        value: Its literal value, or a marker.

    Returns:
        The kind, such as `password`, `token`, `private-key`, `basic-auth-url`; None if there is none.
    """
    found = find(name, value)
    return found[0].kind if found else None


def argument_credentials(arguments: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Find credentials in the command or arguments of a container.

    Args:
        arguments: `command` or `args`.

    Yields:
        Index of the argument, kind of the credential, name of the flag or variable that holds it (may be empty).
    """
    for index, found in enumerate(_arguments(arguments)):
        for one in found:
            yield index, one.kind, one.name


def text_credentials(text: str, name: str = "") -> list[tuple[int, str, tuple[int, int]]]:
    """Find credentials in a text such as a value of a ConfigMap, which may be a whole file.

    Args:
        text: The text: properties, ini, YAML, JSON, env, shell, XML or anything else.
        name: The key it is stored under.

    Returns:
        Line (from 1), kind, and (start, end) in the text, in order.
    """
    return [(text.count("\n", 0, one.start) + 1, one.kind, (one.start, one.end)) for one in find(name, text)]


def redact(name: str, value: str) -> str:
    """Give a named value with every credential in it replaced by a marker.

    Args:
        name: Name of the environment variable or key.
        value: Its literal value.
    """
    return _replaced(value, find(name, value))


def redact_arguments(arguments: Sequence[str]) -> tuple[str, ...]:
    """Give a command or arguments with every credential in them replaced by a marker.

    Args:
        arguments: `command` or `args` of a container.
    """
    return tuple(map(_replaced, arguments, _arguments(arguments)))


def redact_text(name: str, text: str) -> str:
    """Give a text with every credential in it replaced by a marker; lines keep their numbers.

    Args:
        name: The key it is stored under.
        text: The text, see `text_credentials`.
    """
    return _replaced(text, find(name, text))


def find(name: str, value: str) -> Sequence[Found]:
    """Find the credentials in a named value, which may be a whole file.

    Args:
        name: Its name; may be empty.
        value: The value.

    Returns:
        What was found, in order and without overlap.
    """
    return _find(name, value) if may_promise(name) or _may_hold(value) else ()


def _may_hold(value: str) -> bool:
    """Say quickly whether it is worth looking: most values of a cluster hold no word that any rule looks for."""
    return may_promise(value) or MARKER in value or hinted(value)


def _find(name: str, value: str) -> tuple[Found, ...]:
    """Look until nothing more is found in what would be left: a marker has other neighbours than what it stands for."""
    found = _once(name, value)
    for _ in range(_ROUNDS if found else 0):
        edges = _edges(found, value)
        again = tuple(_back(one, edges) for one in _once(name, _replaced(value, found)))
        if again == found:
            break
        found = again
    return found


class _Edge(msgspec.Struct, gc=False):
    """Where the marker of a credential begins and stops in the redacted text, its line feeds included."""

    begin: int
    stop: int
    known: Found


def _edges(found: Sequence[Found], value: str) -> list[_Edge]:
    edges, shift = [], 0
    for known in found:
        begin = known.start + shift
        stop = begin + len(MARKER) + len(known.kind) + value.count("\n", known.start, known.end)
        edges.append(_Edge(begin, stop, known))
        shift = stop - known.end
    return edges


def _back(one: Found, edges: Sequence[_Edge]) -> Found:
    """Give something found in a redacted text its place in the original."""
    first, last = _edge(one.start, edges), _edge(one.end - 1, edges)
    start, end, name = one.start, one.end, one.name
    if first:
        inside = one.start < first.stop
        start = first.known.start if inside else one.start - first.stop + first.known.end
        name = first.known.name if inside else name
    if last:
        end = last.known.end + max(0, one.end - last.stop)
    return Found(start, end, one.kind, name)


def _edge(at: int, edges: Sequence[_Edge]) -> _Edge | None:
    index = bisect_right(edges, at, key=lambda edge: edge.begin)
    return edges[index - 1] if index else None


def _once(name: str, value: str) -> tuple[Found, ...]:
    body = value.strip()
    kind = marked(body) or (promised(name) if body else None)
    if kind and "\n" not in body and secret(kind, body):
        start = value.index(body)
        return (Found(start, start + len(body), kind, name),)
    return _united([*_assigned(value), *_shaped(value)])


def _shaped(text: str) -> Iterator[Found]:
    yield from (Found(*one) for one in shapes(text))
    yield from (Found(*one) for one in markers(text))


def _united(candidates: Sequence[Found]) -> tuple[Found, ...]:
    """Put them in order, and make one of those that touch: what the first rule called it that found any of it."""
    if not candidates:
        return ()
    united: list[tuple[int, Found]] = []
    for rank, one in sorted(enumerate(candidates), key=lambda ranked: (ranked[1].start, ranked[0])):
        if united and one.start <= united[-1][1].end:
            before, last = united.pop()
            best = one if rank < before else last
            united.append((min(rank, before), Found(last.start, max(last.end, one.end), best.kind, best.name)))
        else:
            united.append((rank, one))
    return tuple(one for _, one in united)


def _replaced(text: str, found: Sequence[Found]) -> str:
    parts, position = [], 0
    for one in found:
        parts += [text[position : one.start], MARKER, one.kind, "\n" * text.count("\n", one.start, one.end)]
        position = one.end
    return "".join(parts) + text[position:] if found else text


def _arguments(arguments: Sequence[str]) -> list[Sequence[Found]]:
    before = ["", *arguments]
    return [_argument(previous, argument) for previous, argument in zip(before, arguments, strict=False)]


def _argument(previous: str, argument: str) -> Sequence[Found]:
    if _LONG_FLAG.fullmatch(previous) and not argument.startswith("-"):
        found = find(previous, argument)
        if found:
            return found
    pair = _ARGUMENT.fullmatch(argument)
    single = pair and (argument.startswith("-") or len(argument.split()) == 1)
    if pair and single and (found := find(pair["name"], pair["value"])):
        shift = pair.start("value")
        return [Found(one.start + shift, one.end + shift, one.kind, one.name or pair["name"]) for one in found]
    return find("", argument)


def _assigned(text: str) -> Iterator[Found]:
    """Find `name = value` in all the ways that configuration is written."""
    if may_promise(text):
        for pattern, rest in _ASSIGNMENTS:
            yield from _matches(text, pattern, rest)


def _matches(text: str, pattern: re.Pattern[str], rest: re.Pattern[str]) -> Iterator[Found]:
    position = 0
    while match := pattern.search(text, position):
        position, kind = match.end(), promised(match["name"])
        if kind is None:
            continue
        start, end = _extent(text, match.end(), rest, match.end() + _LONGEST)
        value = text[start:end]
        if _holds(kind, value, match, quoted=start > match.end()):
            start, position = _extent(text, match.end(), rest, len(text))
            yield Found(start, position, marked(value) or kind, match["name"])


def _holds(kind: str, value: str, match: re.Match[str], *, quoted: bool) -> bool:
    """Whether the value of an assignment in a text is a credential.

    Several unquoted words after `name:` are prose; after `NAME=` they are a value, or a value and a command.
    """
    if not secret(kind, value, prose=True):
        return False
    if match["name"] in _OBJECTS and _LABEL.fullmatch(value):
        return False
    first, *more = value.split()
    separator = match.groupdict().get("separator")
    return quoted or not more or (separator in {None, "="} and secret(kind, first, prose=True))


def _extent(text: str, start: int, rest: re.Pattern[str], limit: int) -> tuple[int, int]:
    """Where the value that begins here starts and ends, without its quotes, comment and trailing comma."""
    quote = _OPENING.match(text, start)
    if quote and (inside := _QUOTED[quote[0][0]].match(text, quote.end(), limit)):
        return inside.span()
    found = rest.match(text, start, limit)
    return start, start + len(_COMMENT.sub("", found[0] if found else ""))
