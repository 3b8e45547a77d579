"""Figures: three faces, the same numbers, nothing unearned."""

import json
import re

import pytest

from k8snb.assessment.assessment import Assessment
from k8snb.display.figures import (
    Figure,
    agent_grid,
    bootstrap,
    component_map,
    heat_map,
    needs_plotly,
    policy_matrix,
    score_figure,
    severity_by_workload,
    threat_bars,
)
from k8snb.display.figures.figure import PLOTLY

from .conftest import HOSTILE, assessment, finding
from .pages import FIGURES

_DATA = re.compile(r'<script type="application/json" class="k8snb-plotly">(.*?)</script>', re.DOTALL)


def rows_of(figure: Figure) -> list[list[str]]:
    found = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", figure.html)
    return [[re.sub(r"<[^>]*>", "", cell) for cell in re.split(r"</t[hd]>", one)[:-1]] for one in found]


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_three_faces_and_embeds_the_interactive_one(name: str, nasty: Assessment) -> None:
    bundle = FIGURES[name](nasty, HOSTILE)._repr_mimebundle_()
    assert set(bundle) == {PLOTLY, "text/html", "text/plain"}
    (data,) = _DATA.findall(bundle["text/html"])
    assert json.loads(data) == bundle[PLOTLY]
    assert not set(data) & set("<>&\u2028\u2029")
    assert needs_plotly(bundle["text/html"])


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_brings_no_colours_of_a_theme(name: str, mixed: Assessment) -> None:
    layout = FIGURES[name](mixed, "shop").plotly().to_plotly_json()["layout"]
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert layout["title"]["text"]


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_of_nothing_is_drawn_too(name: str) -> None:
    drawn = FIGURES[name](assessment([]), "")
    assert "NaN" not in drawn.html
    assert "✓" not in drawn.html


def test_plotly_reads_no_markup_of_a_cluster(nasty: Assessment) -> None:
    for name, draw in FIGURES.items():
        told = json.dumps(draw(nasty, HOSTILE)._repr_mimebundle_()[PLOTLY])
        assert not re.search(r"<(?!/?b>|br>|extra>|/extra>)", told), name


def test_the_score_shows_both_ends_of_every_chapter(mixed: Assessment) -> None:
    rows = {name: (low, high) for name, _, low, high in rows_of(score_figure(mixed))}
    assert rows["All chapters"] == (f"{mixed.score.low:.0f}", f"{mixed.score.high:.0f}")
    assert rows["Audit logging and threat detection"] == ("0", "100")
    assert list(rows)[:2] == ["All chapters", "Kubernetes Pod security"]


def test_the_heat_map_shows_the_worst_verdict_of_a_cell() -> None:
    shop = [finding("pass"), finding("fail"), finding("not-assessed")]
    data = [finding("pass", namespace="data"), finding("not-assessed", namespace="data")]
    good = [finding("pass", namespace="good")]
    rows = {name: cells for name, *cells in rows_of(heat_map(assessment(shop + data + good)))}
    assert rows == {"shop": ["✗"], "data": ["?"], "good": ["✓"]}


def test_a_blank_of_the_heat_map_is_never_told_as_a_pass() -> None:
    figure = heat_map(assessment([finding("fail"), finding("fail", namespace="data", control="limit-range")]))
    assert "✓" not in figure.html
    assert "Blank: passes or does not apply." in figure.html


def test_columns_of_the_heat_map_go_from_critical_to_low() -> None:
    drawn = heat_map(
        assessment([finding(control=one) for one in ("limit-range", "run-as-non-root", "no-privileged-containers")])
    )
    assert drawn.plotly().layout.xaxis.ticktext == ("no-privileged-containers", "run-as-non-root", "limit-range")


def test_workloads_are_ranked_by_what_is_worst_and_waived_findings_do_not_count() -> None:
    waiver = {"who": "Ada", "why": "legacy", "until": "2027-01-31"}
    many = [finding(name="many", control=one) for one in ("run-as-non-root", "limit-range", "default-deny-ingress")]
    worst = [finding(name="worst", control="no-privileged-containers")]
    figure = severity_by_workload(assessment([*many, *worst, finding(name="waived", waiver=waiver)]))
    assert rows_of(figure) == [
        ["Deployment shop/worst", "", "1", "0", "0", "0"],
        ["Deployment shop/many", "", "0", "2", "0", "1"],
    ]


def test_bars_of_equal_names_stay_apart() -> None:
    drawn = threat_bars(
        [{"group": "a" * 200 + "1", "high": 1}, {"group": "a" * 200 + "1", "counts": {"high": 2}}]
    ).plotly()
    assert list(drawn.data[1].x) == [1, 2]
    assert list(drawn.data[1].y) == [0, 1]


def test_a_number_stands_in_a_bar_only_where_there_is_room() -> None:
    drawn = threat_bars([{"group": "many", "critical": 3, "high": 200}, {"group": "few", "low": 2}]).plotly()
    assert [list(trace.text) for trace in drawn.data] == [["", ""], ["200", ""], ["", ""], ["", ""]]


def test_a_property_that_is_not_known_is_no_verdict() -> None:
    figure = policy_matrix([{"namespace": "shop", "ingress_denied": None, "egress_denied": False, "isolated": 3}])
    assert rows_of(figure) == [["shop", "?", "✗", "3"]]


def test_a_component_tells_where_its_port_is_another_than_the_guide_names_and_what_is_off() -> None:
    ports = [
        {"port": "10257", "purpose": "HTTPS", "guide": "10252, 10257", "seen": "default"},
        {"port": "9443", "purpose": "HTTPS", "guide": "6443", "seen": "flag"},
        {"port": "0", "purpose": "read-only API", "guide": "10255", "seen": "default"},
    ]
    figure = component_map([{"component": "kubelet", "ports": ports, "note": "mine"}])
    ((_, _, _, told, _, note),) = rows_of(figure)
    assert told == "10257 HTTPS default9443 (guide: 6443) HTTPS flagoff read-only API default"
    assert note == "mine"
    assert figure.plotly().layout.xaxis.ticktext == ("9443", "10257")


def test_the_bootstrap_can_stand_in_a_script_element_and_loads_nothing() -> None:
    text = bootstrap()
    assert not re.search(r"<(/script|!--|script)", text, re.IGNORECASE)
    assert "Plotly.newPlot" in text
    assert not needs_plotly("<p>no figure</p>")


def test_an_agent_that_has_nothing_to_do_on_a_node_is_no_verdict() -> None:
    figure = agent_grid([{"nodes": "cp-1", "logs: a": False, "logs: b": "", "threats: c": None, "threats: d": True}])
    assert rows_of(figure) == [["cp-1", "✗", "", "?", "✓"]]
