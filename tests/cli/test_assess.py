"""`k8snb assess`: exit statuses, what is told where, and files that are whole or not there."""

import json
import os
import stat
from pathlib import Path

import pytest

from k8snb.commands import last

from .conftest import HARMLESS, ONE_CONTROL, PRIVILEGED, Shell


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["bad.yaml", *ONE_CONTROL], 1),
        (["good.yaml", *ONE_CONTROL], 0),
        (["bad.yaml", *ONE_CONTROL, "--fail-on", "critical"], 1),
        (["bad.yaml", "--control", "read-only-root-filesystem", "--fail-on", "high"], 0),
        (["bad.yaml", *ONE_CONTROL, "--fail-on", "never"], 0),
        (["good.yaml", "--control", "trusted-registry"], 0),
        (["good.yaml", "--control", "trusted-registry", "--strict"], 1),
        (["good.yaml", "--control", "sandboxed-runtime"], 0),
        (["good.yaml", "--control", "sandboxed-runtime", "--strict"], 0),
        (["bad.yaml", "-n", "ops", *ONE_CONTROL], 1),
        (["bad.yaml", "-A", *ONE_CONTROL], 1),
        (["bad.yaml", "-n", "none"], 2),
        (["bad.yaml", "-n", "ops", "-A"], 2),
        (["none.yaml"], 2),
        (["sandbox"], 3),
        (["--output-file", ".", "bad.yaml"], 2),
        (["--output-file", "none/out", "bad.yaml"], 2),
        (["bad.yaml", "-o", "tables"], 2),
        (["bad.yaml", "--fail-on", "severe"], 2),
        (["bad.yaml", "good.yaml"], 2),
        (["bad.yaml", "-p", "today"], 2),
        (["bad.yaml", "-p", "today=tomorrow"], 2),
        (["bad.yaml", "--waivers", "none.yaml"], 2),
        (["bad.yaml", "--attestations", "bad.yaml"], 2),
        ([], 3),
        (["context:prod"], 3),
        (["--kubeconfig", "none"], 2),
    ],
)
def test_exit_status(shell: Shell, words: list[str], status: int) -> None:
    ran = shell("assess", *words)
    assert ran.status == status, ran.err
    assert "Traceback" not in ran.err
    if status > 1:
        assert not ran.out
        assert ran.err.startswith("k8snb: ")
        assert len(ran.err.splitlines()) <= 2


@pytest.mark.parametrize(
    ("words", "suggestion"),
    [
        (["--control", "no-priviledged-containers"], "no-privileged-containers"),
        (["--chapter", "pod-secrity"], "pod-security"),
        (["-p", "tody=2026-01-01"], "today"),
    ],
)
def test_a_typo_gets_a_suggestion_before_anything_is_read(shell: Shell, words: list[str], suggestion: str) -> None:
    ran = shell("assess", "none.yaml", *words)
    assert (ran.status, ran.out) == (2, b"")
    assert f"Did you mean '{suggestion}'?" in ran.err


def test_a_waived_failure_does_not_count(shell: Shell) -> None:
    waiver = {"control": "no-privileged-containers", "who": "me", "why": "agent", "until": "2999-01-01"}
    Path("waivers.yaml").write_text(json.dumps({"waivers": [waiver]}))
    assert shell("assess", "bad.yaml", *ONE_CONTROL, "--waivers", "waivers.yaml").status == 0


def test_parameters_reach_the_run(shell: Shell) -> None:
    ran = shell("assess", "bad.yaml", *ONE_CONTROL, "-p", "today=2026-02-03", "-o", "json")
    assert json.loads(ran.out)["parameters"]["today"] == "2026-02-03"


def test_chapters_and_controls_add_up(shell: Shell) -> None:
    ran = shell("assess", "bad.yaml", "--chapter", "upgrading", *ONE_CONTROL, "-o", "json")
    chapters = {one["chapter"] for one in json.loads(ran.out)["controls"]}
    assert chapters <= {"upgrading", "pod-security"}
    assert "pod-security" in chapters


