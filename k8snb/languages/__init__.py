"""The languages that people read: texts are English everywhere inside, and translated where they are shown.

An English text is the key of its translation, also when it was put together from parts: the catalogue has
`container {name} runs privileged`, and whatever stands for `{name}` is carried over. Records stay English.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from k8snb.errors import UsageError

TAGS: Mapping[str, str] = {"en": "en", "zh": "zh-CN"}
"""The languages, each with its tag for HTML (RFC 5646)."""
FONTS = (
    'system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", '
    "sans-serif"
)
"""The fonts of pages and figures; those for Chinese stand behind those for Latin."""
_chosen = ["en"]


def language() -> str:
    """Give the language in use, `en` or `zh`."""
    return _chosen[0]


def use(lang: str | None) -> None:
    """Choose the language of everything that is shown from now on, in this process.

    Args:
        lang: `en` or `zh`; None takes what the environment asks for.

    Raises:
        UsageError: if there is no such language.
    """
    wanted = preferred() if lang is None else lang
    if wanted not in TAGS:
        raise UsageError(f"There are no texts in {wanted!r}.", f"Known: {', '.join(TAGS)}.")
    _chosen[0] = wanted


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Use a language for a while."""
    before = language()
    use(lang)
    try:
        yield
    finally:
        _chosen[0] = before


def preferred(environment: Mapping[str, str] = os.environ) -> str:
    """Give the language that the environment asks for: Chinese, or else English.

    Source: POSIX.1-2024, 8.2 Internationalization Variables: `LC_ALL` wins over `LC_MESSAGES`, and that over `LANG`.
    """
    asked = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if asked.lower().startswith("zh") else "en"


def translate(text: str) -> str:
    """Give a text in the language in use; what no translation is known of stays as it is."""
    if language() == "en" or not text:
        return text
    from k8snb.languages.catalogue import translated

    return translated(text)


def plural(count: int, one: str, many: str) -> str:
    """Give a count with its noun, such as `1 finding` or `12,400 findings`."""
    noun = one if count == 1 else many
    if language() == "en":
        return f"{count:,} {noun}"
    from k8snb.languages.catalogue import counted

    return counted(f"{count:,}", one, noun)


_ = translate
