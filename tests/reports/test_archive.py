"""What a report's archive holds, and that changes are noticed."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snb.assessment.assessment import read_assessment
from k8snb.assessment.result import SCHEMA
from k8snb.chapters import CHAPTERS
from k8snb.errors import ReportError
from k8snb.reports.archive import name
from k8snb.reports.manifest import verify
from k8snb.reports.page import POLICY

NAMES = (*(chapter.notebook for chapter in CHAPTERS), "07-summary")


def test_archive_is_named_by_time_and_source(archive: Path) -> None:
    assert re.fullmatch(r"\d{8}T\d{6}Z-demo", archive.name)


def test_nothing_is_left_beside_the_archive(archive: Path) -> None:
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


def test_archive_holds_everything(archive: Path) -> None:
    expected = {"index.html", "assessment.json", "snapshot.k8snb", "manifest.json", "notebooks"}
    assert {path.name for path in archive.iterdir()} == expected | {f"{one}.html" for one in NAMES}
    assert {path.stem for path in (archive / "notebooks").iterdir()} == set(NAMES)


def test_manifest_has_every_file_with_its_checksum(archive: Path) -> None:
    files = json.loads((archive / "manifest.json").read_bytes())["files"]
    present = {path.relative_to(archive).as_posix(): path for path in archive.rglob("*") if path.is_file()}
    assert set(files) == set(present) - {"manifest.json"}
    for path, told in files.items():
        content = present[path].read_bytes()
        assert told == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def test_manifest_tells_versions_parameters_and_durations(archive: Path) -> None:
    manifest = verify(archive)
    assert {"k8snb", "python", "papermill", "nbconvert"} <= manifest.versions.keys()
    assert "today" in manifest.parameters
    assert manifest.seconds > 0
    assert all(0 < one.seconds <= manifest.seconds for one in manifest.notebooks.values())


def test_every_notebook_left_its_record(archive: Path) -> None:
    records = {stem: outcome.completion for stem, outcome in verify(archive).notebooks.items()}
    assert set(records) == set(NAMES)
    assert all(record.notebook == stem for stem, record in records.items())
    assert len({record.token for record in records.values()}) == len(NAMES)


def test_notebooks_agree_with_the_assessment(archive: Path) -> None:
    result = read_assessment((archive / "assessment.json").read_bytes(), "assessment.json")
    record = verify(archive).notebooks["07-summary"].completion
    assert result.record.schema == SCHEMA
    assert (record.low, record.high) == (result.score.low, result.score.high)
    assert record.failing == len(result.findings(status="fail"))


def test_the_source_is_the_one_that_was_read_not_its_recording(
    write: Callable[..., Path], run: Callable[..., Path]
) -> None:
    made = run(write("1"))
    result = read_assessment((made / "assessment.json").read_bytes(), "assessment.json")
    assert (result.record.source.kind, result.record.source.name) == ("objects", "objects")
    assert verify(made).source == result.record.source


@pytest.mark.parametrize("stem", NAMES)
def test_notebooks_were_executed_without_error(archive: Path, stem: str) -> None:
    notebook = nbformat.read(archive / "notebooks" / f"{stem}.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert not [output for cell in code for output in cell.outputs if output.output_type in {"error", "stream"}]


def test_nothing_tells_where_it_was_made(archive: Path) -> None:
    for path in archive.rglob("*.ipynb"):
        assert str(archive.parent) not in path.read_text(encoding="utf-8")


class _Page(HTMLParser):
    """Collects what a page could ask for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.asks: list[tuple[str, str]] = []
        self.policy = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        asked = {key: values[key] for key in ("src", "href", "data", "action", "srcset") if key in values}
        self.asks += [(tag, value) for value in asked.values() if not value.startswith(("data:", "#"))]


@pytest.mark.parametrize("page", ["index", *NAMES])
def test_pages_ask_for_nothing(archive: Path, page: str) -> None:
    found = _Page((archive / f"{page}.html").read_text(encoding="utf-8"))
    assert found.policy == POLICY
    assert {tag for tag, _ in found.asks} == {"a"}
    assert all((archive / value).is_file() for _, value in found.asks if not value.startswith("https:"))


def test_front_page_has_what_a_manager_asks(archive: Path) -> None:
    text = (archive / "index.html").read_text(encoding="utf-8")
    result = read_assessment((archive / "assessment.json").read_bytes(), "assessment.json")
    assert f"{result.score.low:.0f}" in text
    for heading in ("Chapters", "What to mend first", "What could not be assessed", "What was read"):
        assert f"<h2>{heading}</h2>" in text
    assert all(chapter.title in text for chapter in CHAPTERS)


@pytest.fixture
def copy(archive: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(archive, tmp_path / "copy"))


def test_a_copy_verifies(copy: Path) -> None:
    assert verify(copy).source.name == "demo"


def test_a_changed_file_is_noticed(copy: Path) -> None:
    (copy / "assessment.json").write_text("{}")
    with pytest.raises(ReportError, match=r"assessment\.json was changed"):
        verify(copy)


def test_a_missing_file_is_noticed(copy: Path) -> None:
    (copy / "02-pod-security.html").unlink()
    with pytest.raises(ReportError, match=r"02-pod-security\.html is missing"):
        verify(copy)


def test_a_foreign_file_is_noticed(copy: Path) -> None:
    (copy / "notebooks" / "more.ipynb").write_text("{}")
    with pytest.raises(ReportError, match=r"notebooks/more\.ipynb does not belong to it"):
        verify(copy)


def test_a_link_is_no_file(copy: Path) -> None:
    (copy / "index.html").unlink()
    (copy / "index.html").symlink_to("/etc/hostname")
    with pytest.raises(ReportError, match="no plain file"):
        verify(copy)


def test_a_folder_without_manifest_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="No such file"):
        verify(tmp_path)


@given(st.text())
def test_names_of_archives_are_harmless(source: str) -> None:
    found = name(datetime(2026, 11, 16, 8, tzinfo=UTC), source)
    assert re.fullmatch(r"20261116T080000Z-[a-z0-9](?:[a-z0-9.-]{0,58}[a-z0-9])?", found)


def test_a_page_shows_hostile_names_as_text() -> None:
    from k8snb import assess, connect
    from k8snb.reports.front import front

    hostile = "<script>alert(1)</script>"
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": hostile, "namespace": hostile}}
    spec = {"containers": [{"name": hostile, "image": hostile, "securityContext": {"privileged": True}}]}
    text = front(assess(connect(objects=[{**pod, "spec": spec}])), [("index.html", hostile)])
    assert "<script" not in text
    assert "&lt;script&gt;" in text
