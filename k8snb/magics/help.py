"""Questions: `%k8s assess?` is answered as `%k8s assess --help`."""

import re

_QUESTION = re.compile(r"(?P<words>\s*%k8s\s+[a-z]+)\s*\?{1,2}\s*", re.ASCII)


def question(lines: list[str]) -> list[str]:
    """Rewrite questions about a word of `%k8s`, which IPython itself would take for one about a Python name.

    Args:
        lines: The lines of a cell; IPython's input transformers give and take them so.
    """
    return [f"{found['words']} --help\n" if (found := _QUESTION.fullmatch(line)) else line for line in lines]
