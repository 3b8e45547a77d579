"""What a cluster is, in a few lines: how much there is, and what could not be read."""

from k8snb.display import terminal
from k8snb.display.coverage import coverage_html, coverage_rows, told
from k8snb.display.shown import Bundle
from k8snb.display.style import scoped
from k8snb.display.text import html_text, plain
from k8snb.display.words import number
from k8snb.inventory.cluster import Cluster
from k8snb.languages import _


def cluster_bundle(cluster: Cluster) -> Bundle:
    """Give the MIME bundle of an inventory."""
    name, line, read = cluster.source.name, _line(cluster), _(f"{told(cluster.coverage)}.")
    html = (
        f'<h3>{html_text(name, 200)}</h3><p class="s">{html_text(line, 400)}</p>'
        f"<p>{_size(cluster)}</p><p>{html_text(read)}</p>{coverage_html(cluster.coverage)}"
    )
    gaps = [one for one in cluster.coverage if one.cause]
    lines = [f"{plain(name)}: {plain(line)}", _size(cluster), *terminal.wrapped(read)]
    return {"text/html": scoped(html), "text/plain": "\n".join([*lines, *([coverage_rows(gaps)] if gaps else [])])}


def _line(cluster: Cluster) -> str:
    selected = sorted(cluster.selected_namespaces)
    limit = _(f"only {', '.join(selected)}") if selected else None
    return " · ".join(one for one in (cluster.source.kind, cluster.version, cluster.provider, limit) if one)


def _size(cluster: Cluster) -> str:
    pods = number(sum(one.pods for one in cluster.workloads), "pod")
    return _(
        f"{pods} of {number(len(cluster.workloads), 'workload')} in {number(len(cluster.namespace_names), 'namespace')}"
    )
