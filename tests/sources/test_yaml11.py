"""YAML is read as Kubernetes reads it, within bounds, and a bad document costs no other."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snb.sources import yaml_build
from k8snb.sources.stream import Gap
from k8snb.sources.yaml11 import Document, documents
from k8snb.sources.yaml_text import printable


def values(text: str | bytes) -> list[Any]:
    found = list(documents(text.encode() if isinstance(text, str) else text, "f.yaml"))
    assert not [gap for gap in found if isinstance(gap, Gap)]
    return [document.value for document in found if isinstance(document, Document)]


def gap(text: str | bytes) -> Gap:
    (found,) = documents(text.encode() if isinstance(text, str) else text, "f.yaml")
    assert isinstance(found, Gap)
    assert found.cause == "malformed"
    assert found.resource is None
    assert found.origin is not None
    assert found.message.startswith(f"f.yaml:{found.origin.line}: ")
    assert found.message.isprintable()
    return found


# The right-hand sides are what `kubectl label --local -o json` prints.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[(word, True) for word in ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")],
        *[(word, False) for word in ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")],
        *[(word, word) for word in ("oN", "tRue", "nO", "yEs", "ye")],
        *[(word, None) for word in ("~", "null", "Null", "NULL", "", "!!null ''")],
        ("nUll", "nUll"),
        *[("0644", 420), ("0o644", 420), ("0O17", 15), ("+0o17", 15), ("0_7", 7), ("00", 0), ("0_", 0)],
        *[("0x1F", 31), ("0XFF", 255), ("0x_1F", 31), ("0b11", 3), ("-0b11", -3), ("0B11", 3)],
        *[("08", 8), ("1_000", 1000), ("1__0", 10), ("+5", 5), ("-0", 0), ("0o8", "0o8"), ("0b", "0b"), ("0x", "0x")],
        *[("_1", "_1"), ("0x1p4", "0x1p4"), (".0x1p4", ".0x1p4"), ("+", "+"), ("-b_c", "-b_c"), ("1.2.3.4", "1.2.3.4")],
        *[("1e3", 1000), ("1E3", 1000), ("1.0", 1), ("1.5e3", 1500), (".5", 0.5), ("-.5", -0.5), ("5.", 5)],
        *[("0.1_0", 0.1), (".1_0", 0.1), ("._5", "._5"), (".e1", ".e1"), ("1e400", "1e400"), ("1e-7", 1e-7)],
        *[("9223372036854775808", 1 << 63), ("18446744073709551616", float(1 << 64)), ("1e20", 1e20)],
        *[("2020-01-01", "2020-01-01"), ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"), ("190:20:30", "190:20:30")],
        *[
            ("'yes'", "yes"),
            ('"on"', "on"),
            ("'1'", "1"),
            ("=", "="),
            ("<<", "<<"),
            ("! 12", "12"),
            ("!foo bar", "bar"),
            ("!!str 5", "5"),
            ("!!int '5'", 5),
        ],
        *[("!!float 3", 3), ("!!bool yes", True), ("!!timestamp 2020-01-01", "2020-01-01")],
        *[("!!binary aGVsbG8=", "hello"), ("!!binary gIGC", "���")],
        *[("!!set {a, b}", {"a": None, "b": None}), ("!!omap [a: 1]", [{"a": 1}]), ("!x {a: 1}", {"a": 1})],
    ],
)
def test_a_scalar_is_what_kubernetes_makes_of_it(text: str, expected: Any) -> None:
    (document,) = values(f"v: {text}")
    assert document == {"v": expected}
    assert type(document["v"]) is type(expected) or isinstance(document["v"], str)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{1: a, true: b, yes2: c}", {"1": "a", "true": "b", "yes2": "c"}),
        ("{0x10: a, 1.5: b, 1e3: c}", {"16": "a", "1.5": "b", "1000": "c"}),
        ("{n: a}", {"false": "a"}),
        ("{2020-01-01: a, !!binary YQ==: b}", {"2020-01-01": "a", "a": "b"}),
        ("{<<: {a: 1}, b: 2}", {"a": 1, "b": 2}),
        ("{<<: {a: 1}, <<: {b: 2}}", {"a": 1, "b": 2}),
        ("{<<: [{a: 1}, {a: 2, b: 3}]}", {"a": 1, "b": 3}),
        ("{<<: {a: 1}, a: 3}", {"a": 3}),
        ("{b: 2, <<: {b: 3, c: 4}}", {"b": 3, "c": 4}),
        ("{'<<': {a: 1}}", {"<<": {"a": 1}}),
        ("{a: &x [1], b: *x}", {"a": [1], "b": [1]}),
        ("{a: &x 1, b: *x, c: &x 2, d: *x}", {"a": 1, "b": 1, "c": 2, "d": 2}),
    ],
)
def test_keys_merges_and_aliases_are_those_of_kubernetes(text: str, expected: Any) -> None:
    assert values(text) == [expected]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: .inf", "JSON"),
        ("a: -.Inf", "JSON"),
        ("a: .nan", "JSON"),
        ("{~: 1}", "null as a key"),
        ("{[1]: 2}", "as a key"),
        ("{{a: 1}: 2}", "as a key"),
        ("{<<: 5}", "merge"),
        ("&a [*a]", "contains itself"),
        ("[*a]", "without its anchor"),
        ("!!int x", "!!int"),
        ("!!bool 5", "!!bool"),
        ("!!null x", "!!null"),
        ("!!binary x", "base64"),
        ('"\\ud800"', "Unicode"),
        ("a: 'x", "quoted scalar"),
        ("a:\n\tb: 1", "cannot start any token"),
        ("a: \x01", "control characters"),
        ("image: {{ .Values.image }}", "helm template"),
        ("{{- if .x }}\na: 1\n{{- end }}", "helm template"),
        (b"a: \xe9", "UTF-8"),
        (b"a: \0", "not text"),
        (b"\xff\xfe\x00", "not text"),
    ],
)
def test_what_kubernetes_refuses_is_a_gap(text: str | bytes, why: str) -> None:
    assert why in gap(text).message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\na: 1\n", 2),
        ("a: 1\nb:\n  c: 1\n  d: {c: 2}\n  c: 3\n", 5),
        ("- {a: 1}\n- a: 1\n  'a': 2\n", 3),
        ("1: a\n'1': b\n", 2),
        ("y: 1\nyes: 2\n", 2),
        ("a: 1\nb: {&k x: 1, *k : 2}\nc: [\n", 2),
    ],
)
def test_a_duplicate_key_is_a_gap_with_its_line(text: str, line: int) -> None:
    found = gap(text)
    assert "duplicate key" in found.message
    assert found.origin is not None
    assert found.origin.line == line


def test_a_bad_document_costs_no_other() -> None:
    text = b"# first\n---\na: 1\n---\nb: [\n---\n# nothing\n---\nc: 3\n---\n{{ x }}\n---\nd: \xff\n--- {e: 5}\n"
    found = list(documents(text, "f"))
    places = [
        (item.document, item.line) if isinstance(item, Document) else (item.origin.document, item.origin.line)  # type: ignore[union-attr]
        for item in found
    ]
    assert [item.value if isinstance(item, Document) else None for item in found] == [
        {"a": 1},
        None,
        {"c": 3},
        None,
        None,
        {"e": 5},
    ]
    assert places == [(1, 3), (2, 6), (4, 9), (5, 11), (6, 13), (7, 14)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("# only a comment\n", []),
        ("---\n---\n# c\n---\nnull\n", []),
        ("---\na: 1\n---", [{"a": 1}]),
        ("a: 1\n--- # c\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("a: 1\r\n---\r\nb: 2\r\n", [{"a": 1}, {"b": 2}]),
        ("a: 1\r---\rb: 2\r", [{"a": 1}, {"b": 2}]),
        ("a: 1\n...\n---\nb: 2\n...\n", [{"a": 1}, {"b": 2}]),
        ("%YAML 1.1\n---\na: 1\n", [{"a": 1}]),
        ("---\t\na: |\n  ---\n  x\n", [{"a": "---\nx\n"}]),
        ("a: ---x\n", [{"a": "---x"}]),
        ("--- |\n text\n", ["text\n"]),
        ("\ufeffa: é\n", [{"a": "é"}]),
    ],
)
def test_documents_are_separated_as_yaml_says(text: str, expected: list[Any]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_with_their_byte_order_mark(encoding: str) -> None:
    mark = "\ufeff" if encoding in {"utf-16-le", "utf-16-be"} else ""
    assert values(f"{mark}a: 🟔\n---\nb: 2\n".encode(encoding)) == [{"a": "🟔"}, {"b": 2}]


def bomb(levels: int) -> bytes:
    lines = [
        b"a0: &a0 [lol]",
        *(b"a%d: &a%d [%s]" % (i, i, b",".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, levels)),
    ]
    return b"\n".join(lines)


DEEP_CHAIN = b"a0: &a0 []\n" + b"".join(b"a%d: &a%d [[*a%d]]\n" % (i, i, i - 1) for i in range(1, 50_000))
HOSTILE = {
    "brackets": b"[" * 100_000,
    "brackets on lines": b"[\n" * 100_000,
    "braces": b'{"a":' * 100_000,
    "dashes": b"- " * 100_000,
    "questions": b"? " * 100_000,
    "colons": b": " * 100_000,
    "indentation": b"".join(b" " * i + b"a:\n" for i in range(1000)),
    "billion laughs": bomb(40),
    "merge bomb": b"a: &a {"
    + b"".join(b"k%d: 1, " % i for i in range(3000))
    + b"}\nb: {<<: ["
    + b"*a, " * 3000
    + b"]}\n",
    "long text by aliases": b"a: &a " + b"x" * 100_000 + b"\nb: [" + b"*a," * 1_000 + b"]",
    "deep by aliases": DEEP_CHAIN,
    "200 MB": b"a: " + b"x" * (200 << 20),
    "tag directives": b"x: [\n...\n" + b"".join(b"%%TAG !a%d! x\n" % i for i in range(50_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_at_once(name: str) -> None:
    started = time.process_time()
    found = list(documents(HOSTILE[name] + b"\n---\nok: 1\n", "f"))
    assert time.process_time() - started < 2
    assert sum(isinstance(item, Document) for item in found) == 1
    assert isinstance(found[-1], Document)
    assert found[-1].value == {"ok": 1}


def test_modest_nesting_and_aliases_are_read() -> None:
    assert values("[" * 150 + "]" * 150) != []
    shared = "common: &c\n" + "".join(f"  key{i}: value\n" for i in range(100)) + "all:\n" + "- *c\n" * 100
    assert len(values(shared)[0]["all"]) == 100


def test_a_document_of_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_build, "MAX_DOCUMENT_EVENTS", 1000)
    assert "more than" in gap("[" + "a," * 1000 + "]").message


def test_messages_are_one_printable_line_and_hold_no_values() -> None:
    assert printable("a\x1b[31m\n\u202e" + "x" * 999, 9) == r"a\x1b[31m\n\u202ex…"
    assert "hunter2" not in gap("password: !!int hunter2").message
    assert gap('"\\e[31m\\n": 1\n"\\e[31m\\n": 2').message.isprintable()


MANIFEST = """apiVersion: v1
kind: Pod
metadata: {name: &n a, labels: {x: *n}}
spec:
  containers:
  - name: c
    args: [1, yes]
---
a: |
  x
"""


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_anything_is_read_or_refused(text: bytes) -> None:
    for item in documents(text, "f"):
        assert isinstance(item, Document | Gap)


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(MANIFEST)),
            st.sampled_from([*"[]{}&*!|>%@`'\"#,?:-~<=\n\t \x00\ufeff", "---", "<<: ", "é", "1e9"]),
            st.integers(0, 5),
        ),
        max_size=6,
    )
)
def test_a_damaged_manifest_is_read_or_refused(edits: list[tuple[int, str, int]]) -> None:
    text = MANIFEST
    for place, put, cut in edits:
        text = text[:place] + put + text[place + cut :]
    for item in documents(text.encode(), "f"):
        assert isinstance(item, Document | Gap)
