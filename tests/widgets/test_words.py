"""The words of the board in a browser: all that it looks up are told, and in Chinese none is left in English."""

import re
from typing import Any

import pytest
from k8snb_widgets import Board
from k8snb_widgets.labels import BOARD_LABELS, labels
from k8snb_widgets.tell import everything

from k8snb.assessment.assessment import Assessment
from k8snb.display.words import CHAPTER_TITLES, MARKS
from k8snb.languages import speaking
from tests.languages.english import english

pytest.importorskip("anywidget", reason="install anywidget (pip install anywidget)")
from k8snb_widgets.live import script

_OPEN = """async ({script, labels, told}) => {
  const board = await import(URL.createObjectURL(new Blob([script], {type: "text/javascript"})));
  const model = {get: () => labels, off() {}, send() {}, on(_, heard) { model.heard = heard; }};
  board.default.render({model, el: document.body});
  model.heard(told);
}"""
_TEXTS = """() => {
  const all = [...document.querySelectorAll("body *")].filter((one) => !one.closest("code, pre"));
  const named = ["aria-label", "title", "placeholder"];
  return all.flatMap((one) => [...[...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data),
    ...named.map((name) => one.getAttribute(name) ?? "")]).map((text) => text.trim()).filter(Boolean);
}"""


def test_every_label_that_is_looked_up_is_told_and_no_other() -> None:
    tables = "".join(re.findall(r"^const (?:FACETS|GROUPS|COLUMNS) = .*$", script(), re.MULTILINE))
    looked_up = {one for found in re.findall(r"\bt\(([^()]*)", script()) for one in re.findall(r'"([^"]*)"', found)}
    assert looked_up <= set(BOARD_LABELS)
    assert set(BOARD_LABELS) - looked_up <= set(re.findall(r'"([^"]*)"', tables))


@pytest.mark.parametrize("group", ["", "severity"])
@pytest.mark.parametrize("status", ["fail", "pass", "not-assessed"])
def test_in_chinese_no_label_is_english(browser: Any, result: Assessment, status: str, group: Any) -> None:
    with speaking("zh"):
        board = Board(result, status=status).group_by(group)
        board.select(board.found[0].id)
        page = browser.new_page()
        page.evaluate(_OPEN, {"script": script(), "labels": labels(), "told": everything(board)})
    words = {*labels(), *(mark.word for mark in MARKS.values()), *CHAPTER_TITLES.values()}
    patterns = [re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(one))) for one in words]
    texts = page.evaluate(_TEXTS)
    assert len(texts) > 50
    assert [text for text in texts if any(one.fullmatch(text) for one in patterns)] == []
    assert english(page.inner_html("body")) == []
    page.close()
