"""Fixing from the assessment board, without a browser: the same steps as methods."""

from pathlib import Path
from typing import Any

import pytest
from k8snb_widgets import Board
from k8snb_widgets.picture import picture
from k8snb_widgets.requests import done, parsed

import k8snb
from k8snb.errors import UsageError
from tests.remediation.server import Server
from tests.remediation.test_families import container, deployment
from tests.remediation.test_safety import context_of

CONTROL = "seccomp-profile"
BROKEN = "broken.example.com/app:1"


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal of the test's own, and a folder for its exports."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


def board_of(source: Any, control: str = CONTROL, **where: Any) -> Board:
    """Give a board on which the first finding of a control is selected."""
    board = Board(k8snb.assess(k8snb.connect(source, **where), controls=[control]), wait=20)
    return board.select(board.found[0].id)


def live(server: Server, namespace: str) -> Board:
    return board_of(None, kubeconfig=str(server.home.kubeconfig), namespaces=[namespace])


def shows(board: Board) -> Any:
    detail = board.detail()
    assert detail is not None
    return detail["remedy"]


def section(board: Board, wanted: str) -> list[str]:
    """Give the lines of the first section of a heading, or of a tone."""
    found = [one["lines"] for one in shows(board)["sections"] if wanted in (one["heading"], one["tone"])]
    return list(found[0]) if found else []


def offered(board: Board) -> dict[str, str]:
    return {one["do"]: one["why"] for one in shows(board)["buttons"]}


def ask(board: Board, **content: str) -> None:
    """Ask as a browser would."""
    request = parsed({"ask": "fix", "plan": shows(board)["plan"], **content})
    assert request is not None
    done(board, request)


def test_previewed_applied_verified_and_taken_back(server: Server, namespace: str) -> None:
    path = deployment(server, namespace, {"containers": [container()]})
    board, told = live(server, namespace), list[str]()
    board.on_progress(told.append)
    assert list(offered(board)) == ["preview"]
    ask(board, do="preview")
    assert context_of(server, path) == {}
    assert any(line.startswith("+") and "RuntimeDefault" in line for line in section(board, "difference"))
    assert {"Reaches", "Checks", "Way back"} <= {one["heading"] for one in shows(board)["sections"]}
    (cluster,) = [one["cluster"] for one in shows(board)["buttons"] if one["do"] == "apply"]
    ask(board, do="apply", cluster=cluster)
    assert context_of(server, path) == {"seccompProfile": {"type": "RuntimeDefault"}}
    assert shows(board)["told"] == "Fixed and verified."
    assert board.rows()[0]["done"] == "fixed"
    assert f"{CONTROL}: fixed" in picture(board)["text/html"]
    assert any("Changing" in line for line in told)
    ask(board, do="undo")
    assert context_of(server, path) == {}
    assert shows(board)["told"].startswith("Taken back and verified")
    assert [entry.state for entry in board.remedy.entries] == ["applied", "undone"]  # type: ignore[union-attr]


def test_an_earlier_change_is_taken_back_from_its_history(server: Server, namespace: str) -> None:
    path = deployment(server, namespace, {"containers": [container()]})
    first = live(server, namespace).preview()
    first.apply(first.remedy.session.identity.name)  # type: ignore[union-attr]
    again = Board(first.assessment).select(first.found[0].id).preview()
    (entry,) = [one["id"] for one in shows(again)["history"]["entries"] if one["id"]]
    again.take_back(entry)
    assert context_of(server, path) != {}
    again.apply(again.remedy.session.identity.name)  # type: ignore[union-attr]
    assert context_of(server, path) == {}
    assert not [one for one in shows(again)["history"]["entries"] if one["id"]]


def test_another_cluster_or_another_plan_is_refused(server: Server, namespace: str) -> None:
    path = deployment(server, namespace, {"containers": [container()]})
    board = live(server, namespace).preview()
    ask(board, do="apply", cluster="elsewhere")
    assert "not elsewhere" in shows(board)["trouble"]
    request = parsed({"ask": "fix", "do": "apply", "plan": "20200101", "cluster": "elsewhere"})
    with pytest.raises(UsageError, match="planned anew"):
        done(board, request)  # type: ignore[arg-type]
    assert context_of(server, path) == {}


