"""The summary of an assessment says what is counted, and hides nothing that is not known."""

import re
import shlex

import pytest
import typer.main

import k8snb
from k8snb.assessment.assessment import Assessment
from k8snb.cli import app
from k8snb.display.root_causes import matters_first, this_week
from k8snb.display.standing import standing
from k8snb.display.sureness import evidence_shares, settled_by, unjudged

_SHOWS = (standing, matters_first, this_week, evidence_shares, settled_by, unjudged)


@pytest.fixture(scope="module")
def demo() -> Assessment:
    return k8snb.assess(k8snb.connect("demo"), all=True)


@pytest.fixture(scope="module")
def nothing() -> Assessment:
    return k8snb.assess(k8snb.connect(objects=[]), all=True)


def test_the_opening_adds_up(demo: Assessment) -> None:
    text = " ".join(repr(standing(demo)).split())
    controls = re.search(r"Of (\d+) controls in all: ([^.]+)\.", text)
    assert controls
    assert sum(map(int, re.findall(r"\d+", controls[2]))) == int(controls[1]) == len(demo.controls)
    findings = re.search(r"Failing: ([\d,]+) findings on [\d,]+ subjects \(([^)]+)\)", text)
    assert findings
    count = int(findings[1].replace(",", ""))
    assert sum(int(one.replace(",", "")) for one in re.findall(r"[\d,]*\d", findings[2])) == count
    assert count == len(demo.findings(status="fail"))


def test_the_first_fixes_end_everything_that_is_critical(demo: Assessment) -> None:
    text = repr(matters_first(demo))
    assert sum(map(int, re.findall(r"(\d+) critical", text))) == len(demo.findings(status="fail", severity="critical"))


def test_the_week_is_short_and_its_commands_exist(demo: Assessment) -> None:
    commands = [line.strip() for line in repr(this_week(demo)).splitlines() if line.startswith("   k8snb ")]
    assert 3 <= len(commands) <= 7
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for command in commands:
        word, *rest = shlex.split(command)[1:]
        flags = {flag for option in known[word].params for flag in option.opts}
        assert {one.partition("=")[0] for one in rest if one.startswith("-")} <= flags


def test_the_verdicts_that_were_given_and_the_open_ones_are_all(demo: Assessment) -> None:
    told = re.search(r"([\d,]+) of ([\d,]+) verdicts", repr(evidence_shares(demo)))
    assert told
    given, asked = (int(one.replace(",", "")) for one in told.groups())
    assert asked - given == len(demo.findings(status="not-assessed"))


def test_a_control_without_a_verdict_is_named(demo: Assessment) -> None:
    silent = [one.id for one in demo.controls if one.status == "not-assessed" and not one.counts.passed]
    assert silent
    assert all(one in unjudged(demo).html for one in silent)


@pytest.mark.parametrize("show", _SHOWS)
def test_an_empty_cluster_is_told_without_praise(show: object, nothing: Assessment) -> None:
    shown = show(nothing)  # type: ignore[operator]
    assert repr(shown).strip()
    assert "<div" in shown.html


@pytest.mark.parametrize("show", [matters_first, this_week])
def test_names_from_a_cluster_are_escaped(show: object) -> None:
    name = "<script>alert(1)</script>"
    spec = {"containers": [{"name": "app", "image": "app", "securityContext": {"privileged": True}}]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "shop"}, "spec": spec}
    shown = show(k8snb.assess(k8snb.connect(objects=[pod])))  # type: ignore[operator]
    assert "script" in shown.html
    assert "<script" not in shown.html
