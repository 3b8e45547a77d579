"""Forms of the notebooks: the source to assess, and what people answer for."""

from typing import TYPE_CHECKING

from k8snb.languages import use
from k8snb.notebook.chapter import Chapter

if TYPE_CHECKING:
    from k8snb_widgets import Chooser, Editor


def chooser(source: str, *, lang: str = "en", interactive: bool = False) -> "Chooser":
    """Give a source to choose, whose `value` is the word of it; a line with the source where nothing can be clicked.

    Args:
        source: The source that the notebook was given.
        lang: Language of the texts, `en` or `zh`.
        interactive: Whether to offer others.

    Raises:
        UsageError: if there is no such language.
    """
    from k8snb_widgets import Chooser

    use(lang)
    return Chooser(source, name="chooser", interactive=interactive)


def editor(chapter: Chapter, *, waivers: str = "", attestations: str = "", interactive: bool = False) -> "Editor":
    """Give the waivers and attestations that there are, and a form to write more.

    Args:
        chapter: The chapter.
        waivers: Path of the file of waivers; `waivers.yaml` in the working directory if empty.
        attestations: Path of the file of attestations; `attestations.yaml` in the working directory if empty.
        interactive: Whether to give the form; otherwise only what the run was given is shown.
    """
    from k8snb_widgets import Editor

    own = ("waivers.yaml", "attestations.yaml") if interactive else ("", "")
    paths = [given or one for given, one in zip((waivers, attestations), own, strict=True)]
    return Editor(
        chapter.result,
        waivers=paths[0],
        attestations=paths[1],
        name=f"editor {chapter.name}",
        interactive=interactive,
    )
