"""From a source to an archived report."""

import secrets
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import msgspec

from k8snb.assessment.assess import assess
from k8snb.assessment.assessment import Assessment
from k8snb.assessment.parameters import resolve
from k8snb.assessment.waivers import attestations_from, waivers_from
from k8snb.chapters import CHAPTERS
from k8snb.controls.registry import controls, select
from k8snb.errors import ReportError
from k8snb.inventory.cluster import load
from k8snb.inventory.connect import open_source, with_files
from k8snb.inventory.imports import refuse_others
from k8snb.languages import _, language, speaking
from k8snb.languages.notebook import notebook
from k8snb.notebook_files import folder as notebook_folder
from k8snb.reports import archive
from k8snb.reports.front import HOME, front
from k8snb.reports.job import Job
from k8snb.reports.manifest import NAME, SCHEMA, Manifest, files, verify, versions
from k8snb.reports.page import Link, links
from k8snb.reports.parameters import declared, given
from k8snb.reports.runs import Outcome, Workers, ignore_signals, interruptible
from k8snb.reports.store import store
from k8snb.sources.nothing import refuse_nothing
from k8snb.sources.stream import Source

if TYPE_CHECKING:
    from k8snb.sources.connection_config import Access

__all__ = ["Request", "build", "report", "verify"]
SNAPSHOT = "snapshot.k8snb"
TIME_LIMIT = 600.0
"""Seconds that one notebook may take."""
SUMMARY = "07-summary"
LABELS = {"04-authentication-authorization": "Authentication and authorization"}
PATHS = {"image_scans", "scan_reports", "audit_policy"}
"""Parameters that are a path, or a list of paths."""
FILES = {"waivers": "waivers.yaml", "attestations": "attestations.yaml"}


class Request(msgspec.Struct, frozen=True):
    """A report that somebody asked for, with everything checked that can be checked beforehand.

    Attributes:
        out: The folder that the archive is made in.
        notebooks: Paths of the notebooks to run.
        chapters: Ids of the chapters to assess; None for all.
        parameters: Values of controls' parameters.
        namespaces: Limits the subjects; none means all.
        files: Paths of the files of waivers and attestations, by word, where given.
        jobs: How many notebooks run at once.
        time_limit: Seconds that one notebook may take.
    """

    out: Path
    notebooks: tuple[Path, ...]
    chapters: tuple[str, ...] | None
    parameters: Mapping[str, Any]
    namespaces: tuple[str, ...]
    files: Mapping[str, str]
    jobs: int
    time_limit: float = TIME_LIMIT


def report(
    source: str | None,
    out: Path,
    *,
    chapters: Sequence[str] | None = None,
    parameters: Mapping[str, Any] | None = None,
    lang: str = "en",
    jobs: int = 2,
    namespaces: Sequence[str] = (),
    waivers: str | None = None,
    attestations: str | None = None,
    complete: bool = False,
    kubeconfig: "Access | str | None" = None,
    evidence: Sequence[str] = (),
    any_evidence: bool = False,
) -> Path:
    """Assess a source and archive the executed notebooks, their pages and the data behind them.

    Args:
        source: The word of a source, see `k8snb.connect`.
        out: The folder that the archive is made in; made if need be.
        chapters: Ids of the chapters to run; None for all.
        parameters: Values of parameters that controls declare.
        lang: Language of the notebooks and pages, `en` or `zh`.
        jobs: How many notebooks run at once.
        namespaces: Limits the subjects to these namespaces; none means all.
        waivers: Path of a YAML file of waivers.
        attestations: Path of a YAML file of attestations.
        complete: Whether manifests are the whole cluster.
        kubeconfig: Path of a kubeconfig file, or how to reach the cluster.
        evidence: Paths of evidence files, see `k8snb.connect`.
        any_evidence: Whether those count too that are old, or of another cluster.

    Returns:
        The archive's folder, `<out>/<time>-<source>`.

    Raises:
        UsageError: if an argument is wrong.
        SourceError: if the source cannot be read.
        ReportError: if the run did not complete; there is no archive then.
    """
    with speaking(lang):
        select(chapters, None)
    values = msgspec.to_builtins(resolve(parameters, controls().values(), None))
    waivers_from(waivers, date.today())
    attestations_from(attestations, date.today())
    request = Request(
        out,
        notebooks(chapters),
        tuple(chapters) if chapters is not None else None,
        {name: _absolute(name, values[name]) for name in parameters or {}},
        tuple(namespaces),
        {word: path for word, path in (("waivers", waivers), ("attestations", attestations)) if path},
        jobs,
    )
    opened = open_source(source, complete=complete, kubeconfig=kubeconfig, namespaces=namespaces)
    with speaking(lang):
        return build(request, with_files(opened, evidence, anyway=any_evidence))


def notebooks(chapters: Sequence[str] | None) -> tuple[Path, ...]:
    """Give the notebooks of some chapters, or of all, and that of the summary."""
    names = [one.notebook for one in CHAPTERS if chapters is None or one.id in chapters]
    return tuple(notebook_folder() / f"{name}.ipynb" for name in (*names, SUMMARY))


