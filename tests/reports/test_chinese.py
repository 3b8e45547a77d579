"""A report in Chinese: no English sentence is left in its pages but quoted objects and names."""

import json
import sys
from pathlib import Path

import pytest

from k8snb.languages import language
from k8snb.reports.report import report

sys.path.insert(0, str(Path(__file__).parents[1] / "languages"))
from english import english, texts

NAMES = ("replace -f -",)
"""What is English and quoted: parts of commands."""


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report("demo", tmp_path_factory.mktemp("chinese"), lang="zh", jobs=2)


def test_no_english_sentence_is_left(chinese: Path) -> None:
    left = {page.name: english(page.read_text(encoding="utf-8"), NAMES) for page in sorted(chinese.glob("*.html"))}
    assert len(left) == 9
    assert not {name: found for name, found in left.items() if found}


def test_pages_say_that_they_are_chinese(chinese: Path) -> None:
    for page in chinese.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert '<html lang="zh-CN">' in text
        assert "Noto Sans CJK SC" in text
        assert "Microsoft YaHei" in text


def test_records_stay_english(chinese: Path) -> None:
    record = json.loads((chinese / "assessment.json").read_bytes())
    assert all(one["message"].isascii() or "…" in one["message"] for one in record["findings"])


def test_the_notebooks_are_chinese_and_run_again_in_chinese(chinese: Path) -> None:
    found = json.loads((chinese / "notebooks" / "07-summary.ipynb").read_bytes())
    sources = ["".join(one["source"]) for one in found["cells"]]
    assert sources[0].startswith("# 总结")
    assert any('lang: str = "zh"' in one for one in sources)


def test_the_language_of_the_process_stays(chinese: Path) -> None:
    assert chinese.exists()
    assert language() == "en"


def test_english_is_noticed() -> None:
    page = '<p>这是 nobody looked at it</p><code>nobody looks here</code><b title="and not there either">x</b>'
    assert english(page) == ["这是 nobody looked at it", "and not there either"]
    assert not english("<p>kubectl replace -f -</p><p>ClusterRole/x 允许 get secrets, list secrets</p>")
    assert list(texts("<p>一</p>")) == ["一"]
