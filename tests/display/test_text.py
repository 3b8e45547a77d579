"""Text from a cluster: nothing executes, nothing is invisible, nothing breaks a line or a column."""

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snb.display.text import cells, clip, html_text, pad, plain

HOSTILE = st.text(st.sampled_from("ab<>&\"'\x1b[31m;]\x07\x9b\n\r\t\0\u202e\u200b\u2028\ud800\u0301\ufe0f❤中é🇫🇷 "))
ANYTHING = st.one_of(st.text(), HOSTILE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("shop/cart", "shop/cart"),
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b]0;title\x07name", "name"),
        ("\x1b]8;;http://x\x1b\\link", "link"),
        ("a\nb\tc", r"a\nb\tc"),
        ("\x1bc", r"\x1bc"),
        ("user\u202egnp.exe", r"user\u202egnp.exe"),
        ("\u200bzero", r"\u200bzero"),
        ("商店\u3000一", "商店 一"),
        ("\ud800", r"\ud800"),
        (None, "None"),
    ],
)
def test_a_terminal_shows_only_what_prints(text: object, shown: str) -> None:
    assert plain(text) == shown


@given(ANYTHING)
def test_plain_text_prints_on_one_line_and_stays_as_it_is(text: str) -> None:
    shown = plain(text)
    assert shown.isprintable()
    assert plain(shown) == shown
    shown.encode()


@given(ANYTHING)
def test_html_text_is_inert_in_elements_and_attributes(text: str) -> None:
    shown = html_text(text)
    assert not set(shown) & set("<>\"'")
    assert html.unescape(shown).isprintable()


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=1000))
def test_html_text_keeps_what_can_be_read(text: str) -> None:
    assert html.unescape(html_text(text)) == text


@given(ANYTHING, st.integers(0, 40))
def test_a_clipped_text_fits_its_width(text: str, width: int) -> None:
    assert cells(clip(text, width)) <= width
    assert cells(pad(text, width)) == width


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126)), st.integers(3, 40))
def test_a_clipped_text_keeps_both_ends(text: str, width: int) -> None:
    shown = clip(text, width)
    head, hole, tail = shown.partition("…")
    assert text.startswith(head)
    assert text.endswith(tail)
    assert bool(hole) == (len(text) > width)


@pytest.mark.parametrize(
    "text", ["x" * 10_000_000, "e" + "\u0301" * 10_000_000, "\x1b" * 10_000_000, "中" * 10_000_000]
)
def test_a_text_of_ten_million_characters_is_cut_to_a_size_one_can_read(text: str) -> None:
    assert len(html_text(text)) < 10_000
    assert len(clip(text, 80)) <= 4 * 80
    assert "…" in clip(text, 80)


def test_the_middle_of_a_wide_text_goes_and_both_ends_stay() -> None:
    assert clip("支付服务的部署", 9) == "支付…部署"
    assert unicodedata.normalize("NFC", clip("cafe\u0301", 4)) == "café"