def _absolute(name: str, value: Any) -> Any:
    """Give a parameter's value as it is to be understood in the notebooks' folder."""
    if name not in PATHS or not value:
        return value
    return str(Path(value).resolve()) if isinstance(value, str) else [str(Path(one).resolve()) for one in value]


def build(request: Request, source: Source) -> Path:
    """Make the archive of a request; see `report`."""
    started = datetime.now(UTC)
    target = request.out / archive.name(started, source.name)
    with archive.building(request.out) as folder, interruptible():
        workers = Workers(folder / "notebooks", request.time_limit)
        try:
            _fill(folder, request, source, workers, started)
            archive.flush(folder)
            ignore_signals()
            return archive.move(folder, target)
        except KeyboardInterrupt:
            where = " and ".join(workers.places.values()) or "before the first notebook"
            raise _stopped(f"Interrupted: {where}", folder, target, list(workers.places)) from None
        except ReportError as error:
            raise _stopped(error.message, folder, target, [workers.failed]) from error
        except OSError as error:
            raise _stopped(f"{error.strerror}: {error.filename}", folder, target, list(workers.places)) from error


def _fill(folder: Path, request: Request, source: Source, workers: Workers, started: datetime) -> None:
    began = monotonic()
    (folder / "notebooks").mkdir()
    store(source, folder / SNAPSHOT, stamp(started))
    for word, path in request.files.items():
        shutil.copyfile(path, folder / FILES[word])
    result = _assessed(folder, request, source)
    (folder / "assessment.json").write_bytes(result.to_json())
    pages = [(HOME, _("Overview")), *((f"{one.stem}.html", label(one.stem)) for one in request.notebooks)]
    (folder / HOME).write_text(front(result, pages), encoding="utf-8")
    today = str(result.record.parameters["today"])
    outcomes = _run(folder, request, workers, pages, today)
    written = Manifest(
        SCHEMA,
        stamp(started),
        stamp(datetime.now(UTC)),
        round(monotonic() - began, 3),
        versions(),
        result.record.source,
        {"namespaces": request.namespaces, "chapters": request.chapters, **request.parameters, "today": today},
        {path.stem: outcomes[path.name] for path in request.notebooks},
        files(folder),
    )
    (folder / NAME).write_bytes(msgspec.json.format(msgspec.json.encode(written), indent=1))


def _assessed(folder: Path, request: Request, source: Source) -> Assessment:
    cluster = load(open_source(str(folder / SNAPSHOT)), kind=source.kind)
    if getattr(source, "added", False):
        refuse_others(cluster)
    refuse_nothing(source.kind, sum(one.listed for one in cluster.coverage), cluster.gaps)
    cluster = cluster.limited(request.namespaces)
    waivers, attestations = (str(folder / name) if word in request.files else None for word, name in FILES.items())
    return assess(
        cluster,
        chapters=request.chapters,
        parameters=request.parameters,
        waivers=waivers,
        attestations=attestations,
    )


def _run(folder: Path, request: Request, workers: Workers, pages: Sequence[Link], today: str) -> dict[str, Outcome]:
    common = {
        "source": f"../{SNAPSHOT}",
        "namespaces": list(request.namespaces),
        "chapters": list(request.chapters or ()),
        "today": today,
        "lang": language(),
        **{word: f"../{FILES[word]}" for word in request.files},
    }
    with tempfile.TemporaryDirectory(prefix="k8snb-", ignore_cleanup_errors=True) as scratch:
        jobs = []
        for path in request.notebooks:
            values = given(declared(path), common, request.parameters)
            (folder / "notebooks" / path.name).write_bytes(notebook(path.read_bytes()))
            jobs.append(_job(path.stem, values, folder.resolve(), Path(scratch), pages))
        return workers.run(jobs, request.jobs)


def _job(stem: str, values: dict[str, Any], folder: Path, scratch: Path, pages: Sequence[Link]) -> Job:
    page = f"{stem}.html"
    return Job(
        f"{stem}.ipynb",
        values,
        str(folder / page),
        _(f"{label(stem)}: Kubernetes hardening report"),
        links(pages, page),
        str(scratch / stem),
        str(scratch / stem / "record.json"),
        secrets.token_hex(16),
        language(),
    )


def _stopped(why: str, folder: Path, target: Path, notebooks: Sequence[str]) -> ReportError:
    """Keep the notebooks that did not complete, and say what happened."""
    kept = target.with_name(f"failed-{target.name}")
    moved = [name for name in notebooks if name and _keep(folder / "notebooks" / name, kept)]
    hint = f"{kept} holds the notebook as far as it came." if moved else ""
    return ReportError(f"{why.rstrip('.')}. No archive was made.", hint)


def _keep(notebook: Path, kept: Path) -> bool:
    try:
        kept.mkdir(exist_ok=True)
        notebook.replace(kept / notebook.name)
    except OSError:
        return False
    return True


def label(stem: str) -> str:
    """Give a short name of a notebook, such as `Pod security` for `02-pod-security`."""
    return _(LABELS.get(stem) or stem.partition("-")[2].replace("-", " ").capitalize() or stem)


def stamp(moment: datetime) -> str:
    """Give a time as RFC 3339, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
