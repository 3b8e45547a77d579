"""The editor of waivers and attestations without a browser: it writes what an assessment honours, and nothing else."""

import contextlib
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from k8snb_widgets import Editor
from k8snb_widgets.draft import pattern
from k8snb_widgets.entry_file import kept, with_entry

import k8snb
from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import Subject
from k8snb.assessment.waivers import Entry
from k8snb.errors import UsageError

from .conftest import HOSTILE, workloads

CONTROL = "run-as-non-root"
SOON = (date.today() + timedelta(days=30)).isoformat()
WHOLE = {"control": CONTROL, "who": "Ada", "why": "Migrating: until the new image is out", "until": SOON}
COMMENTED = """\
# Agreed on in the security round.
attestations: [] # none yet

waivers:   # newest last
    # the old shop
    - until: 2099-01-31
      control: "no-privileged-containers"   # asked twice
      subject: 'Deployment/team-0/app-0?'
      why: >-
        It is
        replaced.
      who: Grace
"""


@pytest.fixture
def editor(result: Assessment, tmp_path: Path) -> Editor:
    return Editor(result, waivers=str(tmp_path / "w.yaml"), attestations=str(tmp_path / "a.yaml"))


def again(editor: Editor) -> Assessment:
    """Assess once more, as the next run would."""
    given = {word: path if Path(path).exists() else None for word, path in editor.paths.items()}
    cluster = k8snb.connect(objects=workloads())
    return k8snb.assess(cluster, chapters=["pod-security"], all=True, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("subject", ["*", "*/team-1/*", "Deployment/team-1/app-01"])
def test_the_next_run_honours_a_waiver_for_exactly_what_was_shown(editor: Editor, subject: str) -> None:
    editor.write(**WHOLE, subject=subject)
    shown = {one.id for one in editor.covers}
    assert shown
    editor.preview()
    editor.save()
    assert {one.id for one in again(editor) if one.waiver} == shown


def test_the_next_run_honours_an_attestation(editor: Editor) -> None:
    found = next(one for one in editor.assessment if one.status == "not-assessed")
    editor.from_finding(found.id).write(who="Ada", why="I looked", until=SOON, status="pass")
    assert editor.draft.kind == "attestation"
    assert found.id in {one.id for one in editor.covers}
    editor.preview()
    editor.save()
    (now,) = [one for one in again(editor) if one.id == found.id]
    assert (now.status, now.evidence[0].source) == ("pass", "attestation")


def test_nothing_is_written_before_it_was_shown(editor: Editor) -> None:
    path = Path(editor.paths["waivers"])
    with pytest.raises(UsageError, match="previewed"):
        editor.write(**WHOLE).save()
    text = editor.preview()
    assert not path.exists()
    editor.save()
    assert path.read_text() == text
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_file_that_changed_after_the_preview_is_left_alone(editor: Editor) -> None:
    editor.write(**WHOLE).preview()
    Path(editor.paths["waivers"]).write_text(COMMENTED)
    with pytest.raises(UsageError, match="meanwhile"):
        editor.save()
    assert Path(editor.paths["waivers"]).read_text() == COMMENTED
    editor.preview()
    editor.save()
    assert len(editor.entries) == 2


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_comments_order_and_quotes_stay(editor: Editor, ending: str) -> None:
    path = Path(editor.paths["waivers"])
    path.write_bytes(COMMENTED.replace("\n", ending).encode())
    editor.write(**WHOLE).preview()
    editor.save()
    text = path.read_bytes().decode()
    assert text.startswith(COMMENTED.replace("\n", ending))
    assert text.count(ending) == text.count("\n")
    assert text.removeprefix(COMMENTED.replace("\n", ending)).splitlines()[0] == f"    - control: {CONTROL}"


def test_an_entry_is_ended_and_stays_as_a_record(editor: Editor) -> None:
    path = Path(editor.paths["waivers"])
    path.write_text(COMMENTED)
    (one,) = editor.entries
    assert again(editor).findings(control="no-privileged-containers")
    editor.end(one.id)
    editor.save()
    yesterday = (editor.today - timedelta(days=1)).isoformat()
    assert path.read_text() == COMMENTED.replace("2099-01-31", yesterday)
    assert not editor.counts(editor.entries[0])
    assert not [one for one in again(editor) if one.waiver]
    with pytest.raises(UsageError, match="counts today"):
        editor.end(editor.entries[0].id)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"control": "run-as-nonrot"}, "control"),
        ({"subject": ""}, "subject"),
        ({"who": "  "}, "who"),
        ({"why": "a\nb"}, "why"),
        ({"why": "x" * 501}, "why"),
        ({"until": "soon"}, "until"),
        ({"until": "2001-01-01"}, "until"),
        ({"kind": "attestation"}, "status"),
    ],
)
def test_an_entry_that_is_not_whole_is_told_by_field(editor: Editor, wrong: dict[str, str], field: str) -> None:
    editor.write(**WHOLE | wrong)
    assert list(editor.problems) == [field]
    with pytest.raises(UsageError, match=field):
        editor.preview()
    assert editor.told()["problems"]


