"""What a report run and its worker processes tell each other."""

from typing import Any

import msgspec


class Job(msgspec.Struct, frozen=True):
    """One notebook to run; a line of a worker's standard input, as JSON.

    Attributes:
        notebook: Name of the file, in the worker's working directory; it is executed in place.
        parameters: Values for its parameters.
        page: Path of the HTML page to write.
        title: Title of the page.
        navigation: HTML of the links to the other pages.
        runtime: Folder for the kernel's sockets and settings.
        record: Path at which the notebook's last cell writes its record.
        token: What the record must carry, so that no other run's record counts.
        lang: Language of the page.
    """

    notebook: str
    parameters: dict[str, Any]
    page: str
    title: str
    navigation: str
    runtime: str
    record: str
    token: str
    lang: str = "en"


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a worker's standard output, as JSON.

    Attributes:
        cell: Id of the cell that begins; empty when the event is another.
        position: The cell's place among the code cells, from 1.
        cells: How many code cells there are.
        ended: Whether the job is over.
        error: Why the run failed; one line.
    """

    cell: str = ""
    position: int = 0
    cells: int = 0
    ended: bool = False
    error: str = ""


class Completion(msgspec.Struct, frozen=True):
    """The record that the last cell of a notebook writes; without it a run is not complete.

    Attributes:
        notebook: Name of the notebook, without the extension.
        token: The token of the run.
        completed: When, RFC 3339.
        controls: How many controls were assessed.
        failing: How many findings fail.
        not_assessed: How many findings are not assessed.
        low: Lower end of the score, in percent.
        high: Upper end of the score, in percent.
    """

    notebook: str
    token: str
    completed: str
    controls: int
    failing: int
    not_assessed: int
    low: float
    high: float


RECORD, TOKEN = "K8SNB_RECORD", "K8SNB_RECORD_TOKEN"
