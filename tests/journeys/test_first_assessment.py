"""The guide `docs/first-assessment.md`, followed by mouse; its pictures are taken on the way.

`K8SNB_PICTURES=docs python -m pytest tests/journeys/test_first_assessment.py` takes them anew.
"""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.chromium import chromium
from tests.journeys.stage import editor, run_all, set_parameter
from tests.lab import CONNECTED, leave, opened, running_lab

pytest.importorskip("anywidget", reason="install anywidget (pip install anywidget)")
LARGEST = 150_000
SOON = (date.today() + timedelta(days=30)).isoformat()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("first")


@pytest.fixture(scope="module")
def pages(folder: Path) -> Iterator[Any]:
    """Opens files of the working copy that `k8snb lab` made."""
    with chromium() as browser, running_lab(folder) as lab:

        def one(file: str = "") -> Any:
            page = opened(browser, lab, "light", file)
            page.set_viewport_size({"width": 1080, "height": 1000})
            page.add_style_tag(content=".Toastify { display: none }")
            page.evaluate("jupyterapp.shell.collapseLeft()")
            if file:
                page.wait_for_function(CONNECTED)
            return page

        yield one


def picture(part: Any, folder: Path, name: str) -> None:
    """Take a picture of a part of the page."""
    path = Path(os.environ.get("K8SNB_PICTURES", folder)) / f"first-assessment-{name}.png"
    part.screenshot(path=path)
    assert path.stat().st_size < LARGEST


def test_from_the_launcher_to_a_waiver(pages: Any, folder: Path) -> None:
    page = pages()
    page.get_by_title("Kubernetes (k8snb)").first.wait_for()
    picture(page.locator(".jp-Launcher-content"), folder, "launcher")
    leave(page)

    page = pages("00-introduction.ipynb")
    set_parameter(page, "interactive = True")
    run_all(page)
    page.locator(".k8snb-chooser .found.pass").wait_for()
    picture(page.locator(".k8snb-chooser"), folder, "source")
    leave(page)

    page = pages("02-pod-security.ipynb")
    set_parameter(page, "interactive = True")
    run_all(page)
    board = page.locator(".k8snb-live")
    board.locator(".chip[data-value=critical]").click()
    row = board.locator(".space .row", has_text="no-privileged-containers").first
    row.click()
    board.locator(".detail mark").first.wait_for()
    picture(board, folder, "finding")
    board.locator("[data-do=preview]").click()
    board.locator("[data-do=apply]").wait_for()
    picture(board.locator("[data-part=remediation]"), folder, "fix")

    form = editor(page)
    form.get_by_label("Control", exact=True).select_option("no-privileged-containers")
    form.locator(".found", has_text="Covers").wait_for()
    form.get_by_label("Who answers for it").fill("Ada Lovelace, platform team")
    form.get_by_label("Until (the last day)").fill(SOON)
    form.get_by_label("Why", exact=True).fill("Node agents; their replacement is under way")
    form.get_by_role("button", name="Show the file").click()
    form.locator(".file ins").first.wait_for()
    picture(form, folder, "waiver")
    form.get_by_role("button", name="Write waivers.yaml").click()
    form.locator(".note", has_text="is written").wait_for()
    leave(page)
    (entry,) = yaml.safe_load((folder / "work" / "waivers.yaml").read_text())["waivers"]
    assert (entry["control"], entry["who"]) == ("no-privileged-containers", "Ada Lovelace, platform team")