@pytest.mark.parametrize(
    "content", ["waivers: [", "- a", "waivers: 7", "waivers: [{control: x}]", "\xff", "a: &a [*a]"], ids=repr
)
def test_a_file_that_is_not_understood_is_told_and_left_alone(editor: Editor, content: str) -> None:
    path = Path(editor.paths["waivers"])
    path.write_bytes(content.encode("latin-1"))
    if "a:" not in content:
        assert str(path) in editor.told()["trouble"] + repr(editor)
        with pytest.raises(UsageError, match=r"w\.yaml"):
            editor.write(**WHOLE).preview()
    assert path.read_bytes() == content.encode("latin-1")


@pytest.mark.parametrize(
    "content", ["", "# only a comment\n", "waivers:\n", "waivers: []\n", "other: 1", "waivers: null"]
)
def test_a_file_without_entries_gets_its_first(editor: Editor, content: str) -> None:
    Path(editor.paths["waivers"]).write_text(content)
    editor.write(**WHOLE).preview()
    editor.save()
    assert [one.entry.who for one in editor.entries] == ["Ada"]
    assert "#" not in content or content in Path(editor.paths["waivers"]).read_text()


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


@given(TEXTS.filter(lambda one: one.isprintable()), st.sampled_from(["", COMMENTED, "waivers: []\n"]))
def test_whatever_is_written_is_read_again_as_it_was(text: str, before: str) -> None:
    entry = Entry(CONTROL, text, f"on {text}", date(2099, 1, 1), text)
    found = kept(with_entry(before, "waivers", entry, "w"), "waivers", "w")
    assert found[-1].entry == entry


@given(TEXTS, TEXTS)
def test_the_pattern_of_a_subject_means_it(namespace: str, name: str) -> None:
    subject = Subject("v1", "Pod", namespace.replace("/", "-"), name)
    assert Entry("x", "", "", date.max, pattern(subject)).covers("x", subject)
    assert pattern(subject).isprintable()


@pytest.mark.parametrize(
    "message",
    [
        {"ask": "save", "path": "/etc/passwd"},
        {"ask": "write", "field": "subject", "value": "*"},
        {"ask": "write", "field": "control", "value": "x"},
        {"ask": "write", "field": "who", "value": "x" * 1001},
        {"ask": "scope", "value": "*/kube-system/*"},
        {"ask": "control", "id": "anonymous-auth"},
        {"ask": "end", "id": "nothing"},
        {"ask": "save"},
        "save",
        None,
    ],
)
def test_a_browser_cannot_ask_for_what_nobody_could_click(editor: Editor, message: object) -> None:
    before = editor.draft
    with contextlib.suppress(UsageError):
        editor.asked(message)
    assert editor.draft == before
    assert not list(Path(editor.paths["waivers"]).parent.iterdir())


def test_what_was_begun_is_remembered(result: Assessment, tmp_path: Path) -> None:
    paths = {"waivers": str(tmp_path / "w.yaml"), "name": "remembered"}
    Editor(result, **paths).write(who="Ada")  # type: ignore[arg-type]
    assert Editor(result, **paths).draft.who == "Ada"  # type: ignore[arg-type]
    assert Editor(result, **paths, control=CONTROL).draft.who == ""  # type: ignore[arg-type]


def test_the_picture_is_small_and_hostile_text_stays_text(editor: Editor) -> None:
    found = next(one for one in editor.assessment if one.status == "fail" and one.subject.name == HOSTILE)
    editor.from_finding(found.id)
    hostile = WHOLE | {"subject": editor.draft.subject, "who": HOSTILE, "why": "</script>" * 9}
    Path(editor.paths["waivers"]).write_text(json.dumps({"waivers": [hostile] * 300}))
    html = editor.picture()["text/html"]
    assert "&lt;img" in html
    assert not re.search(r"<(img|script)|\u202e", html)
    assert len(html.encode()) < 100_000
    assert "\u202e" not in repr(editor)
    assert "\u202e" not in str(editor.told())
    assert len(str(editor.told())) < 200_000


def test_a_chapter_shows_the_entries_and_changes_no_verdict(result: Assessment, tmp_path: Path) -> None:
    from k8snb import notebook

    path = tmp_path / "w.yaml"
    path.write_text(COMMENTED)
    assert result.cluster
    chapter = notebook.Chapter("02-pod-security", result.cluster, result)
    told = notebook.editor(chapter, waivers=str(path))
    assert "Grace" in repr(told)
    live: Any = notebook.editor(chapter, waivers=str(path), interactive=True)
    assert live.paths == {"waivers": str(path), "attestations": "attestations.yaml"}
