"""A plan, its outcome and the journal say the same in a shell, in a notebook and in the panel of the board."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from k8snb_widgets import Board

import k8snb
from k8snb.display import told
from k8snb.display.plan import plan_bundle
from k8snb.display.text import visible
from k8snb.display.told import Section
from k8snb.formats import fix
from k8snb.formats.screen import Screen
from k8snb.languages import speaking
from k8snb.remediation.plan import Plan
from tests.languages.english import english
from tests.remediation.server import Server
from tests.remediation.test_families import container, deployment

KINDS = [
    "no-host-ipc",
    "default-deny-ingress",
    "audit-log-retention",
    "pod-security-admission",
    "cluster-admin-bindings",
]
SCREEN = Screen(unicode=True)


@pytest.fixture(autouse=True, params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with speaking(request.param):
        yield request.param


def pressed(text: str) -> str:
    """Give a text without its spaces and the marks of code, so that it does not matter where lines break."""
    return visible(re.sub(r"[\s`]", "", text))


def board_of(result: Any) -> Board:
    board = Board(result)
    return board.select(board.found[0].id).preview()


def panel(board: Board) -> list[Section]:
    detail = board.detail()
    assert detail is not None
    return [Section(one["heading"], tuple(one["lines"]), one["tone"]) for one in detail["remedy"]["sections"]]


def shell(sections: list[Section]) -> str:
    return pressed(fix.told(sections, SCREEN).decode())


def notebook(plan: Plan) -> tuple[str, str]:
    bundle = plan_bundle(plan)
    page = re.sub(r"<style>.*?</style>|<[^>]+>", "", str(bundle["text/html"]), flags=re.DOTALL)
    return pressed(html.unescape(page)), pressed(str(bundle["text/plain"]))


def said(sections: list[Section], *places: str) -> None:
    """Say that every heading and every sentence stands in each place."""
    assert sections
    for one in sections:
        lines = one.lines if one.tone not in {"difference", "file"} else one.lines[-1:]
        for text in (one.heading, *lines):
            assert [text for place in places if pressed(text) not in place] == []


@pytest.mark.parametrize("control", KINDS)
def test_what_a_plan_would_do(control: str) -> None:
    board = board_of(k8snb.assess(k8snb.connect("demo"), controls=[control]))
    (plan, *_) = board.remedy.plans  # type: ignore[union-attr]
    sections = list(told.preview(plan))
    assert panel(board)[: len(sections)] == sections
    said(sections, shell(sections), *notebook(plan))


def test_what_became_of_it_and_what_the_journal_has(
    server: Server, namespace: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    deployment(server, namespace, {"containers": [container()]})
    found = k8snb.connect(kubeconfig=str(server.home.kubeconfig), namespaces=[namespace])
    board = board_of(k8snb.assess(found, controls=["seccomp-profile"]))
    remedy: Any = board.remedy
    for step in (lambda: board.apply(remedy.session.identity.name), board.undo):
        step()
        (plan,) = remedy.plans
        outcome, entries = list(told.outcome(plan)), [one.entry for one in plan.applied]
        assert panel(board) == outcome
        assert remedy.told == told.ended([plan])
        said([*outcome, Section("", (remedy.told,))], shell([*outcome, Section("", (remedy.told,))]), *notebook(plan))
        said(list(told.history(entries)), *notebook(plan))
    history = list(told.history(remedy.entries))
    listed = board.detail()["remedy"]["history"]["entries"]  # type: ignore[index]
    assert [(one["heading"], tuple(one["lines"])) for one in listed] == [(one.heading, one.lines) for one in history]
    said(history, pressed(fix.told(history, SCREEN).decode()))


@pytest.mark.parametrize("control", KINDS)
def test_in_chinese_nothing_of_it_is_english(control: str, language: str) -> None:
    if language == "zh":
        board = board_of(k8snb.assess(k8snb.connect("demo"), controls=[control]))
        sections = [one for one in panel(board) if one.tone not in {"difference", "file"}]
        page = "".join(f"<p>{html.escape(text)}</p>" for one in sections for text in (one.heading, *one.lines))
        assert english(page, {control}) == []
