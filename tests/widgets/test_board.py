"""The board without a browser: what can be clicked is a method, and what is shown is told truly."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from k8snb_widgets import Board, Editor
from k8snb_widgets.requests import done, parsed
from k8snb_widgets.state import State
from k8snb_widgets.tell import everything

import k8snb
from k8snb.assessment.assessment import Assessment
from k8snb.errors import UsageError
from k8snb.languages import speaking, translate

from .conftest import HOSTILE

LARGEST = 100_000


@pytest.fixture
def board(result: Assessment) -> Board:
    return Board(result)


@pytest.mark.parametrize(
    "chosen",
    [
        {"status": "fail", "severity": ("high", "critical"), "namespace": "team-1"},
        {"status": (), "control": "run-as-non-root"},
        {"chapter": "pod-security", "text": "APP-07 privilege"},
        {"namespace": "nowhere"},
    ],
)
def test_filters_let_through_what_matches_all(board: Board, result: Assessment, chosen: dict[str, Any]) -> None:
    board.choose(**chosen)
    facets = {
        name: {value} if isinstance(value, str) else set(value) for name, value in chosen.items() if name != "text"
    }
    told = {
        one.id: f"{one.id} {one.control} {one.subject} {one.message} {[e.at for e in one.evidence]}" for one in result
    }
    wanted = {
        one.id
        for one in result
        if all(not values or _value(one, name) in values for name, values in ({"status": {"fail"}} | facets).items())
        and all(word in told[one.id].casefold() for word in chosen.get("text", "").casefold().split())
    }
    assert {one.id for one in board.found} == wanted


def _value(one: Any, facet: str) -> str:
    if facet == "namespace":  # that of a Namespace is its own
        return str(one.subject.name if one.subject.kind == "Namespace" else one.subject.namespace)
    return str(getattr(one, facet))


def test_counts_say_what_a_choice_would_give(board: Board) -> None:
    counts = board.answer.counts["severity"]
    assert len(counts) > 1
    for severity, count in counts.items():
        assert len(board.choose(severity=severity).found) == count
        assert board.answer.counts["severity"] == counts


def test_a_group_opens_and_has_its_findings(board: Board) -> None:
    heads = board.group_by("namespace").rows()
    assert sum(one["count"] for one in heads) == len(board.found)
    assert len(board.open(heads[0]["group"]).lines) == len(heads) + heads[0]["count"]
    assert len(board.open(heads[0]["group"], opened=False).lines) == len(heads)


@pytest.mark.parametrize(
    ("control", "text", "note"),
    [
        ("no-privileged-containers", "privileged: true", "expected"),
        ("run-as-non-root", "runAsNonRoot:", "not set"),
    ],
)
def test_the_very_field_is_marked(board: Board, control: str, text: str, note: str) -> None:
    board.choose(control=control).select(board.found[0].id)
    told = board.detail()
    assert told
    marked = [line for one in told["manifests"] for line in one["lines"] if line["marked"]]
    assert any(line["text"].strip().endswith(text) and note in line["note"] for line in marked), marked


def test_what_was_chosen_is_remembered_until_the_parameters_change(result: Assessment) -> None:
    Board(result, name="memory", severity="high").choose(namespace="team-2")
    assert Board(result, name="memory", severity="high").state.namespace == ("team-2",)
    assert Board(result, name="memory", severity="low").state.namespace == ()
    assert Board(result, severity="high").state.namespace == ()


@pytest.mark.parametrize(
    "wrong",
    [{"severty": "high"}, {"severity": 3}, {"group": "colour"}, {"text": None}],
    ids=lambda one: next(iter(one)),
)
def test_what_means_nothing_is_refused(board: Board, wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        board.choose(**wrong)
    with pytest.raises(UsageError, match="no finding"):
        board.select("nothing")


@pytest.mark.parametrize(
    "message",
    [
        {"ask": "apply", "patch": {}},
        {"ask": "select", "id": "x", "path": "/etc/passwd"},
        {"ask": "choose", "facet": "opened", "values": []},
        {"ask": "search", "text": "x" * 201},
        {"ask": "rows", "start": "0", "count": 5},
        "select",
        None,
    ],
)
def test_a_browser_cannot_ask_for_anything_else(message: object) -> None:
    assert parsed(message) is None


def test_a_browser_cannot_choose_what_nobody_could_click(board: Board) -> None:
    request = parsed({"ask": "choose", "facet": "namespace", "values": ["team-1", "kube-system"]})
    assert request
    done(board, request)
    assert board.state.namespace == ("team-1",)


@pytest.mark.parametrize(("status", "kind"), [("fail", "waiver"), ("not-assessed", "attestation"), ("pass", "")])
def test_an_answer_is_begun_in_the_editor_where_there_is_one(tmp_path: Path, status: str, kind: str) -> None:
    result = k8snb.assess(k8snb.connect("demo"), chapters=["upgrading"], all=True)
    board = Board(result, status=status)
    found = board.found[0]
    told = board.select(found.id).detail()
    assert told is not None
    assert told["answer"] == ""
    with pytest.raises(UsageError, match="nothing to answer for"):
        board.answer_for()
    editor = Editor(result, waivers=str(tmp_path / "w.yaml"), attestations=str(tmp_path / "a.yaml"))
    request = parsed({"ask": "answer", "id": found.id})
    assert request is not None
    told = board.detail()
    assert told is not None
    assert bool(told["answer"]) == bool(kind)
    if kind:
        done(board, request)
        assert (editor.draft.kind, editor.draft.control) == (kind, found.control)
        assert found in editor.covers
    else:
        with pytest.raises(UsageError, match="nothing to answer for"):
            done(board, request)


def test_the_picture_is_small_and_hostile_text_stays_text(board: Board) -> None:
    board.choose(text="onerror", control="no-privileged-containers").select(board.found[0].id)
    html = board._repr_mimebundle_()["text/html"]
    assert "no-privileged-containers" in html
    assert "&lt;img" in html
    assert not re.search(r"<(img|script)|\u202e", html)
    assert len(html.encode()) < LARGEST
    assert "\u202e" not in str(
        msgspec.json.decode(msgspec.json.encode({**everything(board), "state": None, "facets": 0}))
    )


def test_a_search_finds_titles_and_messages_in_the_language_in_use(result: Assessment) -> None:
    with speaking("zh"):
        board = Board(result).choose(status="fail")
        shown = [one for one in board.found if one.control == "no-privileged-containers"]
        words = {shown[0].control: translate("No container is privileged"), "message": translate(shown[0].message)}
        for told in words.values():
            word = max(re.findall(r"[\u4e00-\u9fff]+", told), key=len)
            assert shown[0] in board.choose(text=word).found, word
        assert not board.choose(text="没有这样的词").found


@given(st.text(max_size=40), st.sampled_from(["", "control", "subject"]), st.integers(-5, 10_000))
def test_any_search_is_answered(result: Assessment, text: str, group: Any, start: int) -> None:
    board = Board(result).choose(text=text).group_by(group)
    assert len(board.rows(start)) <= 200
    assert HOSTILE not in str(board.rows(start))
    assert msgspec.convert(msgspec.to_builtins(board.state), State) == board.state


def test_a_chapter_shows_its_table_or_its_board(result: Assessment) -> None:
    from k8snb import notebook

    assert result.cluster
    chapter = notebook.Chapter("02-pod-security", result.cluster, result)
    assert notebook.board(chapter).html == notebook.findings(chapter).html  # type: ignore[union-attr]
    board = notebook.board(chapter, interactive=True, severity="high")
    assert isinstance(board, Board)
    assert {one.id for one in board.found} == {one.id for one in result.findings(status="fail", severity="high")}
