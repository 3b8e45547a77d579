"""Objects of the wrong shape: no traceback, and a wrong-typed field never earns a pass."""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
import yaml

import k8snb
from k8snb.assessment.assess import assess
from k8snb.controls import controls
from k8snb.controls.model import Control, Example
from k8snb.inventory.cluster import Cluster
from k8snb.resources.kinds import KINDS, Kind
from k8snb.sources.stream import Fact

JUNK: dict[type, Any] = {str: {"a": 1}, bool: "true", int: "0", float: "0", list: "none", dict: "none"}
Change = Callable[[Any], None]


def cluster_of(objects: list[Any], example: Example) -> Cluster:
    cluster = k8snb.connect(objects=objects)
    cluster._collected.facts.extend(Fact(name, value, "object", "example") for name, value in example.facts.items())
    return cluster


def changes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Give every place below the head of an object with a value of another type."""
    if path and path not in {("apiVersion",), ("kind",)}:
        yield path, JUNK[type(value)] if value is not None else {"a": 1}
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from changes(item, (*path, key))


def changed(objects: list[Any], number: int, path: tuple[Any, ...], junk: Any) -> list[Any]:
    result = copy.deepcopy(objects)
    place = result[number]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = junk
    return result


@pytest.mark.parametrize("control", controls().values(), ids=list(controls()))
def test_a_wrong_typed_field_turns_no_failure_into_a_pass(control: Control) -> None:
    for example in control.failing:
        objects = [one for one in yaml.safe_load_all(example.objects) if one]
        for number, one in enumerate(objects):
            for path, junk in changes(one):
                cluster = cluster_of(changed(objects, number, path, junk), example)
                result = assess(cluster, controls=[control.id], parameters=dict(example.parameters))
                status = result[control.id].result.status
                assert status in {"fail", "not-assessed"}, (one.get("kind"), path, junk)


WORDS = ("", "a", "*", "0.0.0.0/0", "::/0", "ALL", "true", "0", "-1", "\x00", "ü", "{}", "system:x")
ANYTHING: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**20,
    0.5,
    "",
    "0",
    [],
    [None],
    [["a"]],
    {},
    {"a": None},
    {"a": {"b": []}},
)


def fitting(info: msgspec.inspect.Type, chance: random.Random, depth: int) -> Any:  # noqa: PLR0911 - a table of types
    """Give a value of a type, in which some parts are null or of another type."""
    if depth == 0 or chance.random() < 0.03:
        return chance.choice(ANYTHING)
    match info:
        case msgspec.inspect.UnionType():
            return fitting(chance.choice(info.types), chance, depth)
        case msgspec.inspect.StructType():
            taken = [one for one in info.fields if chance.random() < 0.6]
            return {one.encode_name: fitting(one.type, chance, depth - 1) for one in taken}
        case msgspec.inspect.VarTupleType() | msgspec.inspect.ListType():
            return [fitting(info.item_type, chance, depth - 1) for _ in range(chance.randint(0, 2))]
        case msgspec.inspect.BoolType():
            return chance.choice((True, False))
        case msgspec.inspect.IntType():
            return chance.randint(-1, 70000)
        case msgspec.inspect.StrType():
            return chance.choice(WORDS)
        case msgspec.inspect.DictType():
            return {chance.choice(WORDS): chance.choice(WORDS)}
    return chance.choice(ANYTHING)


def made(kind: Kind, chance: random.Random) -> dict[str, Any]:
    body = fitting(msgspec.inspect.type_info(kind.type), chance, 7)
    head = {"apiVersion": f"{kind.group}/{kind.version}".lstrip("/"), "kind": kind.kind}
    metadata = {"name": chance.choice(WORDS), "namespace": chance.choice(["a", "kube-system", None])}
    return {**(body if isinstance(body, dict) else {"spec": body}), **head, "metadata": metadata}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.resource)
def test_any_object_of_a_kind_is_judged_or_told_without_a_traceback(kind: Kind) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "a"}}
    for seed in range(12):
        chance = random.Random(seed)  # noqa: S311 - reproducible
        result = assess(k8snb.connect(objects=[made(kind, chance), made(kind, chance), pod]), all=True)
        assert {one.id for one in result.controls} == set(controls())
