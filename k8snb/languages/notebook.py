"""A notebook in the language in use: the same cells, their Markdown translated, and its parameter `lang` set."""

import json
import re

from k8snb.languages import language
from k8snb.languages.markdown import markdown

_LANG = re.compile(r'^(lang: str = )"\w*"', re.MULTILINE)


def notebook(content: bytes) -> bytes:
    """Give the content of a notebook file in the language in use; its code stays as it is.

    Args:
        content: JSON of nbformat 4; in English.
    """
    if language() == "en":
        return content
    found = json.loads(content)
    for cell in found["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            text = markdown(text)
        elif "parameters" in cell["metadata"].get("tags", ()):
            text = _LANG.sub(rf'\1"{language()}"', text)
        cell["source"] = text.splitlines(keepends=True)
    return f"{json.dumps(found, indent=1, ensure_ascii=False)}\n".encode()
