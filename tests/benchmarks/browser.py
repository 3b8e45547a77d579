"""The workbook in Chromium: a chapter that opens, and a board of 10,000 findings that is filtered and read.

python -m tests.benchmarks.browser     # about a minute; needs Chromium

Prints a Markdown table: medians, from the click to the drawn answer.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat

from tests.chromium import chromium
from tests.lab import CONNECTED, leave, opened, running_lab

TIMES = 7
_CELL = """
import sys
sys.path.insert(0, {root!r})
import k8snb
from k8snb_widgets import Board
from tests.widgets.conftest import workloads
result = k8snb.assess(k8snb.connect(objects=workloads({count})), chapters=["pod-security"], all=True)
Board(result, status=())
"""
_CLICKED = """([click, changed]) => new Promise(resolve => {
  const seen = document.querySelector(changed), before = seen.textContent, start = performance.now();
  const watcher = new MutationObserver(() => {
    if (seen.textContent !== before) {
      watcher.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - start));
    }
  });
  watcher.observe(seen, {childList: true, subtree: true, characterData: true});
  document.querySelector(click).click();
})"""


def chapter(browser: Any, lab: str, folder: Path) -> float:
    """Give the seconds from a kernel that is ready to a chapter of the demo with its board drawn."""
    content = nbformat.read(folder / "work" / "02-pod-security.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    next(one for one in content.cells if one.id == "parameters").source += "\ninteractive = True"
    nbformat.write(content, folder / "work" / "chapter.ipynb")  # type: ignore[no-untyped-call]
    page = opened(browser, lab, "light", "chapter.ipynb")
    page.wait_for_function(CONNECTED)
    started = time.perf_counter()
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    page.locator(".k8snb-live [role=gridcell]").first.wait_for(state="attached")
    page.wait_for_function(CONNECTED)
    took = time.perf_counter() - started
    leave(page)
    return took


def board(browser: Any, lab: str, folder: Path) -> tuple[int, float, float]:
    """Give how many findings a large board has, and the milliseconds of a filter and of a detail."""
    code = _CELL.format(root=str(Path(__file__).parents[2]), count=420)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])  # type: ignore[no-untyped-call]
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "work" / "board.ipynb")  # type: ignore[no-untyped-call]
    page = opened(browser, lab, "light", "board.ipynb")
    page.wait_for_function(CONNECTED)
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    page.locator(".k8snb-live .space [role=row]").first.wait_for()
    told = page.locator(".k8snb-live .found").inner_text()
    chip = ".k8snb-live .chip[data-value=high]"
    filters = [page.evaluate(_CLICKED, [chip, ".k8snb-live .found"]) for _ in range(TIMES)]
    details = []
    for at in range(1, TIMES + 1):
        row = f".k8snb-live .space [role=row]:nth-child({at})"
        details.append(page.evaluate(_CLICKED, [row, ".k8snb-live .detail"]))
    leave(page)
    return int(told.split()[0].replace(",", "")), statistics.median(filters), statistics.median(details)


def main() -> None:
    """Measure, and print the table."""
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        folder = Path(place)
        with running_lab(folder) as lab:
            opens = statistics.median(chapter(browser, lab, folder) for _ in range(3))
            count, filtered, read = board(browser, lab, folder)
    print("| what | goal | measured |\n| --- | --- | --- |")
    print(f"| chapter of the demo, from a ready kernel to everything drawn | 3 s | {opens:.1f} s |")
    print(f"| filter on {count:,} findings | 100 ms | {filtered:.0f} ms |")
    print(f"| detail of a finding | 200 ms | {read:.0f} ms |")


if __name__ == "__main__":
    main()
