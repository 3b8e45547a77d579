"""The board in JupyterLab: by mouse, by keyboard alone, in both themes, and what a saved notebook keeps of it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.chromium import complaints
from tests.lab import THEMES, opened, shot, watched

from .conftest import HOSTILE

pytest.importorskip("anywidget", reason="install anywidget (pip install anywidget)")
LARGEST = 100_000
_CELL = """
import sys
sys.path.insert(0, {root!r})
import k8snb
from k8snb_widgets import Board
from tests.widgets.conftest import workloads
result = k8snb.assess(k8snb.connect(objects=workloads()), chapters=["pod-security"], all=True)
Board(result)
"""
_READY = "const s = jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel; return s?.status === 'idle'"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(params=THEMES)
def page(request: pytest.FixtureRequest, browser: Any, lab: str, folder: Path) -> Iterator[Any]:
    """A notebook in which a board has just opened; nothing may complain, ask anybody else, or run what is text."""
    code = _CELL.format(root=str(Path(__file__).parents[2]))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])  # type: ignore[no-untyped-call]
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "work" / "board.ipynb")  # type: ignore[no-untyped-call]
    found = opened(browser, lab, request.param, "board.ipynb")
    trouble = watched(found, lab)
    found.wait_for_function(f"() => {{ {_READY} }}")
    found.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    found.locator(".k8snb-live [role=gridcell]").first.wait_for()
    yield found
    assert trouble == []
    found.close()


def total(page: Any) -> int:
    return int(re.sub(r"\D", "", page.locator(".k8snb-live .found").inner_text().split(" ")[0]))


def settled(page: Any, before: int) -> int:
    page.wait_for_function(
        "before => !document.querySelector('.k8snb-live .found').textContent.startsWith(before)",
        arg=f"{before} ",
    )
    return total(page)


def test_by_mouse_and_saved(page: Any, folder: Path) -> None:
    everything = total(page)
    page.locator(".k8snb-live .chip[data-value=critical]").click()
    critical = settled(page, everything)
    assert 0 < critical < everything
    page.locator(".k8snb-live .space [role=row]", has_text="<img").first.click()
    page.locator(".k8snb-live .detail mark", has_text="privileged: true").wait_for()
    assert "<img src=x onerror=alert(1)>" in page.locator(".k8snb-live .detail").inner_text()
    assert page.locator(".k8snb-live img, .k8snb-picture:visible").count() == 0
    page.locator(".k8snb-live .detail").evaluate("one => one.scrollIntoView()")
    shot(page, f"board-{page.locator('body').get_attribute('data-jp-theme-light')}")
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    text = (folder / "work" / "board.ipynb").read_text(encoding="utf-8")
    picture = "".join(nbformat.reads(text, 4).cells[0].outputs[-1].data["text/html"])  # type: ignore[no-untyped-call]
    assert re.search(rf"{critical} findings? of", picture)
    assert "no-privileged-containers" in picture
    assert "<img" not in picture
    assert HOSTILE not in picture
    assert len(text.encode()) < LARGEST


def test_by_keyboard_alone(page: Any) -> None:
    everything, keys = total(page), page.keyboard
    cells = page.locator(".jp-Cell").count()
    page.locator(".k8snb-live .list").focus()
    keys.press("/")
    keys.type("app-07")
    assert 0 < settled(page, everything) < everything
    while page.evaluate("document.activeElement.getAttribute('role')") != "treegrid":
        keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("Enter")
    page.wait_for_function("document.activeElement.matches('.k8snb-live .detail h3')")
    keys.press("d")
    keys.press("d")
    keys.press("Escape")
    page.wait_for_function("document.activeElement.matches('.k8snb-live .list')")
    page.locator(".k8snb-live .detail").wait_for(state="hidden")
    keys.press("End")
    active = page.locator(".k8snb-live .list").get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-rowindex") == str(total(page) + 1)
    assert page.locator(".jp-Cell").count() == cells


def test_axe_finds_nothing_in_any_state(page: Any) -> None:
    assert complaints(page, ".k8snb-live") == []
    page.locator(".k8snb-live select[aria-label='Group by']").select_option("control")
    page.locator(".k8snb-live .row.group").first.click()
    page.locator(".k8snb-live .row.group[aria-expanded=true]").wait_for()
    assert complaints(page, ".k8snb-live") == []
    page.locator(".k8snb-live .space .row:not(.group)").first.click()
    page.locator(".k8snb-live .detail h3").wait_for()
    assert complaints(page, ".k8snb-live") == []
    before = total(page)
    page.locator(".k8snb-live input[type=search]").fill("nothing that is there")
    assert settled(page, before) == 0
    page.set_viewport_size({"width": 640, "height": 450})
    assert complaints(page, ".k8snb-live") == []
    shot(page, f"board-narrow-{page.locator('body').get_attribute('data-jp-theme-light')}")
