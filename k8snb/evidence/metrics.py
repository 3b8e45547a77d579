"""The few metrics of an API server that decide controls."""

from collections.abc import Iterator

from k8snb.sources.connection import Connection
from k8snb.sources.stream import Fact, Gap

PATH = "/metrics"
NAME = "metrics/kube-apiserver"
AUDIT_EVENTS = "apiserver_audit_event_total"
TRANSFORMATIONS = "apiserver_storage_transformation_operations_total"
DEPRECATED = "apiserver_requested_deprecated_apis"
STARTED = "process_start_time_seconds"
WANTED = (AUDIT_EVENTS, TRANSFORMATIONS, DEPRECATED, STARTED)
_MOST = 2_000


def read(connection: Connection, seen: str) -> Iterator[Fact | Gap]:
    """Ask for the metrics.

    Args:
        connection: How to ask.
        seen: When, RFC 3339.

    Yields:
        A fact whose value is a list of `{name, labels, value}`, of those that are wanted; or why there is none.
    """
    answer = connection.get(PATH, accept="text/plain")
    if answer.status != 200 or answer.failed:
        yield Gap(answer.failed or "unsupported", f"{PATH} of the API server: {answer.reason}", PATH)
        return
    try:
        yield Fact(NAME, samples(answer.body), "metric", PATH, seen)
    except ValueError:
        yield Gap("malformed", f"{PATH} of the API server: not in the text format of Prometheus", PATH)


def samples(body: bytes) -> list[dict[str, object]]:
    """Give the samples that are wanted; nothing else of the text is parsed.

    Args:
        body: Metrics in the text format of Prometheus.

    Raises:
        ValueError: if it is no such text.
    """
    from prometheus_client.parser import text_string_to_metric_families

    names = tuple(name.encode() for name in WANTED)
    lines = [line for line in body.splitlines() if line.startswith(names)][:_MOST]
    text = b"\n".join([*lines, b""]).decode("utf-8", "replace")
    return [
        {"name": one.name, "labels": dict(one.labels), "value": one.value}
        for family in text_string_to_metric_families(text)
        for one in family.samples
        if one.name in WANTED
    ]
