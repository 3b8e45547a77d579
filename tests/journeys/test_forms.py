"""Journeys around forms and the board: each ends with what the file and the API server hold, not only the page."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import yaml

from k8snb.sandbox import components, processes
from tests.chromium import complaints
from tests.journeys.stage import Stage, editor, run_all, save, set_parameter, stage
from tests.lab import CONNECTED, leave, shot

SOON = (date.today() + timedelta(days=30)).isoformat()
CONTROL = "no-privileged-containers"
HERE = {"source": "context:here", "interactive": True}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("j")) as found:
        yield found


@pytest.fixture(autouse=True)
def untouched(scene: Stage) -> Iterator[None]:
    """No journey here changes anything in the cluster, and the files of one do not disturb the next."""
    before = scene.deployments()
    yield
    if processes.recorded(scene.server.home, components.API_SERVER):
        assert scene.deployments() == before
    for file in scene.folder.glob("*.yaml"):
        file.unlink()


def entries(scene: Stage) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((scene.folder / "waivers.yaml").read_text())["waivers"]
    return found


def fill(page: Any) -> None:
    """Write an entry by mouse, up to the file as it would be."""
    form = editor(page)
    form.get_by_label("Control", exact=True).select_option(CONTROL)
    form.get_by_text("Covers 2 failing findings").wait_for()
    form.get_by_label("About", exact=True).select_option("Deployment/shop/cart")
    form.get_by_text("Covers 1 failing finding").wait_for()
    form.get_by_label("Who answers for it").fill("Ada")
    form.get_by_label("Until (the last day)").fill(SOON)
    form.get_by_label("Why", exact=True).fill("replaced next month")
    form.get_by_role("button", name="Show the file").click()
    form.locator(".file ins").first.wait_for()


def fill_by_keys(page: Any) -> None:
    """Write the same by keyboard alone."""
    keys = page.keyboard
    editor(page).get_by_label("Control", exact=True).focus()
    keys.type(CONTROL[:15])
    editor(page).get_by_text("Covers 2 failing findings").wait_for()
    keys.press("Tab")
    keys.type("Deployment shop/cart")
    editor(page).get_by_text("Covers 1 failing finding").wait_for()
    for text in ("Ada", f"{SOON[5:7]}{SOON[8:]}{SOON[:4]}"):
        keys.press("Tab")
        keys.type(text)
    keys.press("Tab")
    while not page.evaluate("document.activeElement.matches('.k8snb-form .why input')"):
        keys.press("Tab")
    keys.type("replaced next month")
    keys.press("Enter")
    page.wait_for_function("document.activeElement.matches('.k8snb-form .file h4')")


def fill_from_board(page: Any) -> None:
    """Write the same about a finding that is looked at on the board."""
    board = page.locator(".k8snb-live")
    board.locator(".chip[data-value=critical]").click()
    board.locator(".space .row", has_text="shop/cart").first.click()
    board.get_by_role("button", name="Accept this risk").click()
    editor(page).get_by_text("Covers 1 failing finding").wait_for()
    page.wait_for_function("document.activeElement.matches('.k8snb-form .who input')")
    assert editor(page).get_by_label("Control", exact=True).input_value() == CONTROL
    page.keyboard.type("Ada")
    editor(page).get_by_label("Until (the last day)").fill(SOON)
    editor(page).get_by_label("Why", exact=True).fill("replaced next month")
    editor(page).get_by_role("button", name="Show the file").click()
    editor(page).locator(".file ins").first.wait_for()


def write(page: Any) -> None:
    editor(page).get_by_role("button", name="Write waivers.yaml").click()
    editor(page).locator(".note", has_text="is written").wait_for()


def write_by_keys(page: Any) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    editor(page).locator(".note", has_text="is written").wait_for()


@pytest.mark.parametrize(
    ("begin", "end"),
    [(fill, write), (fill_by_keys, write_by_keys), (fill_from_board, write)],
    ids=["mouse", "keyboard", "board"],
)
def test_a_waiver_is_written_and_honoured_by_the_next_run(scene: Stage, begin: Any, end: Any) -> None:
    page = scene.page(scene.notebook(f"waiver-{begin.__name__}", "02-pod-security", **HERE))
    run_all(page)
    begin(page)
    assert not (scene.folder / "waivers.yaml").exists()
    shot(page, f"journey-waiver-{begin.__name__}")
    end(page)
    set_parameter(page, "waivers = 'waivers.yaml'")
    run_all(page)
    waived = page.locator(".k8snb-live .chip[data-value=waived]")
    waived.get_by_text("1", exact=True).wait_for()
    shot(page, f"journey-waived-{begin.__name__}")
    leave(page)
    (entry,) = entries(scene)
    assert (entry["control"], entry["subject"], entry["who"]) == (CONTROL, "Deployment/shop/cart", "Ada")


def test_somebody_who_may_read_little_is_told_what_that_costs_and_has_a_board(scene: Stage) -> None:
    page = scene.page(scene.notebook("reader", "00-introduction", interactive=True), "dark")
    run_all(page)
    chooser = page.locator(".k8snb-chooser")
    chooser.get_by_label("context:reader").check()
    chooser.locator(".found.open").wait_for()
    chooser.locator("summary").click()
    assert "nodes: forbidden" in chooser.inner_text()
    shot(page, "journey-reader-chooser")
    leave(page)
    page = scene.page(
        scene.notebook("reader-board", "02-pod-security", source="context:reader", interactive=True), "dark"
    )
    run_all(page)
    board = page.locator(".k8snb-live")
    board.locator(".chip[data-value=critical]").click()
    board.locator(".space .row", has_text="shop/cart").first.click()
    board.locator(".detail mark", has_text="privileged: true").wait_for()
    shot(page, "journey-reader-board")
    leave(page)
    assert {one["metadata"]["name"] for one in scene.deployments()} == {"cart", "search"}


def test_a_kernel_that_restarts_in_the_middle_leaves_nothing_half_done(scene: Stage) -> None:
    one = f"control: {CONTROL}, subject: Deployment/shop/search, who: Eve, why: x, until: {SOON}"
    earlier = f"# ours\nwaivers:\n- {{{one}}}\n"
    (scene.folder / "waivers.yaml").write_text(earlier)
    page = scene.page(scene.notebook("restart", "02-pod-security", waivers="waivers.yaml", **HERE))
    run_all(page)
    fill(page)
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.wait_for_function(CONNECTED)
    for view in (editor(page), page.locator(".k8snb-live")):
        view.get_by_role("alert").filter(has_text="The kernel was restarted: run the cell again.").wait_for()
        assert view.evaluate("one => [...one.children].filter(part => !part.inert).length") == 1
        view.evaluate("one => one.scrollIntoView()")
    shot(page, "journey-restarted")
    assert complaints(page, ".k8snb-live, .k8snb-form:not(.k8snb-chooser)") == []
    assert (scene.folder / "waivers.yaml").read_text() == earlier
    run_all(page)
    editor(page).locator("tbody", has_text="Eve").wait_for()
    assert page.get_by_text("The kernel was restarted").count() == 0
    fill(page)
    write(page)
    leave(page)
    assert (scene.folder / "waivers.yaml").read_text().startswith(earlier)
    assert [one["who"] for one in entries(scene)] == ["Eve", "Ada"]


def test_two_tabs_on_one_notebook_write_once(scene: Stage) -> None:
    file = scene.notebook("tabs", "02-pod-security", **HERE)
    first = scene.page(file)
    run_all(first)
    fill(first)
    save(first)
    second = scene.page(file, "dark")
    editor(second).locator(".file ins").first.wait_for()
    shot(second, "journey-second-tab")
    write(second)
    editor(first).locator(".file").wait_for(state="hidden")
    editor(first).locator("tbody", has_text="Ada").wait_for()
    fill(first)
    (scene.folder / "waivers.yaml").write_text("waivers: []  # somebody else was here\n")
    editor(first).get_by_role("button", name="Write waivers.yaml").click()
    editor(first).get_by_role("alert").filter(has_text="changed meanwhile").wait_for()
    first.close()
    second.close()
    assert (scene.folder / "waivers.yaml").read_text() == "waivers: []  # somebody else was here\n"


def test_a_server_that_goes_is_one_clear_line_and_the_board_stays(scene: Stage) -> None:
    page = scene.page(scene.notebook("gone", "02-pod-security", **HERE))
    run_all(page)
    page.locator(".k8snb-live [role=gridcell]").first.wait_for()
    processes.stop(scene.server.home, (components.API_SERVER,))
    board = page.locator(".k8snb-live")
    board.locator("input[type=search]").fill("cart")
    board.get_by_role("status").filter(has_text=" of ").wait_for()
    fill(page)
    write(page)
    assert [one["who"] for one in entries(scene)] == ["Ada"]
    page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")
    error = page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']")
    error.filter(has_text="does not answer").wait_for()
    assert len(error.inner_text().strip().splitlines()) == 1
    shot(page, "journey-server-gone")
    assert board.locator(".space .row").count()
    leave(page)
