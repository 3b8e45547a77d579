"""What is shown: safe, whole, told when cut, and never better than what was found."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from k8snb.assessment.assessment import Assessment
from k8snb.controls.model import Status
from k8snb.display.assessment import assessment_bundle
from k8snb.display.control import control_bundle
from k8snb.display.finding import findings_table, show_finding
from k8snb.display.parts import MOST
from k8snb.display.style import rules, stylesheet
from k8snb.display.text import cells

from .conftest import HOSTILE, finding
from .pages import OUTPUTS

Make = Callable[..., Assessment]
_VOID = {"br", "img", "hr", "input", "link", "meta"}


class Reader(HTMLParser):
    """Reads HTML as a browser does, and notes every element, attribute and mismatch."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.text += data


@pytest.mark.parametrize("name", OUTPUTS)
def test_nothing_of_a_hostile_cluster_becomes_markup_or_a_terminal_command(name: str, nasty: Assessment) -> None:
    bundle = OUTPUTS[name](nasty, HOSTILE)
    read = Reader(bundle["text/html"])
    assert read.open == []
    assert not read.tags & {"img", "svg", "iframe", "object", "a", "link"}
    assert not {one for one in read.attributes if one.startswith("on")}
    assert all('type="application/json"' in one for one in re.findall(r"<script[^>]*>", bundle["text/html"]))
    assert all(line.isprintable() for line in (bundle["text/plain"] + read.text.replace("\xa0", " ")).splitlines())


@pytest.mark.parametrize("name", OUTPUTS)
def test_plain_text_fits_into_80_columns(name: str, nasty: Assessment, mixed: Assessment) -> None:
    for result, text in ((nasty, HOSTILE), (mixed, "中" * 100)):
        lines = OUTPUTS[name](result, text)["text/plain"].splitlines()
        assert [line for line in lines if cells(line) > 80] == []


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_name_of_ten_million_characters_is_cut(name: str, make: Make) -> None:
    name_ = "x" * 10_000_000
    bundle = OUTPUTS[name](make([finding(name=name_, namespace=name_, message=name_)], name=name_), name_)
    assert len(bundle["text/html"]) < 100_000
    assert len(bundle["text/plain"]) < 10_000


def test_an_empty_assessment_claims_nothing(make: Make) -> None:
    bundle = assessment_bundle(make([]))
    assert "0 to 100" in bundle["text/plain"]
    assert "No controls ran." in bundle["text/html"]
    assert "✓" not in Reader(bundle["text/html"]).text


def test_ten_thousand_findings_are_cut_and_the_rest_is_told(make: Make) -> None:
    result = make([finding(name=f"cart-{one}") for one in range(10_000)])
    bundle = assessment_bundle(result)
    assert len(bundle["text/html"]) < 500_000
    assert f"… and {10_000 - MOST:,} more; <code>result.to_frame()</code> has all." in bundle["text/html"]
    assert "more; result.to_frame() has all." in bundle["text/plain"]


def test_both_ends_of_the_score_are_shown(mixed: Assessment) -> None:
    read = Reader(assessment_bundle(mixed)["text/html"])
    assert f"{mixed.score.low:.0f} to {mixed.score.high:.0f} of 100" in read.text
    assert str(mixed.score) in assessment_bundle(mixed)["text/plain"]


@pytest.mark.parametrize(
    ("status", "more", "told"),
    [
        ("fail", {}, "✗ fail"),
        ("not-assessed", {}, "? not assessed"),
        ("pass", {}, "✓ pass"),
        ("not-applicable", {}, "\u2013 not applicable"),
        ("fail", {"waiver": {"who": "Ada", "why": "legacy", "until": "2027-01-31"}}, "◇ waived"),
    ],
)
def test_a_verdict_has_a_shape_and_a_word(status: Status, more: dict[str, Any], told: str) -> None:
    shown = show_finding(finding(status, **more))
    assert told in Reader(shown.html).text
    assert told in repr(shown)


def test_a_finding_shows_its_evidence_cause_waiver_and_origin() -> None:
    one = finding("fail", waiver={"who": "Ada", "why": "legacy", "until": "2027-01-31"}, origin="shop.yaml:12")
    text = Reader(show_finding(one).html).text
    for told in ("securityContext.privileged", "true", "expected false", "Accepted by Ada until 2027-01-31: legacy"):
        assert told in text
    assert "shop.yaml:12" in text
    assert one.id in text
    assert "forbidden" in Reader(show_finding(finding("not-assessed")).html).text


def test_the_most_urgent_finding_comes_first() -> None:
    low, critical = finding(control="limit-range"), finding(control="no-privileged-containers")
    waived = finding(waiver={"who": "Ada", "why": "legacy", "until": "2027-01-31"})
    text = repr(findings_table([finding("not-assessed"), waived, low, critical]))
    assert [line[10] for line in text.splitlines()] == ["✗", "✗", "◇", "?"]
    assert text.startswith("critical")


def test_a_short_list_is_open_and_a_long_one_is_not(make: Make) -> None:
    short, long = (make([finding(name=f"n{one}") for one in range(size)]) for size in (3, 50))
    opened = '<details class="l" open><summary>Findings'
    assert opened in control_bundle(short["run-as-non-root"])["text/html"]
    assert opened not in control_bundle(long["run-as-non-root"])["text/html"]


def _outer_selectors(text: str) -> list[str]:
    depth, found, selector = 0, [], ""
    for one in text:
        depth += (one == "{") - (one == "}")
        if one == "{" and depth == 1:
            found += selector.split(",")
        selector = "" if one in "{}" else selector + one
    return found


def test_the_stylesheet_stays_small_and_inside_its_scope() -> None:
    assert len(rules("style")) < 4096
    assert [one for one in _outer_selectors(rules("style") + rules("figure")) if ".k8snb" not in one] == []
    assert "light-dark(" in stylesheet()


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(one * 2 for one in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_has_a_contrast_of_at_least_4_5(theme: int) -> None:
    colours = dict(re.findall(r"--(\w+): ?[^;]*?light-dark\(([^)]*)\)", rules("style")))
    of = {name: pair.split(",")[theme].strip() for name, pair in colours.items()}
    texts = ("ink", "soft", "pass", "fail", "open", "none", "waived")
    pairs = [(of[one], of["paper"]) for one in texts]
    pairs += [(of[one], ("#ffffff", "#14171b")[theme]) for one in ("critical", "high")]
    pairs += [(of[one], "#14171b") for one in ("medium", "low")]
    assert [pair for pair in pairs if _contrast(*pair) < 4.5] == []


def test_a_control_tells_the_same_rule_of_other_tools(make: Make) -> None:
    bundle = control_bundle(make([finding()])["run-as-non-root"])
    assert "The same rule elsewhere" in bundle["text/html"]
    assert {"KSV-0012", "runAsRootAllowed", "contradicting"} <= set(re.findall(r"[\w-]+", bundle["text/html"]))
    assert "contradicting: kubescape C-0013." in bundle["text/plain"]
    assert all(cells(line) <= 80 for line in bundle["text/plain"].splitlines())
