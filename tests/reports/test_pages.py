"""The pages in a browser without network: nothing is asked for, nothing goes wrong, nothing sticks out."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from k8snb.chapters import CHAPTERS

playwright = pytest.importorskip("playwright.sync_api", reason="install playwright for the browser tests")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PHONE = 390
"""A width at which the tables of the figures stand in for them."""
PAGES = ("index", *(chapter.notebook for chapter in CHAPTERS), "07-summary")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("install Chromium for the browser tests")
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=path, args=FLAGS.split())
        yield found
        found.close()


@pytest.mark.parametrize("width", [PHONE, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_page_opens_offline(browser: Any, archive: Path, name: str, width: int) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme="dark")
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    address = (archive / f"{name}.html").as_uri()
    tab.goto(address, wait_until="load")
    figures = tab.locator("figure.k8snb-figure").count()
    if figures and width > PHONE:
        tab.locator(".js-plotly-plot").first.wait_for(state="attached")
    assert complaints == []
    assert [one for one in asked if one != address and not one.startswith("data:")] == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()
