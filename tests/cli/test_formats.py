"""The formats of `assess`: what they hold, and that no name of a cluster does harm in them."""

import csv
import io
import json
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import k8snb
from k8snb.assessment.assessment import Assessment
from k8snb.display.text import cells
from k8snb.formats.data import COLUMNS, cell
from k8snb.formats.markdown import escape
from k8snb.formats.registry import Format, render
from k8snb.formats.schema import FILE, schema, text
from k8snb.formats.screen import Screen, bar

from .conftest import ONE_CONTROL, Shell

HOSTILE = [
    "\x1b[31mred\x1b]0;title\x07",
    "<script>alert(1)</script>",
    "line\nbreak\r| next",
    "=cmd|' /C calc'!A0",
    "[click](javascript:alert(1)) `x` @someone #1 https://evil.example",
    "\u202egnp.exe",
    "{{ 7*7 }} {0} %s ${HOME}",
    "../../etc/passwd",
    "商店的购物车" * 30,
    "x" * 100_000,
]
FORMATS: tuple[Format, ...] = ("table", "wide", "json", "jsonl", "csv", "markdown", "html")


def pod(name: str) -> dict[str, object]:
    container = {"name": name, "image": name, "securityContext": {"privileged": True}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": name},
        "spec": {"containers": [container]},
    }


@pytest.fixture(scope="module")
def hostile() -> Assessment:
    return k8snb.assess(k8snb.connect(objects=[pod(name) for name in HOSTILE]), controls=["no-privileged-containers"])


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("screen", [Screen(), Screen(colour=True, unicode=True)], ids=["piped", "terminal"])
def test_no_format_lets_control_characters_through(hostile: Assessment, name: Format, screen: Screen) -> None:
    shown = render(hostile, name, screen).decode()
    own = re.sub(r"\x1b\[\d*m", "", shown) if screen.colour else shown
    assert not re.search(r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]", own)
    if name not in {"json", "jsonl"}:
        assert not re.search("[\x80-\x9f\u202a-\u202e]", own)
    assert "{{ 49 }}" not in shown


def test_the_table_fits_80_columns_and_is_plain_ascii_but_for_names(hostile: Assessment) -> None:
    lines = render(hostile, "table", Screen()).decode().splitlines()
    assert max(map(cells, lines)) <= 80
    ours = re.sub("[商店的购物车]", "", "\n".join(lines))
    assert ours.isascii()


def test_the_table_on_a_terminal_fits_its_width(hostile: Assessment) -> None:
    for width in (60, 80, 120):
        shown = render(hostile, "table", Screen(width, unicode=True)).decode()
        assert max(map(cells, shown.splitlines())) <= width


def test_the_table_says_what_matters(shell: Shell) -> None:
    ran = shell("assess", "bad.yaml", *ONE_CONTROL)
    for word in ("bad.yaml", "Score 0 of 100", "CRITICAL", "1 of 1", "Pod/ops/agent", "k8snb explain", "-o wide"):
        assert word in ran.text


def test_the_table_tells_what_was_not_assessed_and_why(shell: Shell) -> None:
    ran = shell("assess", "good.yaml", "--control", "trusted-registry")
    for word in ("Score 0 to 100 of 100", "NOT ASSESSED", "not-configured", "trusted-registry"):
        assert word in ran.text


def test_wide_has_one_row_a_finding(hostile: Assessment) -> None:
    assert len(render(hostile, "wide", Screen()).decode().splitlines()) == 1 + len(HOSTILE)


def test_json_is_the_assessment_and_jsonl_its_findings(hostile: Assessment) -> None:
    assert json.loads(render(hostile, "json", Screen())) == hostile.to_dict()
    lines = render(hostile, "jsonl", Screen()).splitlines()
    assert [json.loads(line) for line in lines] == hostile.to_dict()["findings"]


def test_csv_has_one_row_a_finding_and_no_formula(hostile: Assessment) -> None:
    rows = list(csv.reader(io.StringIO(render(hostile, "csv", Screen()).decode(), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 1 + len(HOSTILE)
    assert not [value for row in rows for value in row if value.startswith(("=", "+", "-", "@", "\t", "\r"))]


@given(st.text())
def test_a_cell_is_never_a_formula_and_stands_on_one_line(value: str) -> None:
    shown = cell(value)
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert len(shown.splitlines()) <= 1


@given(st.text())
def test_markdown_has_no_markup_of_others(value: str) -> None:
    shown = escape(value)
    assert not re.search(r"[<>|`*_\[\]\\@\n\r]|://", shown)


def test_markdown_tables_keep_their_columns(hostile: Assessment) -> None:
    rows = [line for line in render(hostile, "markdown", Screen()).decode().splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {3, 8, 7}


def test_html_is_one_page_that_loads_and_runs_nothing(hostile: Assessment) -> None:
    shown = render(hostile, "html", Screen()).decode()
    assert shown.count("<html") == shown.count("</html>") == 1
    assert "default-src 'none'" in shown
    assert not re.search(r"<script|\ssrc=|@import|url\((?!data:)|href=\"(?!data:|#)", shown, re.IGNORECASE)


def test_the_committed_schema_is_current() -> None:
    assert FILE.read_bytes() == text(), "run python -m k8snb.formats.schema"


def test_outputs_are_valid(hostile: Assessment, shell: Shell) -> None:
    Draft202012Validator.check_schema(schema())
    validator = Draft202012Validator(json.loads(FILE.read_bytes()))
    Path("w.yaml").write_text(
        json.dumps({"waivers": [{"control": "image-digest", "who": "a", "why": "b", "until": "2999-01-01"}]})
    )
    ran = shell("assess", "bad.yaml", "--all", "--waivers", "w.yaml", "-o", "json")
    for result in (hostile.to_dict(), json.loads(ran.out)):
        validator.validate(result)
    with pytest.raises(Exception, match="v2"):
        validator.validate(hostile.to_dict() | {"schema": "k8snb/assessment/v2"})


@pytest.mark.parametrize(
    ("low", "high", "drawn"), [(0, 100, "▒▒▒▒"), (50, 75, "██▒░"), (100, 100, "████"), (0, 0, "░░░░")]
)
def test_the_bar_draws_the_interval(low: float, high: float, drawn: str) -> None:
    assert bar(low, high, 4) == drawn


def test_a_result_survives_its_json(hostile: Assessment) -> None:
    from k8snb.assessment.assessment import read_assessment

    again = read_assessment(render(hostile, "json", Screen()), "x")
    assert msgspec.json.encode(again.record) == hostile.to_json()
