"""What a reader may see: texts of the package and of the notebooks, with `{name}` where a value stands."""

import ast
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from k8snb.languages.pattern import HOLE, skeleton

ROOT = Path(__file__).parents[2]
ROOMS = (
    *("controls", "analysis", "sources", "evidence", "assessment", "inventory", "access"),
    *("display", "formats", "notebook", "reports", "remediation", "commands", "sandbox"),
)
MARKS = {"_", "translate", "empty", "folded", "sentence", "reason", "tell"}
"""Functions of whose arguments every text is shown, also one without a space."""
TABLES, HEADS = {"table", "Grid", "rows"}, {"head", "board_labels"}
"""Functions whose first argument is a row of titles, and variables that are one."""
TOLD = {"_told": 0, "_label": 0, "_findings": 0, "_columns": 0, "seen": 3, "unknown": 2}
"""Functions whose arguments from a place on are shown, unless they are names of fields."""
QUIET = {
    "control",
    "References",
    "Example",
    "compile",
    "sub",
    "metadata",
    "fullmatch",
    "getattr",
    "Option",
    "Argument",
    "print",
    "eval",
    "control_texts",
}
"""Calls of which no text is shown."""
_UNSHOWN = {"passing", "failing", "EXAMPLES", "NEW_EXAMPLES", "LAB_EXAMPLES", "_EXAMPLES", "__all__"}
_WORDS = re.compile(r"[A-Za-z][a-z'-]+[,:;]? (?:\{|[A-Za-z(`]{2,}|[a0-9])|\} [a-z]{2,}|[A-Za-z]{3,}: \{")
_WORD = re.compile(r"[A-Za-z]{2}")
_FIELD = re.compile(r"true|false|[A-Z]\w*[a-z]\w*[A-Z]\w*|\S*[./\[\]=]\S*|--\S*|[a-z]+[A-Z]\w*")
_MARKUP = re.compile(r"apiVersion|^\W*<\w|^#")
_CODE = re.compile(
    r"[<>]|\n|^[\W\d]*$|://\S+$|\bSELECT |^\.|^/|^[-\w]+=|apiVersion|\{\{|^%|%%"
    r"|: [\[{]|^\W*\{\w+: |^\w+: \w+,?$|^(?!container)[a-z]+: \{\w+\}$|Callable\[|sans-serif|default-src|^Python 3"
)
_CONTROL = ("title", "why", "fix", "caution", "section")
_BLANK = re.compile(r"\n\s*\n")

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)

Text = tuple[str, str]
"""A text and its plural; that is empty where there is none."""


def modules() -> list[Path]:
    """Give the files that hold texts."""
    rooms = [ROOT / "k8snb" / room for room in ROOMS] + [ROOT / "widgets" / "k8snb_widgets"]
    single = [ROOT / "k8snb" / name for name in ("chapters.py", "magics.py")]
    found = [
        path
        for room in rooms
        for path in sorted(room.rglob("*.py"))
        if "/demo/" not in str(path) and path.name != "catalogue.py"
    ] + [ROOT / "k8snb" / "display" / "catalogue.py"]
    return [*(path for path in single if path.exists()), *found]


