"""Chromium, where it is installed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Any]:
    """Run a browser; the test that wants it is skipped where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("install Chromium (Debian: apt-get install chromium)")
    api = pytest.importorskip("playwright.sync_api", reason="install playwright (pip install playwright)")
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        yield running
        running.close()


def complaints(page: Any, part: str) -> list[str]:
    """Give what axe has to say about a part of a page.

    Args:
        page: The page.
        part: A selector; what is around it is not ours.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
    found = axe.Axe().run(page, context=part).response
    assert len(found["passes"]) > 5
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]
