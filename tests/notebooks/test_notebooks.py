"""The notebooks as they are committed: no output, no logic, stable cells, parameters that explain themselves."""

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

import k8snb
from k8snb.assessment.assess import assess
from k8snb.chapters import CHAPTERS, Chapter
from k8snb.controls.registry import controls
from k8snb.display.control import by_section
from k8snb.notebook_files import folder
from k8snb.reports.parameters import declared

PATHS = sorted(folder().glob("*.ipynb"))
CONTRACT = {"source", "namespaces", "lang", "interactive", "waivers", "attestations"}
LOGIC = (
    ast.For,
    ast.While,
    ast.If,
    ast.IfExp,
    ast.Try,
    ast.With,
    ast.FunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.comprehension,
)
each = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return found


def text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def test_there_is_one_a_chapter_and_a_summary() -> None:
    assert [path.stem for path in PATHS] == [*(chapter.notebook for chapter in CHAPTERS), "07-summary"]


@each
def test_is_valid_and_of_the_format_with_cell_ids(path: Path) -> None:
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"


@each
def test_holds_no_output(path: Path) -> None:
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


@each
def test_cell_ids_are_words_and_unique(path: Path) -> None:
    ids = [cell["id"] for cell in cells(path)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", one) for one in ids)


@each
def test_begins_with_a_title_and_ends_with_its_record(path: Path) -> None:
    first, *_, last = cells(path)
    assert text(first).startswith("# ")
    assert text(last) == "notebook.complete(chapter)"
    assert f'"{path.stem}"' in text(next(cell for cell in cells(path) if cell["id"] == "open"))


@each
def test_parameters_are_tagged_annotated_and_explained(path: Path) -> None:
    (tagged,) = [cell for cell in cells(path) if "parameters" in cell["metadata"].get("tags", [])]
    nodes = ast.parse(text(tagged)).body
    assert all(isinstance(node, ast.AnnAssign) for node in nodes)
    assert all(re.search(r"  # [A-Z]", line) for line in text(tagged).splitlines())
    assert declared(path) >= CONTRACT


@each
def test_parameters_have_the_names_and_defaults_of_the_controls(path: Path) -> None:
    chapter = next((one.id for one in CHAPTERS if one.notebook == path.stem), "")
    own = {one.name: one for control in controls().values() if control.chapter == chapter for one in control.parameters}
    tagged = text(next(cell for cell in cells(path) if "parameters" in cell["metadata"].get("tags", [])))
    given = {node.target.id: ast.literal_eval(node.value) for node in ast.parse(tagged).body}  # type: ignore[attr-defined]
    assert set(own) <= set(given)
    assert {name: given[name] for name in own} == {name: one.default for name, one in own.items()}


@each
def test_every_parameter_reaches_the_package(path: Path) -> None:
    opening = "\n".join(text(cell) for cell in cells(path) if cell["id"] in {"choose", "open"})
    used = {node.id for node in ast.walk(ast.parse(opening)) if isinstance(node, ast.Name)}
    assert declared(path) - {"interactive"} <= used


@each
def test_holds_no_logic(path: Path) -> None:
    for cell in cells(path):
        if cell["cell_type"] == "code":
            nodes = list(ast.walk(ast.parse(text(cell))))
            assert not [node for node in nodes if isinstance(node, LOGIC)], cell["id"]
            assert sum(isinstance(node, ast.Call) for node in nodes) <= 1, cell["id"]


@each
def test_things_to_click_on_change_no_verdict(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    quiet, live = (verdicts(path, interactive=one) for one in (False, True))
    assert quiet == live
    assert not list(tmp_path.iterdir())


def verdicts(path: Path, *, interactive: bool) -> Any:
    """Run what a notebook offers to click on, and give what it assessed."""
    names: dict[str, Any] = {}
    for cell in cells(path):
        if cell["cell_type"] == "code" and ("interactive" in text(cell) or cell["id"] == "open"):
            exec(text(cell), names)  # noqa: S102
            names["interactive"] = interactive
    return [(one.id, one.status, one.waiver) for one in names["chapter"].result], names["chapter"].result.score


@each
def test_links_between_chapters_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)]+)\)", "\n".join(text(cell) for cell in cells(path)))
    assert all((path.parent / target).is_file() for target in targets if not target.startswith("https://"))


def test_papermill_explains_the_parameters() -> None:
    command = [sys.executable, "-m", "papermill", "--help-notebook", str(folder() / "02-pod-security.ipynb")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert 'source: str (default "demo")' in told
    assert 'pod_security_level: str (default "baseline")' in told


def test_runs_by_plain_papermill_in_any_folder(tmp_path: Path) -> None:
    target = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(folder() / "05-audit-logging.ipynb")]
    subprocess.run([*command, str(target), "-p", "source", "demo"], cwd=tmp_path, check=True, capture_output=True)
    outputs = [output for cell in nbformat.read(target, as_version=4).cells for output in cell.get("outputs", [])]
    assert "Complete: " in outputs[-1].data["text/plain"]
    assert all("text/html" in output.data for output in outputs)


def test_runs_by_jupyter_execute(tmp_path: Path) -> None:
    copied = Path(shutil.copy(folder() / "06-upgrading.ipynb", tmp_path))
    subprocess.run(
        [sys.executable, "-m", "jupyter", "execute", "--inplace", str(copied)], check=True, capture_output=True
    )
    assert "Complete: " in copied.read_text(encoding="utf-8")


def test_a_foreseeable_problem_is_one_line_and_stops_the_run(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(folder() / "05-audit-logging.ipynb")]
    given = [str(tmp_path / "out.ipynb"), "-p", "source", str(tmp_path / "nothing.k8snb")]
    result = subprocess.run([*command, *given], check=False, capture_output=True, text=True)
    assert result.returncode != 0
    notebook = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    (error,) = [one for cell in notebook.cells for one in cell.get("outputs", []) if one.output_type == "error"]
    assert len(error.traceback) == 1
    assert "nothing.k8snb" in error.traceback[0]


@pytest.mark.parametrize("chapter", [one for one in CHAPTERS if one.sections], ids=lambda one: one.id)
def test_every_control_has_its_place_in_the_order_of_the_guide(chapter: Chapter) -> None:
    sources = [text(cell) for cell in cells(folder() / f"{chapter.notebook}.ipynb")]
    assert sources.count("notebook.controls(chapter)") == 1
    (opening,) = [one for one in sources if "notebook.open_chapter" in one]
    assert f'chapters=["{chapter.id}"]' in opening
    shown = by_section(assess(k8snb.connect(objects=[]), chapters=[chapter.id]))
    assert tuple(section for section, _ in shown) == chapter.sections
    placed = [one.id for _, results in shown for one in results]
    own = {one.id: one.section for one in controls().values() if one.chapter == chapter.id}
    assert sorted(placed) == sorted(own)
    assert all(own[one.id] == section for section, results in shown for one in results)


def test_no_control_is_in_a_chapter_without_a_place_for_it() -> None:
    places = {one.id: one.sections for one in CHAPTERS}
    assert [one.id for one in controls().values() if one.section not in places[one.chapter]] == []