def test_all_keeps_what_passes(shell: Shell) -> None:
    ran = shell("assess", "good.yaml", *ONE_CONTROL, "--all", "-o", "json")
    assert [one["status"] for one in json.loads(ran.out)["findings"]] == ["pass"]


def test_an_unparsed_document_is_told_and_the_rest_is_assessed(shell: Shell) -> None:
    Path("mixed.yaml").write_text(f"{PRIVILEGED}---\na: [\n")
    ran = shell("assess", "mixed.yaml", *ONE_CONTROL, "-o", "json")
    assert ran.status == 1
    assert "mixed.yaml:7" in ran.err
    assert {one["status"] for one in json.loads(ran.out)["findings"]} == {"fail", "not-assessed"}


def test_nothing_but_unparsed_documents_is_bad_input(shell: Shell) -> None:
    Path("broken.yaml").write_text("a: [\n")
    ran = shell("assess", "broken.yaml")
    assert (ran.status, ran.out) == (2, b"")
    assert "Nothing could be read" in ran.err


def test_many_gaps_are_counted_not_listed(shell: Shell) -> None:
    for number in range(20):
        Path(f"broken{number}.yaml").write_text("a: [\n")
    ran = shell("assess", ".", *ONE_CONTROL)
    assert ran.status == 1
    assert "15 more" in ran.err
    assert len(ran.err.splitlines()) == 6


def test_the_answer_goes_to_the_file_alone(shell: Shell) -> None:
    ran = shell("assess", "bad.yaml", *ONE_CONTROL, "-o", "json", "--output-file", "out.json")
    assert (ran.status, ran.out) == (1, b"")
    assert json.loads(Path("out.json").read_bytes())["schema"] == "k8snb/assessment/v1"
    assert sorted(one.name for one in Path().iterdir()) == ["bad.yaml", "good.yaml", "out.json"]


def test_an_output_file_keeps_its_permissions_and_its_link(shell: Shell) -> None:
    Path("real.json").write_text("old")
    Path("real.json").chmod(0o640)
    Path("link.json").symlink_to("real.json")
    shell("assess", "bad.yaml", "-o", "json", "--output-file", "link.json")
    assert Path("link.json").is_symlink()
    assert stat.S_IMODE(Path("real.json").stat().st_mode) == 0o640
    assert Path("real.json").read_bytes().startswith(b'{"schema"')


