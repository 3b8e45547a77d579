"""The Chinese catalogue: it has every text, none that is gone, and every value that the English has."""

import re
import sys
from pathlib import Path

import pytest

from k8snb.languages.pattern import HOLE

sys.path.insert(0, str(Path(__file__).parent))
import texts
import update

KNOWN = update.read()
TODAY = {one for _, (one, _) in texts.everything()}
TRANSLATIONS = {
    (one.id if isinstance(one.id, str) else one.id[0]): one.string if isinstance(one.string, str) else one.string[0]
    for one in KNOWN
    if one.id
}


def test_every_text_has_a_translation() -> None:
    missing = sorted(one for one in TODAY if not TRANSLATIONS.get(one))
    assert not missing, "run tests/languages/update.py and translate"


def test_no_text_is_there_that_nobody_shows() -> None:
    assert not sorted(TRANSLATIONS.keys() - TODAY), "run tests/languages/update.py"


def test_nothing_is_guessed() -> None:
    assert not [one.id for one in KNOWN if one.id and one.fuzzy]


@pytest.mark.parametrize("english", sorted(one for one in TRANSLATIONS if HOLE.search(one)))
def test_a_translation_has_the_values_of_the_english(english: str) -> None:
    wanted = {hole[1] for hole in HOLE.finditer(english)}
    assert {hole[1] for hole in HOLE.finditer(TRANSLATIONS[english])} == wanted


@pytest.mark.parametrize("mark", ["`"])
def test_code_stays_marked(mark: str) -> None:
    assert not [one for one, chinese in TRANSLATIONS.items() if one.count(mark) != chinese.count(mark)]


def test_no_flag_is_broken_up() -> None:
    """A flag that ends with a dash goes on behind a space: `--token- file`."""
    broken = re.compile(r"--[a-z][a-z-]*- \w")
    assert not [one for one in (*TODAY, *TRANSLATIONS.values()) if broken.search(one)]


def test_the_file_is_as_the_update_writes_it() -> None:
    assert update.FILE.read_bytes() == update.written(update.updated(KNOWN))
