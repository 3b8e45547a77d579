"""The chooser and the editor in JupyterLab: by mouse, by keyboard alone, in both themes, wide, narrow and enlarged."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from tests.chromium import complaints
from tests.lab import CONNECTED, THEMES, opened, shot, watched

from .conftest import HOSTILE

pytest.importorskip("anywidget", reason="install anywidget (pip install anywidget)")
LARGEST = 100_000
SOON = (date.today() + timedelta(days=30)).isoformat()
_CELLS = (
    """
import sys
sys.path.insert(0, {root!r})
import k8snb
from k8snb_widgets import Chooser, Editor
from tests.widgets.conftest import workloads
result = k8snb.assess(k8snb.connect(objects=workloads()), chapters=["pod-security"], all=True)
""",
    "chooser = Chooser(name='lab', folder='none')\nchooser",
    "Editor(result, waivers={waivers!r}, name='lab')",
)
EARLIER = "waivers:\n- {control: no-host-network, subject: '*/team-0/*', who: Grace, why: agreed, until: 2099-01-31}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("lab")
    config = {
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:9"}}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": one, "context": {"cluster": "c", "user": "u"}} for one in ("gone", HOSTILE)],
    }
    (found / "kubeconfig").write_text(json.dumps(config))
    return found


@pytest.fixture(params=THEMES)
def page(request: pytest.FixtureRequest, browser: Any, lab: str, folder: Path) -> Iterator[Any]:
    """A notebook in which both have just opened; nothing may complain, ask anybody else, or run what is text."""
    file = f"{request.param}-{request.node.originalname}.ipynb"
    names = {"root": str(Path(__file__).parents[2]), "waivers": f"{request.param}.yaml"}
    (folder / "work" / names["waivers"]).write_text(EARLIER)
    cells = [nbformat.v4.new_code_cell(one.format(**names)) for one in _CELLS]  # type: ignore[no-untyped-call]
    notebook = nbformat.v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "work" / file)  # type: ignore[no-untyped-call]
    found = opened(browser, lab, request.param, file)
    trouble = watched(found, lab)
    found.wait_for_function(CONNECTED)
    found.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    found.locator(".k8snb-chooser .found.pass").wait_for()
    found.locator(".k8snb-form form").wait_for()
    yield found
    assert trouble == []
    found.close()


def editor(page: Any) -> Any:
    return page.locator(".k8snb-form:not(.k8snb-chooser)")


def theme(page: Any) -> str:
    return "light" if page.locator("body").get_attribute("data-jp-theme-light") == "true" else "dark"


def look(page: Any, name: str, part: Any) -> None:
    part.evaluate("one => one.scrollIntoView()")
    shot(page, f"{name}-{theme(page)}")
    assert complaints(page, ".k8snb-form") == []
    assert part.evaluate("one => one.scrollWidth <= one.clientWidth + 1"), "wider than its place"


def test_a_waiver_by_mouse_in_any_width_and_saved(page: Any, folder: Path) -> None:
    form, path = editor(page), folder / "work" / f"{theme(page)}.yaml"
    form.get_by_role("button", name="Show the file").click()
    form.locator("[aria-invalid=true]").first.wait_for()
    look(page, "editor-problems", form)
    form.get_by_label("Control", exact=True).select_option("no-privileged-containers")
    form.get_by_text("Covers 1 failing finding").wait_for()
    form.get_by_label("Who answers for it").fill("<b>Ada</b>")
    form.get_by_label("Until", exact=False).first.fill(SOON)
    form.get_by_label("Why").fill("until the agent is replaced")
    form.get_by_role("button", name="Show the file").click(delay=400)  # as long as a finger takes
    form.locator("ins").first.wait_for()
    assert path.read_text() == EARLIER
    look(page, "editor-file", form)
    page.set_viewport_size({"width": 640, "height": 450})
    look(page, "editor-enlarged", form)
    form.evaluate("one => one.parentElement.style.maxWidth = '300px'")
    look(page, "editor-narrow", form)
    form.evaluate("one => one.parentElement.style.maxWidth = ''")
    page.set_viewport_size({"width": 1280, "height": 900})
    form.get_by_role("button", name=f"Write {path.name}").click()
    form.locator(".note", has_text="is written").wait_for()
    look(page, "editor-written", form)
    entries = yaml.safe_load(path.read_text())["waivers"]
    assert path.read_text().startswith(EARLIER.splitlines()[0])
    assert [one["who"] for one in entries] == ["Grace", "<b>Ada</b>"]
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    text = next((folder / "work").glob(f"{theme(page)}-*mouse*.ipynb")).read_text(encoding="utf-8")
    pictures = [cell.outputs[-1].data["text/html"] for cell in nbformat.reads(text, 4).cells[1:]]  # type: ignore[no-untyped-call]
    assert "demo" in "".join(pictures[0])
    assert "&lt;b&gt;Ada" in "".join(pictures[1])
    assert len(text.encode()) < LARGEST


def test_by_keyboard_alone(page: Any, folder: Path) -> None:
    keys, cells, path = page.keyboard, page.locator(".jp-Cell").count(), folder / "work" / f"{theme(page)}.yaml"
    page.locator(".k8snb-chooser input:checked").focus()
    keys.press("ArrowDown")
    page.locator(".k8snb-chooser .found.fail").wait_for()
    told = page.locator(".k8snb-chooser .found").inner_text()
    assert "127.0.0.1:9" in told
    look(page, "chooser-gone", page.locator(".k8snb-chooser"))
    assert "<img src=x" in page.locator(".k8snb-chooser .choices").inner_text()
    form = editor(page)
    form.get_by_label("Control", exact=True).focus()
    keys.type("no-privileged")
    keys.press("Tab")
    form.get_by_text("Covers 1 failing finding").wait_for()
    for text in ("Ada", f"{SOON[5:7]}{SOON[8:]}{SOON[:4]}"):
        keys.press("Tab")
        keys.type(text)
    while not page.evaluate("document.activeElement.matches('.k8snb-form .why input')"):
        keys.press("Tab")
    keys.type("dd")  # elsewhere these keys cut a cell
    keys.press("Enter")
    page.wait_for_function("document.activeElement.matches('.k8snb-form .file h4')")
    keys.press("Escape")
    page.wait_for_function("document.activeElement.matches('.k8snb-form button[type=submit]')")
    assert path.read_text() == EARLIER
    keys.press("Enter")
    page.wait_for_function("document.activeElement.matches('.k8snb-form .file h4')")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    form.locator(".note", has_text="is written").wait_for()
    assert [one["who"] for one in yaml.safe_load(path.read_text())["waivers"]] == ["Grace", "Ada"]
    form.get_by_role("button", name="End … no-host-network").focus()
    keys.press("Enter")
    form.locator("del").first.wait_for()
    look(page, "editor-end", form)
    assert page.locator(".jp-Cell").count() == cells