def test_a_full_disk_leaves_the_old_file(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("out.json").write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ran = shell("assess", "bad.yaml", "--output-file", "out.json")
    assert ran.status == 2
    assert "No space left on device" in ran.err
    assert Path("out.json").read_text() == "old"
    assert sorted(one.name for one in Path().iterdir()) == ["bad.yaml", "good.yaml", "out.json"]


def test_the_last_result_is_kept_for_its_owner_only(shell: Shell) -> None:
    shell("assess", "bad.yaml", *ONE_CONTROL)
    assert stat.S_IMODE(last.place().stat().st_mode) == 0o600
    assert {one.control for one in last.last()} == {"no-privileged-containers"}


def test_a_result_that_cannot_be_kept_is_only_a_note(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    ran = shell("assess", "good.yaml", *ONE_CONTROL)
    assert ran.status == 0
    assert "not kept" in ran.err


def test_a_huge_result_is_not_kept(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last, "LARGEST", 10)
    shell("assess", "good.yaml", *ONE_CONTROL)
    assert not last.place().exists()


def test_a_snapshot_gives_the_same_findings(shell: Shell) -> None:
    assert shell("snapshot", "bad.yaml", "--out", "x.k8snb").status == 0
    ids = [
        [one["id"] for one in json.loads(shell("assess", source, "-o", "json").out)["findings"]]
        for source in ("bad.yaml", "x.k8snb")
    ]
    assert ids[0] == ids[1]


def test_a_snapshot_replaces_a_snapshot_and_nothing_else(shell: Shell) -> None:
    assert shell("snapshot", "bad.yaml", "--out", "x.k8snb").status == 0
    assert shell("snapshot", "good.yaml", "--out", "x.k8snb").status == 0
    ran = shell("snapshot", "good.yaml", "--out", "bad.yaml")
    assert ran.status == 2
    assert Path("bad.yaml").read_text() == PRIVILEGED
    assert shell("snapshot", "good.yaml", "--out", "none/x.k8snb").status == 2


def test_a_snapshot_of_a_snapshot_remembers_where_it_came_from(shell: Shell) -> None:
    from k8snb.sources.snapshot import snapshot

    shell("snapshot", "bad.yaml", "--out", "one.k8snb", "--complete")
    assert shell("snapshot", "one.k8snb", "--out", "two.k8snb").status == 0
    one, two = snapshot("one.k8snb"), snapshot("two.k8snb")
    assert (one.created, one.original, one.name, one.complete) == (two.created, two.original, two.name, two.complete)


def test_an_assessment_of_a_snapshot_tells_what_was_recorded(shell: Shell) -> None:
    shell("snapshot", "bad.yaml", "--out", "one.k8snb")
    source = json.loads(shell("assess", "one.k8snb", *ONE_CONTROL, "-o", "json").out)["source"]
    assert (source["kind"], source["recorded"]) == ("snapshot", "manifests")
    assert json.loads(shell("assess", "bad.yaml", *ONE_CONTROL, "-o", "json").out)["source"]["recorded"] is None


@pytest.mark.parametrize("words", [(), ("--complete",)])
def test_complete_is_proposed_where_it_was_not_said(shell: Shell, words: tuple[str, ...]) -> None:
    assert ("--complete" in shell("assess", "bad.yaml", *words).text) == (not words)


def test_compare_tells_what_appeared_and_what_is_gone(shell: Shell) -> None:
    shell("assess", "bad.yaml", *ONE_CONTROL, "--complete", "-o", "json", "--output-file", "old.json")
    Path("new.yaml").write_text(HARMLESS)
    ran = shell("compare", "old.json", "new.yaml", "-o", "json")
    found = json.loads(ran.out)
    assert ran.status == 0, ran.err
    assert found["appeared"] == []
    assert len(found["gone"]) + len(found["lost"]) == 1
    assert shell("compare", "good.yaml", "bad.yaml").status == 1
    assert "FAILS NOW" in shell("compare", "good.yaml", "bad.yaml").text
    assert "## Fails now" in shell("compare", "good.yaml", "bad.yaml", "-o", "markdown").text


def test_compare_reads_an_archive_and_refuses_a_broken_result(shell: Shell) -> None:
    Path("archive").mkdir()
    shell("assess", "bad.yaml", *ONE_CONTROL, "-o", "json", "--output-file", "archive/assessment.json")
    assert shell("compare", "archive", "archive").status == 0
    Path("half.json").write_bytes(Path("archive/assessment.json").read_bytes()[:-20])
    ran = shell("compare", "half.json", "archive")
    assert ran.status == 2
    assert "half.json is no assessment" in ran.err


@pytest.mark.parametrize("text", ['{"apiVersion"', '{"a":' * 100_000], ids=["truncated", "deep"])
@pytest.mark.parametrize(
    "words", [("assess",), ("snapshot", "--out", "x.k8snb"), ("report", "--out", "r")], ids=lambda words: words[0]
)
def test_a_source_of_which_nothing_could_be_read_gives_nothing(shell: Shell, words: tuple[str, ...], text: str) -> None:
    Path("broken.json").write_text(text)
    ran = shell(*words, "broken.json")
    assert (ran.status, ran.out) == (2, b"")
    assert ran.err.startswith("k8snb: Nothing could be read. broken.json:1: ")
    assert len(ran.err.splitlines()) == 2
    assert not Path("x.k8snb").exists()
    assert not list(Path().glob("r/*"))


def test_a_snapshot_of_a_part_tells_what_is_not_in_it(shell: Shell) -> None:
    Path("broken.json").write_text('{"apiVersion"')
    ran = shell("snapshot", ".", "--out", "x.k8snb")
    assert ran.status == 0
    assert "not read (malformed): broken.json:1" in ran.err
    assert Path("x.k8snb").exists()


def test_the_table_says_that_data_is_old(shell: Shell) -> None:
    control = ("--control", "node-patching")
    assert "older than 60 days" in " ".join(shell("assess", "demo", *control, "-p", "today=2031-01-01").text.split())