def of_module(path: Path) -> Iterator[Text]:
    """Give the texts of a module in their order."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.parent.name == "notebook":
        keys = (key for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys if key)
        yield from ((one, "") for key in keys for one in spelled(key) if one.islower() and _is_shown(one, marked=True))
    yield from _of(tree, marked=False)


def _of(node: ast.AST, *, marked: bool) -> Iterator[Text]:
    if _is_quiet(node):
        return
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        yield from ((one, "") for one in spelled(node) if _is_shown(one, marked=marked))
        for inner in ast.walk(node) if isinstance(node, ast.JoinedStr) else ():
            if isinstance(inner, ast.FormattedValue):
                yield from _of(inner.value, marked=False)
        return
    name = _name(node.func) if isinstance(node, ast.Call) else ""
    if name in {"number", "plural"}:
        yield from _counted(node)
    if isinstance(node, ast.Assign) and _name(node.targets[0]).lower().strip("_") in HEADS:
        marked = True
    shown: list[ast.expr] = []
    if isinstance(node, ast.Call):
        shown = node.args[:1] if name in TABLES else node.args[TOLD[name] :] if name in TOLD else []
    for child in ast.iter_child_nodes(node):
        inside = name in MARKS or child in shown or (marked and not isinstance(node, ast.Call))
        yield from _of(child, marked=inside and not isinstance(child, ast.keyword | ast.Name | ast.Attribute))


def _counted(node: ast.Call) -> Iterator[Text]:
    words = [one.value for one in node.args[1:] if isinstance(one, ast.Constant)]
    if words:
        yield f"{{count}} {words[0]}", f"{{count}} {words[1] if len(words) > 1 else words[0] + 's'}"


def _is_quiet(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return _name(node.func) in QUIET
    if isinstance(node, ast.keyword):
        return node.arg in _UNSHOWN
    if isinstance(node, ast.Assign):
        return any(_name(one) in _UNSHOWN for one in node.targets)
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Subscript | ast.Import | ast.ImportFrom)


def _is_shown(text: str, *, marked: bool) -> bool:
    if marked:
        return bool(_WORD.search(HOLE.sub("", text))) and not _FIELD.fullmatch(text) and not _MARKUP.search(text)
    return bool(_WORDS.search(text)) and not _CODE.search(text)


def spelled(node: ast.expr) -> list[str]:
    """Give what a string or f-string may read, with `{name}` where a value stands."""
    if isinstance(node, ast.Constant):
        return [str(node.value).replace("{}", "{value}")]
    if not isinstance(node, ast.JoinedStr):
        return []
    taken: dict[str, int] = {}
    pieces = [_piece(one, taken) for one in node.values]
    return ["".join(one) for one in itertools.islice(itertools.product(*pieces), 16)]


def _piece(node: ast.expr, taken: dict[str, int]) -> list[str]:
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    value = node.value if isinstance(node, ast.FormattedValue) else node
    if isinstance(value, ast.IfExp):
        known = [
            _piece(one, taken) if not isinstance(one, ast.JoinedStr) else spelled(one)
            for one in (value.body, value.orelse)
        ]
        return [*known[0], *known[1]]
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return [value.value]
    if isinstance(value, ast.JoinedStr):
        return spelled(value)
    name = re.sub(r"\W+", "", _name(value)).strip("_").lower() or "value"
    name = "value" if name[0].isdigit() else name
    taken[name] = taken.get(name, 0) + 1
    return [f"{{{name if taken[name] == 1 else f'{name}{taken[name]}'}}}"]


def _name(node: ast.AST) -> str:  # noqa: PLR0911
    """Give a name for an expression: its own, or that of what it is made from."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return node.attr
        case ast.Call(func=ast.Attribute(attr="join"), args=[inner, *_]):
            return _name(inner)
        case ast.Call(func=func, args=args):
            inner = next(
                (found for one in args if isinstance(one, ast.Name | ast.Attribute) and (found := _name(one))), ""
            )
            return inner or _name(func)
        case ast.Subscript() | ast.Starred():
            return _name(node.value)
        case ast.ListComp() | ast.GeneratorExp():
            return _name(node.generators[0].iter)
    return ""


def of_controls() -> Iterator[Text]:
    """Give the texts of the catalogue of controls."""
    from k8snb.controls.registry import controls

    for one in controls().values():
        yield from ((" ".join(text.split()), "") for name in _CONTROL if (text := getattr(one, name)))
        yield from ((parameter.help, "") for parameter in one.parameters if parameter.help)


def of_notebook(path: Path) -> Iterator[Text]:
    """Give the paragraphs of a notebook's Markdown."""
    from k8snb.languages.markdown import paragraphs

    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            yield from ((one, "") for one in paragraphs("".join(cell["source"])))