@pytest.mark.parametrize("do", ["apply", "check", "undo"])
def test_a_step_before_its_time_says_so_and_claims_no_change(server: Server, namespace: str, do: str) -> None:
    path = deployment(server, namespace, {"containers": [container()]})
    board = live(server, namespace)
    for begin in (lambda: None, board.preview):
        begin()
        ask(board, do=do, cluster="elsewhere")
        assert shows(board)["trouble"]
        assert shows(board)["told"] == ""
        assert "It was changed" not in shows(board)["trouble"]
    assert "apply" in offered(board)
    assert context_of(server, path) == {}


def test_a_change_meanwhile_is_shown_and_planned_again(server: Server, namespace: str) -> None:
    path = deployment(server, namespace, {"containers": [container()]})
    board = live(server, namespace).preview()
    server.merge(path, {"metadata": {"labels": {"team": "blue"}}})
    board.apply(board.remedy.session.identity.name)  # type: ignore[union-attr]
    assert "+    team: blue" in section(board, "What changed meanwhile")
    assert "preview again" in shows(board)["trouble"]
    assert list(offered(board)) == ["preview"]
    board.preview().apply(board.remedy.session.identity.name)  # type: ignore[union-attr]
    assert shows(board)["told"] == "Fixed and verified."


def test_a_rollout_that_fails_offers_the_way_back_first(server: Server, namespace: str) -> None:
    path = deployment(server, namespace, {"containers": [container()]})
    board = live(server, namespace).preview()
    server.refuse = lambda pod: "CrashLoopBackOff" if pod["spec"].get("securityContext") else ""
    try:
        board.apply(board.remedy.session.identity.name)  # type: ignore[union-attr]
    finally:
        server.refuse = lambda _: ""
    assert "does not hold" in shows(board)["trouble"]
    assert next(one for one in shows(board)["buttons"] if one["main"])["do"] == "undo"
    board.undo()
    assert context_of(server, path) == {}
    assert shows(board)["told"].startswith("Taken back")


def test_what_a_chart_keeps_is_exported_and_not_changed(server: Server, namespace: str, tmp_path: Path) -> None:
    path = deployment(server, namespace, {"containers": [container()]})
    server.merge(path, {"metadata": {"annotations": {"meta.helm.sh/release-name": "shop"}}})
    board = live(server, namespace).preview()
    assert "Helm" in offered(board)["apply"]
    ask(board, do="apply", cluster=board.remedy.session.identity.name)  # type: ignore[union-attr]
    assert context_of(server, path) == {}
    ask(board, do="export")
    assert (tmp_path / "fixes" / shows(board)["plan"] / "kustomization.yaml").is_file()


def test_a_recording_is_previewed_and_exported_only() -> None:
    board = board_of("demo").preview()
    assert "merged here" in shows(board)["sections"][1]["heading"]
    assert "no live cluster" in offered(board)["apply"]


def test_what_only_a_person_can_do_is_told_with_its_files() -> None:
    board = board_of("demo", "audit-policy-coverage").preview()
    assert all(section(board, one) for one in ("By hand", "steps", "file"))
    assert "apply" not in offered(board)


def test_a_file_of_results_offers_no_fix(tmp_path: Path) -> None:
    result = k8snb.assess(k8snb.connect("demo"), controls=[CONTROL])
    board = Board(type(result)(result.record, None)).choose(status="fail")
    board.select(board.found[0].id)
    assert shows(board) is None
    with pytest.raises(UsageError, match="can be fixed"):
        board.preview()


@pytest.mark.parametrize(
    "content",
    [
        {"ask": "fix", "do": "preview"},
        {"ask": "fix", "do": "delete", "plan": ""},
        {"ask": "fix", "do": "apply", "plan": "x", "patch": []},
        {"ask": "fix", "do": "export", "plan": "x", "folder": "/etc"},
        {"ask": "take back"},
    ],
)
def test_a_browser_may_name_a_plan_and_nothing_else(content: dict[str, Any]) -> None:
    assert parsed(content) is None
