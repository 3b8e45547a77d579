"""Bring the Chinese catalogue up to date with the texts: `PYTHONPATH=. python tests/languages/update.py`.

Translations are kept; texts that are gone are dropped, new ones stand there without a translation, none is guessed.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

sys.path.insert(0, str(Path(__file__).parent))
import texts

_HEAD = r"""# Texts of k8snb in Chinese.
msgid ""
msgstr ""
"Language: zh_CN\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""
FILE = texts.ROOT / "k8snb" / "languages" / "zh" / "k8snb.po"


def template() -> Catalog:
    """Give a catalogue of all texts, without translations."""
    found = Catalog(locale="zh_Hans_CN", project="k8snb", fuzzy=False, header_comment="# Texts of k8snb in Chinese.")
    for place, (one, many) in texts.everything():
        found.add((one, many) if many else one, auto_comments=[place])
    return found


def updated(known: Catalog) -> Catalog:
    """Give the catalogue of today's texts with the translations that are known."""
    found = template()
    for message in found:
        old = known.get(message.id) if message.id else None
        if old and old.string and not old.fuzzy:
            same = isinstance(old.string, str) == isinstance(message.id, str)
            message.string = old.string if same else message.string
    return found


def untranslated(catalogue: Catalog) -> list[object]:
    """Give the texts that have no translation."""
    return [
        one.id
        for one in catalogue
        if one.id and not any([one.string] if isinstance(one.string, str) else one.string or ())
    ]


def read() -> Catalog:
    """Read the catalogue."""
    with FILE.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN")


def written(catalogue: Catalog) -> bytes:
    """Give the catalogue as a file without dates, so that nothing but texts changes."""
    file = BytesIO()
    write_po(file, catalogue, width=0, omit_header=True)
    head = 'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return (
        f'# Texts of k8snb in Chinese.\n{head}"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'.encode() + file.getvalue()
    )


if __name__ == "__main__":
    new = updated(read() if FILE.exists() else Catalog(locale="zh_Hans_CN"))
    FILE.write_bytes(written(new))
    missing = [
        one.id for one in new if one.id and not (one.string if isinstance(one.string, str) else any(one.string or ()))
    ]
    print(f"{len(new)} texts, {len(missing)} without a translation")
