"""The program as a whole: help, errors, interruption, pipes, start-up, and the smaller commands."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from k8snb import notebook_files
from k8snb.commands import assess, new, reading
from k8snb.controls.registry import controls
from k8snb.notebook_files import folder

from .conftest import ONE_CONTROL, PRIVILEGED, Shell, process

COMMANDS = ("assess", "report", "snapshot", "compare", "controls", "explain", "new", "lab")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(shell: Shell, command: str) -> None:
    ran = shell(command, "--help")
    assert ran.status == 0
    assert f"  k8snb {command}" in ran.text.partition("Examples:")[2]
    assert "Args:" not in ran.text


def test_the_program_says_what_there_is(shell: Shell) -> None:
    assert shell().text == shell("--help").text
    assert all(f"  {command} " in shell("-h").text for command in COMMANDS)
    assert shell("--version").text.startswith("k8snb ")


@pytest.mark.parametrize("words", [["asess"], ["assess", "--no-such"], ["explain"], ["report"], ["snapshot", "x"]])
def test_wrong_usage_is_one_line_and_a_hint(shell: Shell, words: list[str]) -> None:
    ran = shell(*words)
    assert (ran.status, ran.out) == (2, b"")
    assert len(ran.err.splitlines()) == 2
    assert "--help" in ran.err


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [(KeyboardInterrupt(), 130, ""), (MemoryError(), 3, "memory"), (RuntimeError("a\x1b[31mb\nc"), 70, "bug")],
)
def test_what_nobody_foresaw_is_one_line_too(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, words: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(reading, "cluster", fail)
    ran = shell("assess", "bad.yaml")
    assert (ran.status, ran.out) == (status, b"")
    assert words in ran.err
    assert "Traceback" not in ran.err
    assert "\x1b" not in ran.err
    assert len(ran.err.splitlines()) <= 2


def test_a_traceback_is_there_for_who_asks(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K8SNB_TRACEBACK", "1")
    assert "Traceback" in shell("assess", "none.yaml").err


def test_a_reader_that_goes_away_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(PRIVILEGED)
    command = [sys.executable, "-m", "k8snb.cli", "assess", "bad.yaml", "--all", "-o", "jsonl"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"XDG_STATE_HOME": str(tmp_path)},
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        errors = started.stderr.read()
    assert errors == b""
    assert started.returncode == 1


def test_manifests_come_through_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    ran = process(["assess", "-", "-o", "json", *ONE_CONTROL], tmp_path, PRIVILEGED.encode())
    assert ran.returncode == 1
    assert json.loads(ran.stdout)["source"]["name"] == "-"
    assert process(["assess", "-"], tmp_path).returncode == 2


def test_start_up_imports_nothing_heavy() -> None:
    code = (
        "import sys; from k8snb.cli import run; run(['controls']); run(['--help']);"
        "heavy = {'pandas', 'plotly', 'duckdb', 'kubernetes', 'papermill', 'nbconvert', 'IPython', 'rich', 'yaml'};"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_controls_are_listed_by_chapter(shell: Shell) -> None:
    everything = shell("controls").text
    assert all(one in everything for one in controls())
    some = shell("controls", "--chapter", "pod-security").text
    assert "no-privileged-containers" in some
    assert "(network-hardening)" not in some
    assert max(map(len, everything.splitlines())) <= 80


def test_one_control_tells_why_and_how(shell: Shell) -> None:
    ran = shell("controls", "no-privileged-containers")
    assert all(word in ran.text for word in ("WHY", "HOW TO FIX", "REFERENCES", "Pod Security Standards"))
    assert shell("controls", "no-privilegd-containers").status == 2


@pytest.mark.parametrize("control", controls())
def test_a_page_of_a_control_has_80_columns_and_tells_all(shell: Shell, control: str) -> None:
    text = shell("controls", control).text
    headings = ("WHY", "HOW TO FIX", "EVIDENCE, IN ORDER OF TRUST", "PASSES", "FAILS", "THE SAME RULE ELSEWHERE")
    assert all(f"\n{one}\n" in text for one in headings)
    assert max(map(len, text.splitlines())) <= 80


def test_controls_as_data(shell: Shell) -> None:
    listed = json.loads(shell("controls", "-o", "json").out)
    assert [one["id"] for one in listed] == list(controls())
    assert all(one["passing"] and one["failing"] and one["others"] for one in listed)
    assert "## no-privileged-containers" in shell("controls", "no-privileged-containers", "-o", "markdown").text


def test_a_control_proves_that_it_can_fail(shell: Shell) -> None:
    ran = shell("controls", "no-privileged-containers", "--prove")
    assert ran.status == 0
    assert "EXPECTED" not in ran.text
    assert {line.split()[0] for line in ran.text.splitlines() if "as it should" in line} == {"pass", "fail"}
    assert shell("controls", "--prove").status == 2


def test_an_example_that_does_not_hold_is_status_1(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    import msgspec

    from k8snb.controls import registry

    one = controls()["no-privileged-containers"]
    wrong = msgspec.structs.replace(one, passing=one.failing)
    monkeypatch.setitem(registry._REGISTRY, one.id, wrong)
    ran = shell("controls", one.id, "--prove")
    assert ran.status == 1
    assert "EXPECTED pass" in ran.text


def test_explain_tells_about_a_finding_of_the_last_run(shell: Shell) -> None:
    assert shell("explain", "abc").status == 2
    result = json.loads(shell("assess", "bad.yaml", *ONE_CONTROL, "-o", "json").out)
    finding = result["findings"][0]["id"]
    for word in (finding, finding[:6], finding.upper()):
        ran = shell("explain", word)
        assert ran.status == 0
        assert all(one in ran.text for one in ("Pod/ops/agent", "EVIDENCE", "privileged", "HOW TO FIX", "bad.yaml:1"))


def test_explain_tells_what_would_make_it_pass(shell: Shell) -> None:
    failing = json.loads(shell("assess", "bad.yaml", *ONE_CONTROL, "-o", "json").out)["findings"][0]
    whole = shell("explain", failing["id"]).text
    assert re.search(r"\n    file +bad\.yaml:\d+\n", whole)
    told = whole.partition("IT PASSES WITH")[2]
    assert told.index("false or not set") < told.index("at spec.containers[0].securityContext.privileged")
    assert "WHAT WOULD SETTLE IT" not in told


def test_explain_tells_what_would_settle_it(shell: Shell) -> None:
    found = json.loads(shell("assess", "bad.yaml", "--control", "trusted-registry", "-o", "json").out)["findings"][0]
    told = shell("explain", found["id"]).text.partition("WHAT WOULD SETTLE IT")[2]
    first, last = "k8snb assess bad.yaml -p trusted_registries=VALUE", "k8snb assess bad.yaml --attestations FILE"
    assert 0 < told.index(first) < told.index(last)
    assert "IT PASSES WITH" not in told
    assert "bad.yaml:1" in shell("explain", found["id"]).text


def test_explain_helps_with_a_wrong_id(shell: Shell) -> None:
    finding = json.loads(shell("assess", "bad.yaml", *ONE_CONTROL, "-o", "json").out)["findings"][0]["id"]
    ran = shell("explain", finding[:-1] + "x")
    assert ran.status == 2
    assert finding in ran.err
    shell("assess", "bad.yaml")
    ids = [one["id"] for one in json.loads(shell("assess", "bad.yaml", "-o", "json").out)["findings"]]
    shared = next(one[0] for one in ids if sum(other[0] == one[0] for other in ids) > 1)
    assert "begin with" in shell("explain", shared).err


def test_explain_of_a_control_that_is_not_installed_shows_what_was_seen(shell: Shell) -> None:
    from k8snb.commands.last import place

    shell("assess", "bad.yaml", *ONE_CONTROL)
    place().write_bytes(place().read_bytes().replace(b"no-privileged-containers", b"elsewhere"))
    finding = json.loads(place().read_bytes())["findings"][0]["id"]
    assert "EVIDENCE" in shell("explain", finding).text


@pytest.fixture
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    source = tmp_path / "source"
    (source / "labs").mkdir(parents=True)
    names = ["00-a.ipynb", "labs/b.ipynb"]
    for name in names:
        (source / name).write_text(name)
    monkeypatch.setattr(new, "folder", lambda: source)
    return names


def test_new_makes_a_folder_with_the_notebooks(shell: Shell, notebooks: list[str]) -> None:
    ran = shell("new", "d")
    assert (ran.status, ran.text) == (0, "d\n")
    assert sorted(str(one.relative_to("d")) for one in Path("d").rglob("*.ipynb")) == notebooks


def test_new_overwrites_no_notebook(shell: Shell, notebooks: list[str]) -> None:
    Path("d").mkdir()
    Path("d/notes.txt").write_text("mine")
    assert shell("new", "d").status == 0
    Path("d/00-a.ipynb").write_text("mine")
    assert shell("new", "d").status == 2
    assert Path("d/00-a.ipynb").read_text() == "mine"
    assert shell("new", "bad.yaml").status == 2


def test_lab_opens_what_is_there_and_makes_what_is_not(
    shell: Shell, notebooks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, words: started.append(words))
    here = Path.cwd()
    for name in ("mine", "fresh"):
        (here / "mine").mkdir(exist_ok=True)
        (here / "mine/00-a.ipynb").write_text("mine")
        shell("lab", str(here / name))
    roots = [f"--ServerApp.root_dir={here / name}" for name in ("mine", "fresh")]
    assert [words[1:] for words in started] == [["-m", "jupyterlab", root, "00-a.ipynb"] for root in roots]
    assert (here / "mine/00-a.ipynb").read_text() == "mine"
    assert (here / "fresh/labs/b.ipynb").exists()


def test_the_notebooks_are_where_the_package_says() -> None:
    assert folder().name == "notebooks"
    assert Path(notebook_files.__file__).parent in {folder().parent, folder().parent / "k8snb"}


def test_status_looks_at_the_finding_s_own_severity() -> None:
    import k8snb

    volume = {"name": "v", "hostPath": {"path": "/etc"}}
    container = {"name": "c", "image": "c", "volumeMounts": [{"name": "v", "mountPath": "/v"}]}
    spec = {"containers": [container], "volumes": [volume]}
    cluster = k8snb.connect(objects=[{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}])
    result = k8snb.assess(cluster, controls=["no-host-path-volumes"])
    assert assess.status(result, "critical", strict=False) == 1


def test_colours_are_for_terminals_that_want_them(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in shell("controls").text
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[" in shell("controls").text
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in shell("controls").text
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in shell("controls").text


def test_json_on_a_terminal_has_no_raw_control_characters_and_means_the_same(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("odd.yaml").write_text(PRIVILEGED.replace("name: agent,", 'name: "a\\u009b31m\\u202eb",', 1))
    piped = shell("assess", "odd.yaml", *ONE_CONTROL, "-o", "jsonl").text
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shown = shell("assess", "odd.yaml", *ONE_CONTROL, "-o", "jsonl").text
    assert "\u202e" in piped
    assert not {"\x9b", "\u202e"} & set(shown)
    assert json.loads(shown) == json.loads(piped)
