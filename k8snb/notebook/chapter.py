"""Opening a chapter on a source, and closing it with a record."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from k8snb.assessment.assess import assess
from k8snb.assessment.assessment import Assessment
from k8snb.display.assessment import source_line
from k8snb.display.coverage import told
from k8snb.display.shown import Bundle, Shown
from k8snb.display.style import scoped
from k8snb.display.text import html_text, plain
from k8snb.errors import K8snbError
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.connect import connect
from k8snb.languages import translate, use
from k8snb.reports.job import RECORD, TOKEN, Completion


class Chapter(msgspec.Struct, frozen=True):
    """What a notebook works on.

    Attributes:
        name: Name of the notebook, without the extension.
        cluster: The inventory.
        result: The assessment of the notebook's chapters, passing verdicts among its findings.
    """

    name: str
    cluster: Cluster
    result: Assessment

    def _repr_mimebundle_(self, **_: Any) -> Bundle:
        name, line = self.result.record.source.name, source_line(self.result)
        read = translate(f"{told(self.result.coverage)}.")
        html = f"<h3>{html_text(name, 200)}</h3><p>{html_text(line, 400)}<br>{html_text(read)}</p>"
        return {"text/html": scoped(html), "text/plain": f"{name}: {line}\n{read}"}


def open_chapter(
    name: str,
    source: str,
    *,
    chapters: Sequence[str] | None = None,
    namespaces: Sequence[str] = (),
    lang: str = "en",
    waivers: str = "",
    attestations: str = "",
    today: str = "",
    settings: Mapping[str, Any] | None = None,
    **parameters: Any,
) -> Chapter:
    """Read a source and assess the chapters of a notebook.

    Args:
        name: Name of the notebook, without the extension.
        source: The word of a source, see `k8snb.connect`; the current kubeconfig context if empty.
        chapters: Ids of the chapters to assess; all if None or empty.
        namespaces: Limits the subjects to these namespaces; none means all.
        lang: Language of the texts, `en` or `zh`.
        waivers: Path of a YAML file of waivers; none if empty.
        attestations: Path of a YAML file of attestations; none if empty.
        today: The day to judge ages by, as YYYY-MM-DD; the day of the run if empty.
        settings: Values of parameters that controls declare, by name.
        parameters: The same, by keyword; these win.

    Raises:
        K8snbError: as `k8snb.connect` and `k8snb.assess` do; a notebook shows it as one line.
    """
    _friendly()
    use(lang)
    cluster = connect(source or None, namespaces=namespaces)
    values = {**(settings or {}), **parameters, **({"today": today} if today else {})}
    found = assess(
        cluster,
        chapters=list(chapters or ()) or None,
        parameters=values,
        waivers=waivers or None,
        attestations=attestations or None,
        all=True,
    )
    return Chapter(name, cluster, found)


def complete(chapter: Chapter) -> Shown:
    """Say that the notebook came to its end, and leave the record of it where a report run asks for one.

    Call it in the last cell, so that nothing but a whole run leaves a record.
    """
    result = chapter.result
    record = Completion(
        chapter.name,
        os.environ.get(TOKEN, ""),
        datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        len(result.controls),
        len(result.findings(status="fail")),
        len(result.findings(status="not-assessed")),
        result.score.low,
        result.score.high,
    )
    path = os.environ.get(RECORD)
    if path:
        Path(path).write_bytes(msgspec.json.encode(record))
    line = translate(f"Complete: {record.controls} controls, {record.failing} failing findings, {record.completed}.")
    return Shown({"text/html": scoped(f'<p class="s">{line}</p>'), "text/plain": line})


def _friendly() -> None:
    """In a notebook, show foreseeable problems as one line instead of a traceback; the run stops all the same."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is not None:
        shell.set_custom_exc((K8snbError,), _one_line)  # type: ignore[no-untyped-call]


def _one_line(shell: Any, kind: Any, error: K8snbError, _: Any, tb_offset: Any = None) -> None:  # noqa: ARG001
    shell._showtraceback(kind, error, [plain(error)])
