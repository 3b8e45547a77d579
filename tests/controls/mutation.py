"""Turning the conditions of a control around, one at a time.

`python -m tests.controls.mutation` prints the table: controls by conditions and observations, and what survived.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from k8snb.assessment.assess import judge
from k8snb.assessment.parameters import resolve
from k8snb.controls import controls
from k8snb.controls.model import Control, Example
from k8snb.inventory.cluster import Cluster, load
from k8snb.sources.objects import example

_ONLY_EVIDENCE = "(yield seen(True,"
"""What holds always is shown beside what decides."""
Outcome = tuple[tuple[str, ...], tuple[Any, ...]]


class Place(msgspec.Struct, frozen=True):
    """A place in a control's file that can be changed.

    Attributes:
        line: Its line.
        kind: `condition`, which is turned around, or `observation`, which is left out.
        text: Its source.
    """

    line: int
    kind: str
    text: str


class Mutants:
    """The file of one control with a switch at every condition and observation."""

    def __init__(self, control: Control) -> None:
        self.control, self.places, self.reached = control, list[Place](), set[int]()
        self.active = -1
        module = inspect.getmodule(control.judge)
        tree = _Switches(self.places).visit(ast.parse(inspect.getsource(module)))  # type: ignore[arg-type]
        names = dict(vars(module)) | {"_turned": self._turned, "_kept": self._kept, "control": _undecorated}
        exec(compile(ast.fix_missing_locations(tree), module.__file__ or "", "exec"), names)  # type: ignore[union-attr]  # noqa: S102
        self.judge: Callable[..., Any] = names[control.judge.__name__]
        self.reached.clear()  # what only makes examples
        self._cases = [_case(one) for one in (*control.passing, *control.failing)]

    def outcomes(self, active: int) -> list[Outcome | str]:
        """Judge every example with one switch turned; an error is an outcome too."""
        self.active = active
        return [self._outcome(*case) for case in self._cases]

    def survivors(self) -> Iterator[Place]:
        """Give the places that no example notices, of those that are reached.

        A condition is noticed by any difference, an observation only by another status: each must be decisive for one
        example at least.
        """
        before = self.outcomes(-1)
        reached = set(self.reached)
        for index, place in enumerate(self.places):
            after = self.outcomes(index) if index in reached else []
            pairs = zip(before, after, strict=False)
            if after and not any(_differs(place.kind, old, new) for old, new in pairs):
                yield place

    def _outcome(self, cluster: Cluster, values: dict[str, Any]) -> Outcome | str:
        try:
            found = judge(cluster, replace(self.control, judge=self.judge), values)
        except Exception as error:
            return type(error).__name__
        return tuple(one.status for _, one, _ in found), tuple(
            (one.message, one.evidence, one.severity) for _, one, _ in found
        )

    def _turned(self, index: int, value: Any) -> Any:
        self.reached.add(index)
        return not value if index == self.active else value

    def _kept(self, index: int, values: Iterable[Any]) -> Iterable[Any]:
        known = list(values)
        if any(
            getattr(one, "holds", True) is not None for one in known
        ):  # what is not known decides neither passing nor failing
            self.reached.add(index)
        return () if index == self.active else known


def _differs(kind: str, old: Outcome | str, new: Outcome | str) -> bool:
    if kind == "condition" or isinstance(old, str) or isinstance(new, str):
        return old != new
    return old[0] != new[0]


def _undecorated(**_: Any) -> Callable[[Any], Any]:
    return lambda judge: judge


def _case(one: Example) -> tuple[Cluster, dict[str, Any]]:
    cluster = load(example(one.objects, one.facts))
    return cluster, dict(resolve(one.parameters, controls().values(), cluster.clock))


class _Switches(ast.NodeTransformer):
    """Puts a switch around every condition and every observation inside of functions."""

    def __init__(self, places: list[Place]) -> None:
        self._places, self._inside, self._judges = places, False, False

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.ImportFrom | None:
        return None if node.module == "k8snb.controls.registry" else node  # it would register the mutant

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        outer = self._inside, self._judges
        self._inside, self._judges = True, any(ast.unparse(one).startswith("control(") for one in node.decorator_list)
        node.body = [self.visit(one) for one in node.body]
        self._inside, self._judges = outer
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        source = ast.parse(ast.unparse(node)).body[0]
        self.generic_visit(node)
        if self._judges and node.value:
            node.value = self._switch("observation", node.value, source)
        return node

    def _switch(self, kind: str, node: ast.expr, source: ast.AST) -> ast.expr:
        self._places.append(Place(node.lineno, kind, ast.unparse(source)))
        name = "_turned" if kind == "condition" else "_kept"
        number = ast.Constant(len(self._places) - 1)
        return ast.copy_location(ast.Call(ast.Name(name, ast.Load()), [number, node], []), node)

    def _condition(self, node: ast.expr) -> ast.expr:
        if not self._inside:
            self.generic_visit(node)
            return node
        source = ast.parse(ast.unparse(node), mode="eval").body
        self.generic_visit(node)
        return self._switch("condition", node, source)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        return self._condition(node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        return self._tested(node)

    def visit_If(self, node: ast.If) -> ast.AST:
        return self._tested(node)

    def _tested(self, node: ast.If | ast.IfExp) -> ast.AST:
        plain = isinstance(node.test, ast.Name | ast.Attribute | ast.Call)
        source = ast.parse(ast.unparse(node.test), mode="eval").body
        self.generic_visit(node)
        if plain and self._inside:
            node.test = self._switch("condition", node.test, source)
        return node

    def visit_Yield(self, node: ast.Yield) -> ast.AST:
        source = ast.parse(ast.unparse(node), mode="eval").body
        self.generic_visit(node)
        if ast.unparse(source).startswith(_ONLY_EVIDENCE):
            return node
        one = ast.List([node.value or ast.Constant(None)], ast.Load(), lineno=node.lineno, col_offset=0)
        return ast.copy_location(ast.YieldFrom(self._switch("observation", one, source)), node)

    def visit_YieldFrom(self, node: ast.YieldFrom) -> ast.AST:
        source = ast.parse(ast.unparse(node), mode="eval").body
        self.generic_visit(node)
        node.value = self._switch("observation", node.value, source)
        return node


def main() -> None:
    """Print the table."""
    print("| control | conditions | observations | reached | survived |\n| --- | --- | --- | --- | --- |")
    for control in controls().values():
        mutants = Mutants(control)
        survived = list(mutants.survivors())
        kinds = [place.kind for place in mutants.places]
        counts = (kinds.count("condition"), kinds.count("observation"), len(mutants.reached), len(survived))
        print(f"| `{control.id}` | {' | '.join(map(str, counts))} |")
        for place in survived:
            print(f"{control.id}:{place.line}: {place.kind}: {place.text[:120]}", file=sys.stderr)


if __name__ == "__main__":
    main()
