"""The Chinese catalogue: looking texts up, whole or by the pattern that fixes most of them."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from k8snb.languages.pattern import HOLE, Pattern, fit, pattern

_LONGEST = 4000
_JOINTS = (("; ", "；"), (". ", "。"), (": ", "："), (", ", "，"), (" · ", " · "))
"""Where clauses are joined, in English and in Chinese."""


class Catalogue(NamedTuple):
    """The translations.

    Attributes:
        texts: Chinese by English, of texts without holes.
        patterns: Those with holes, the one that fixes most first.
    """

    texts: Mapping[str, str]
    patterns: Sequence[Pattern]


@cache
def catalogue() -> Catalogue:
    """Read the catalogue."""
    from babel.messages.pofile import read_po

    with files("k8snb.languages").joinpath("zh", "k8snb.po").open("rb") as file:
        found = read_po(file, locale="zh_Hans_CN")
    texts: dict[str, str] = {}
    for message in found:
        english = [message.id] if isinstance(message.id, str) else list(message.id)
        chinese = message.string if isinstance(message.string, str) else message.string[0]
        if chinese and english[0]:
            texts |= dict.fromkeys(english, chinese)
    patterns = [pattern(one, texts[one]) for one in texts if HOLE.search(one)]
    return Catalogue(texts, sorted(patterns, key=lambda one: -one.weight))


@lru_cache(maxsize=1 << 15)
def translated(text: str) -> str:
    """Give a text in Chinese; where no translation is known, its clauses that are known."""
    if text.isspace() or len(text) > _LONGEST:
        return text
    found = _known(text)
    if found is None and text.endswith("."):
        found = _known(text[:-1])
        found = None if found is None else f"{found}。"
    return found or _clauses(text)


def counted(count: str, one: str, noun: str) -> str:
    """Give a count with its noun in Chinese, where measure words stand between them."""
    known = catalogue().texts.get(f"{{count}} {one}")
    return known.replace("{count}", count) if known else f"{count} {noun}"


def _known(text: str) -> str | None:
    texts, patterns = catalogue()
    if text in texts:
        return texts[text]
    joint = next((english for english, _ in _JOINTS[:1] if english in text), "")
    for one in patterns:
        if joint and not any(joint in literal for literal in one.literals):
            continue
        values = fit(one, text)
        if values is not None:
            return _filled(one.translation, values)
    return None


def _filled(translation: str, values: Mapping[str, str]) -> str:
    def value(name: str, *, word: bool) -> str:
        found = values[name]
        return translated(found) if word or " " in found.strip() else found

    return HOLE.sub(lambda hole: value(hole[1], word=bool(hole[2])), translation)


def _clauses(text: str) -> str:
    """Translate the clauses of a text that are known; it stays as it is where none is."""
    for english, chinese in _JOINTS:
        if english in text:
            parts = text.split(english)
            found = [translated(one) for one in parts]
            if found != parts:
                return chinese.join(found)
    return text
