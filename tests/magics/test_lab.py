"""`k8snb lab` as a person meets it: the launcher's card, a cell, an error, Tab; in both themes."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.chromium import chromium
from tests.lab import CONNECTED, THEMES, opened, running_lab, shot


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_lab(tmp_path_factory.mktemp("lab")) as address:
        yield address


def run(page: Any, number: int, text: str) -> Any:
    """Run the last cell, the `number`th of the notebook, and give its output."""
    cell = page.locator(".jp-CodeCell").nth(number - 1)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
    page.keyboard.press("Shift+Enter")
    cell.locator(".jp-InputArea-prompt", has_text=f"[{number}]:").wait_for()
    return cell.locator(".jp-OutputArea-output").last


@pytest.mark.parametrize("theme", THEMES)
def test_from_the_card_to_a_verdict(browser: Any, lab: str, theme: str) -> None:
    page = opened(browser, lab, theme)
    trouble: list[str] = []
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    card = page.locator(".jp-LauncherCard[data-category=Notebook]", has_text="Kubernetes (k8snb)")
    assert card.locator("img").evaluate("image => image.complete && image.naturalWidth") >= 32
    shot(page, f"{theme}-launcher")
    card.click()
    page.wait_for_function(CONNECTED)

    assert "22 namespaces" in run(page, 1, "%k8s connect demo").inner_text()
    assert "of 100" in run(page, 2, "r = %k8s assess pod-security\nr").inner_text()
    shot(page, f"{theme}-assess")
    page.locator(".jp-CodeCell .cm-content").nth(2).click()
    page.keyboard.insert_text("%k8s assess net")
    page.keyboard.press("Tab")
    page.locator(".jp-Completer-item").first.wait_for()
    shot(page, f"{theme}-completion")
    offered = page.locator(".jp-Completer-match").all_inner_texts()
    assert offered[0] == "network-hardening"
    assert all(one.startswith("net") for one in offered)
    page.keyboard.press("Escape")

    error = run(page, 3, "%k8s assess pod-securty")
    assert error.get_attribute("data-mime-type") == "application/vnd.jupyter.stderr"
    assert re.fullmatch(r"There is no chapter .*\. Did you mean 'pod-security'\?", error.inner_text().strip())
    shot(page, f"{theme}-error")
    assert trouble == []
    page.close()
