# ruff: noqa: RUF001
"""Translating: exact texts, texts with values, joined clauses; what is not known stays as it is."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snb.display import terminal
from k8snb.display.text import cells, pad, wrap
from k8snb.errors import UsageError
from k8snb.formats.screen import Screen, cut
from k8snb.languages import language, plural, preferred, speaking, translate, use
from k8snb.languages.markdown import markdown, paragraphs
from k8snb.languages.notebook import notebook
from k8snb.languages.pattern import fits, pattern

TEXT = st.text(st.sampled_from("ab 中文字，。0-\u0301"), max_size=60)


@pytest.fixture
def chinese() -> Iterator[None]:
    with speaking("zh"):
        yield


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("No container is privileged", "没有特权容器"),
        ("container app is privileged", "容器 app 是特权容器"),
        ("container app is privileged; init container x is privileged", "容器 app 是特权容器；Init 容器 x 是特权容器"),
        ("container app is privileged; and 3 more", "容器 app 是特权容器；另有 3 项"),
        ("12 findings", "12 个发现"),
        ("update pods", "update pods"),
        ("nodes, pods, secrets", "nodes, pods, secrets"),
        ("what nobody ever wrote", "what nobody ever wrote"),
        ("", ""),
    ],
)
@pytest.mark.usefixtures("chinese")
def test_translate(english: str, told: str) -> None:
    assert translate(english) == told


def test_english_stays_english() -> None:
    assert translate("No container is privileged") == "No container is privileged"
    assert plural(1, "finding", "findings") == "1 finding"


@pytest.mark.usefixtures("chinese")
def test_counts_have_measure_words() -> None:
    assert plural(1234, "finding", "findings") == "1,234 个发现"
    assert plural(2, "zebra", "zebras") == "2 zebras"


def test_a_language_that_nobody_wrote_is_refused() -> None:
    with pytest.raises(UsageError, match="'fr'"):
        use("fr")
    assert language() == "en"


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, "en"),
    ],
)
def test_the_environment_chooses(environment: dict[str, str], lang: str) -> None:
    assert preferred(environment) == lang


@given(st.lists(st.text(st.sampled_from("abc d"), min_size=1), min_size=2, max_size=2))
def test_what_was_filled_in_comes_back(values: list[str]) -> None:
    one = pattern("container {name} has {what} set", "")
    text = f"container {values[0]} has {values[1]} set"
    assert all(f"container {found['name']} has {found['what']} set" == text for found in fits(one, text))
    assert next(fits(one, text), None) is not None


@given(st.text(max_size=300))
def test_hostile_text_is_never_an_error(text: str) -> None:
    with speaking("zh"):
        assert isinstance(translate(text), str)


@given(TEXT, st.integers(2, 60))
def test_wide_characters_fill_columns_exactly(text: str, width: int) -> None:
    assert cells(pad(text, width)) == width
    assert cells(cut(text, width)) <= width


@given(TEXT, st.integers(12, 80))
def test_lines_are_no_wider_than_they_may_be(text: str, width: int) -> None:
    lines = wrap(text, width)
    words = [one for one in text.split(" ") if cells(one) > width]
    assert words or all(cells(one) <= width + 2 * (one.count("，") + one.count("。")) for one in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
def test_columns_stand_below_each_other(rows: list[tuple[str, str]]) -> None:
    assert all(cells(one) <= 32 for one in terminal.columns(rows, (10, 20)))


@pytest.mark.usefixtures("chinese")
def test_a_screen_wraps_chinese() -> None:
    lines = Screen(60).wrap("权能是拆分开的 root 权力。" * 10, 16, f"    {translate('observed')}")
    assert lines[0].startswith("    观察到")
    assert all(cells(one) <= 62 for one in lines)


MARKDOWN = "# Summary\n\nNobody wrote this.\n\n```python\n# Summary\n```\n\n## The score\n"


@pytest.mark.usefixtures("chinese")
def test_markdown_keeps_code_and_what_is_not_known() -> None:
    assert markdown(MARKDOWN) == "# 总结\n\nNobody wrote this.\n\n```python\n# Summary\n```\n\n## 分数\n"


def test_paragraphs_leave_code_out() -> None:
    assert list(paragraphs(MARKDOWN)) == ["Summary", "Nobody wrote this.", "The score"]


def test_a_notebook_keeps_its_code_and_gets_its_language() -> None:
    cells_ = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Summary\n", "\n", "## The score"]},
        {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": ['lang: str = "en"  # Language\n']},
        {"cell_type": "code", "metadata": {}, "source": 'lang: str = "en"'},
    ]
    content = json.dumps({"cells": cells_}).encode()
    assert notebook(content) == content
    with speaking("zh"):
        found = json.loads(notebook(content))["cells"]
    assert found[0]["source"] == ["# 总结\n", "\n", "## 分数"]
    assert found[1]["source"] == ['lang: str = "zh"  # Language\n']
    assert "".join(found[2]["source"]) == 'lang: str = "en"'