def everything() -> Iterator[tuple[str, Text]]:
    """Give every text with the file or thing that it is from; of equal ones the first."""
    known: set[tuple[str, ...]] = set()
    rooms: list[tuple[str, Iterable[Text]]] = [("controls", of_controls()), ("words", ((one, "") for one in words()))]
    rooms += [("help", ((one, "") for one in helps())), ("others", ((one, "") for one in of_other_tools()))]
    rooms += [(str(path.relative_to(ROOT)), of_notebook(path)) for path in sorted(ROOT.glob("notebooks/*.ipynb"))]
    rooms += [(str(path.relative_to(ROOT)), of_module(path)) for path in modules()]
    for place, texts in rooms:
        for text, many in texts:
            one = text.strip().lstrip("; ,")
            key = tuple(skeleton(one))
            if key not in known and re.search(r"[A-Za-z]{2}", "".join(key)):
                known.add(key)
                yield place, (one, many)


def words() -> Iterator[str]:
    """Give the words of closed lists, which stand alone."""
    from typing import get_args

    from k8snb.chapters import CHAPTERS
    from k8snb.controls.model import SEVERITIES, EvidenceSource
    from k8snb.controls.others import RELATIONS
    from k8snb.display.words import MARKS
    from k8snb.sources.stream import Cause

    yield from SEVERITIES
    yield from (one.capitalize() for one in SEVERITIES)
    for mark in MARKS.values():
        yield from (mark.word, mark.word.capitalize())
    yield from (chapter.title for chapter in CHAPTERS)
    yield from get_args(EvidenceSource)
    yield from get_args(Cause)
    yield from threat_words()
    yield from data_words()
    yield from (*RELATIONS, "PASSES", "FAILS")
    yield from (
        f"{{reference}} gives {{names}} {scope}" for scope in ("everything in the namespace", "the whole cluster")
    )
    yield from (
        *("Summary", "to", "of 100", "CHAPTER", "SCORE", "FAIL", "UNKNOWN", "PASS", "Cloud controller manager"),
        *("everywhere", "API server"),
        "Overview",
        *("WHY", "HOW TO FIX", "CAUTION", "FAILS NOW", "CANNOT BE JUDGED ANY MORE", "FAILS NO MORE"),
        *("Fails now", "Cannot be judged any more", "Fails no more", "Earlier", "Later", "earlier", "later", "whole"),
        *("changed", "made", "removed", "Change", "applied", "undone", "refused", "unclear"),
        "yes",
        "no",
        "{names} and {count} more",
        "may {power} everywhere",
        "may {granted} and {count} more grants",
        "may {granted} in the whole cluster ({role})",
        "may {power} in {namespace}",
        "Introduction",
        "Pod security",
        "Network hardening",
        "Audit logging",
        "Upgrading",
        "Summary",
    )
    yield from ("{what} in the whole cluster", "{what} in {namespace} ({role})", "may {granted}", "{low} to {high}")
    yield from (f"{one} {{name}}" for one in ("container", "init container", "sidecar", "ephemeral container"))


def helps() -> Iterator[str]:
    """Give the help of all commands."""
    import typer.main

    from k8snb.cli import app
    from k8snb.commands.help import commands, spoken, texts

    for one in commands(spoken(typer.main.get_command(app))):
        yield from texts(one)


def of_other_tools() -> Iterator[str]:
    """Give what is said of the rules of other tools, and the meaning of controls."""
    from k8snb.controls.others import others
    from k8snb.controls.registry import controls
    from k8snb.display.catalogue import meaning

    known = others()
    yield from (one.note for one in known.tools.values())
    yield from known.frameworks.values()
    for control, told in known.controls.items():
        yield from filter(None, (told.reason, *(rule.why for rule in told.rules)))
        yield from filter(None, (meaning(controls()[control]),) if control in controls() else ())


def threat_words() -> Iterator[str]:
    """Give the names of threats and tactics; those of techniques stay as MITRE has them."""
    from k8snb.assessment.threats import threat_model

    found = threat_model()
    for one in found.threats:
        yield from (one.group, one.name)
    yield from found.tactics


def data_words() -> Iterator[str]:
    """Give what the bundled data say in words."""
    from importlib.resources import files

    def data(name: str) -> Any:
        return json.loads(files("k8snb.data").joinpath(f"{name}.json").read_text(encoding="utf-8"))

    yield from (one[key] for one in data("retired")["components"] for key in ("name", "instead") if " " in one[key])
    yield data("releases")["source"]
