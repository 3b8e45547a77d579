"""The Chinese catalogue: looking texts up, whole or by the pattern that fixes most of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice
from typing import NamedTuple

from k8snb.languages.pattern import HOLE, Pattern, fits, pattern

_LONGEST, _SURE, _FEW, _MOST = 4000, 4, 5, 32
"""Characters of a text to translate at most; of a pattern that may hold any values; words of values otherwise; ways to
read a text."""
_OBJECT = re.compile(r"[A-Z][A-Za-z]+ \S+ ")
_CHINESE, _LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z0-9`]")
_MEASURED = re.compile(r"\{(\w+)\} [个项条种处步天]")
"""A translation that begins with a count."""
_CLAUSE = re.compile(r"; (?![^(]*\))")
_JOINTS = tuple(
    (re.compile(english), chinese, soft)
    for english, chinese, soft in (
        (" -> ", " → ", False),
        (_CLAUSE, "；", False),  # noqa: RUF001
        (r"\. ", "。", False),
        (": ", "：", True),  # noqa: RUF001
        (", ", "，", True),  # noqa: RUF001
    )
)
"""Where clauses are joined, in English and in Chinese; a semicolon in brackets joins none. Soft ones may
also stand inside of a clause: there all parts are known, or none is translated."""


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
        chinese = message.string if isinstance(message.string, str) else (message.string or ("",))[0]
        if chinese and english[0]:
            texts |= dict.fromkeys(english, chinese)
    patterns = [pattern(one, texts[one]) for one in texts if HOLE.search(one) and texts[one] != one]
    return Catalogue(texts, sorted(patterns, key=lambda one: -one.weight))


@lru_cache(maxsize=1 << 15)
def translated(text: str) -> str:
    """Give a text in Chinese; where no translation is known, its clauses that are known."""
    if len(text) > _LONGEST:
        return text
    stripped = text.strip()
    ways = (_known, _sentence, _subject, _remark, _clauses, _vague)
    found = next((found for way in ways if (found := way(stripped))), "")
    return text.replace(stripped, found, 1) if found else text


def counted(count: str, one: str, noun: str) -> str:
    """Give a count with its noun in Chinese, where measure words stand between them."""
    known = catalogue().texts.get(f"{{count}} {one}")
    return known.replace("{count}", count) if known else f"{count} {noun}"


@lru_cache(maxsize=64)
def english(word: str) -> Sequence[Sequence[str]]:
    """Give what is fixed of every English text whose Chinese has a word; vague texts are left out.

    Args:
        word: A part of a Chinese text.
    """
    texts, patterns = catalogue()
    found = [(one,) for one, chinese in texts.items() if word in chinese and not HOLE.search(one)]
    return [*found, *(one.literals for one in patterns if word in one.translation and one.weight >= 2 * _SURE)]


def _known(text: str, sure: int = _SURE) -> str:
    texts, patterns = catalogue()
    if text in texts:
        return texts[text]
    joints = [joint for joint, found in ((" -> ", " -> " in text), ("; ", _CLAUSE.search(text))) if found]
    for one in patterns:
        if one.weight < sure or any(all(joint not in part for part in one.literals) for joint in joints):
            continue
        found = list(islice(_readings(one, text), _MOST))
        if found:
            return _filled(one.translation, max(found, key=_likely) if len(found) > 1 else found[0])
    return ""


def _readings(one: Pattern, text: str) -> Iterator[Mapping[str, str]]:
    """Give what may stand in the holes; what is counted is a number."""
    counted = _MEASURED.match(one.translation)
    return (found for found in fits(one, text) if counted is None or found[counted[1]][:1].isdigit())


def _likely(values: Mapping[str, str]) -> int:
    """Say how much speaks for these values: texts that are known, against those that are none."""
    return sum(2 if _known(value, 3 * _SURE) else -1 for value in values.values() if " " in value)


def _vague(text: str) -> str:
    """Translate a short text by a pattern that fixes little of it, such as `{share} of {all}`."""
    for one in catalogue().patterns:
        found = next(_readings(one, text), None) if one.weight < _SURE else None
        if found is not None and all(value.count(" ") < _FEW for value in found.values()):
            return _filled(one.translation, found)
    return ""


def _filled(translation: str, values: Mapping[str, str]) -> str:
    """Fill a translation; a space parts Latin letters and digits from Chinese characters."""

    def value(hole: re.Match[str]) -> str:
        found = values[hole[1]]
        told = translated(found) if hole[2] or " " in found.strip() else found
        before = " " if _CHINESE.match(translation[hole.start() - 1 : hole.start()]) and _LATIN.match(told) else ""
        after = " " if _CHINESE.match(translation[hole.end() :]) and _LATIN.match(told[-1:]) else ""
        return f"{before}{told}{after}"

    return HOLE.sub(value, translation).replace(" （", "（")  # noqa: RUF001


def _subject(text: str) -> str:
    """Translate what is told of an object, behind its kind and name."""
    found = _OBJECT.match(text)
    told = _known(text[found.end() :]) if found else ""
    return f"{found[0]}{told}" if found and told else ""


def _sentence(text: str) -> str:
    """Translate a known text that became a sentence by its full stop."""
    found = _known(text[:-1]) if text.endswith(".") else ""
    return f"{found}。" if found else ""


def _remark(text: str) -> str:
    """Translate a text that ends with a remark in brackets; empty where neither is known."""
    if not text.endswith(")") or " (" not in text:
        return ""
    told, _, inside = text.rpartition(" (")
    remark = _known(f"({inside}")
    found = translated(told)
    if not remark and found == told:
        return ""
    return f"{found}{remark or f'（{translated(inside[:-1])}）'}"  # noqa: RUF001


def _clauses(text: str) -> str:
    """Translate the clauses of a text that are known; empty where none is."""
    for joint, chinese, soft in _JOINTS:
        parts = joint.split(text)
        found = [translated(one) if " " in one else one for one in parts] if len(parts) > 1 else parts
        left = sum(one == told for one, told in zip(parts, found, strict=True) if " " in one)
        if found != parts and not (soft and left):
            return chinese.join(found)
    return ""
