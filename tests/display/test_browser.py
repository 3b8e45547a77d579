"""In a browser: nothing runs that should not, nothing is asked for, figures come alive, both themes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from k8snb.assessment.assessment import Assessment
from k8snb.display.figures import bootstrap
from k8snb.display.style import stylesheet
from tests.chromium import chromium

from .conftest import HOSTILE
from .pages import FIGURES, OUTPUTS

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


def page_of(folder: Path, result: Assessment, name: str, *, interactive: bool) -> str:
    shown = "".join(show(result, name)["text/html"] for show in OUTPUTS.values())
    script = f"<script>{bootstrap()}</script>" if interactive else ""
    file = folder / "page.html"
    file.write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>k8snb</title>'
        f'<link rel="icon" href="data:,"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<style>{stylesheet()}</style></head>"
        f"<body>{shown}{script}</body></html>",
        encoding="utf-8",
    )
    return file.as_uri()


def visit(browser: Any, address: str, scheme: str, width: int = 1200) -> tuple[Any, list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.on("request", lambda request: trouble.append(request.url) if request.url != address else None)
    page.goto(address)
    return page, trouble


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_with_everything_is_quiet_and_its_figures_come_alive(
    browser: Any, tmp_path: Path, nasty: Assessment, scheme: str
) -> None:
    page, trouble = visit(browser, page_of(tmp_path, nasty, HOSTILE, interactive=True), scheme)
    page.wait_for_function(f"document.querySelectorAll('.k8snb-interactive .main-svg').length >= {len(FIGURES)}")
    assert page.locator(".k8snb-interactive").count() == len(FIGURES)
    assert page.locator(".k8snb-static:visible").count() == 0
    assert trouble == []
    page.close()


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 23, 27)")])
def test_without_scripts_the_figures_stand_with_their_tables(
    browser: Any, tmp_path: Path, mixed: Assessment, scheme: str, paper: str
) -> None:
    page, trouble = visit(browser, page_of(tmp_path, mixed, "shop", interactive=False), scheme)
    assert page.locator(".k8snb-static:visible").count() == len(FIGURES)
    assert page.locator("figure.k8snb-figure[aria-label]").count() == len(FIGURES)
    assert page.evaluate("getComputedStyle(document.querySelector('.k8snb')).backgroundColor") == paper
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert trouble == []
    page.close()


def test_on_a_phone_the_tables_stand_until_there_is_room_for_figures(
    browser: Any, tmp_path: Path, mixed: Assessment
) -> None:
    page, trouble = visit(browser, page_of(tmp_path, mixed, "shop", interactive=True), "light", 390)
    assert page.locator(".k8snb-static:visible").count() == len(FIGURES)
    assert page.locator(".k8snb-interactive").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_function(f"document.querySelectorAll('.k8snb-interactive .main-svg').length >= {len(FIGURES)}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert trouble == []
    page.close()
