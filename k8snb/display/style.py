"""The stylesheet of everything that is shown: calm, light and dark, distinguishable without colour.

The colours come in pairs for light and dark, close to the set of Okabe and Ito that colour-blind people tell apart;
text keeps a contrast of 4.5:1 (WCAG 2.2, 1.4.3). JupyterLab's theme wins over the browser's.
"""

import re
from functools import cache
from importlib.resources import files


def stylesheet() -> str:
    """Give the whole stylesheet of a standalone page, for its `<style>` element: both themes, and paper."""
    return "\n".join(map(rules, ("style", "figure", "page")))


@cache
def rules(name: str) -> str:
    """Give one of the stylesheets, `style`, `figure` or `page`, without needless spaces."""
    text = files("k8snb.display").joinpath(f"{name}.css").read_text(encoding="utf-8")
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", text)).replace(";}", "}").strip()


def scoped(content: str, *more: str) -> str:
    """Give the HTML of one output: the content below an element of class `k8snb`, with its stylesheet.

    Args:
        content: HTML that is safe already.
        more: Further stylesheets that it needs.
    """
    return f'<div class="k8snb"><style>{"".join(map(rules, ("style", *more)))}</style>{content}</div>'
