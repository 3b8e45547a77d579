"""SQL over the inventory, through DuckDB, with nothing else in reach."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import msgspec

from k8snb.errors import UsageError
from k8snb.inventory.table import rows
from k8snb.resources.kinds import BY_RESOURCE

if TYPE_CHECKING:
    import pandas as pd

    from k8snb.inventory.cluster import Cluster

_COLUMNS = {
    "workloads": ("kind", "namespace", "name", "pods", "replicas", "service_account", "variant"),
    "pods": ("namespace", "name", "node", "owner_kind", "owner_name", "service_account", "images", "labels"),
}
_FIRST = 500


def run(cluster: "Cluster", query: str) -> "pd.DataFrame":
    """Run a query against tables named like the resources; see `Cluster.sql`."""
    import duckdb

    with duckdb.connect(":memory:") as connection:
        words = set(re.findall(r"\w+", query.lower()))
        for name in words & {*BY_RESOURCE, "workloads"}:
            connection.register(f"_{name}", _frame(cluster, name))
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM "_{name}"')  # noqa: S608 - a name of ours
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            return _asked(connection, query)
        except duckdb.Error as error:
            first = str(error).partition("\n")[0]
            raise UsageError(f"The query was refused: {first}", f"Tables: {', '.join(tables())}.") from error


def _asked(connection: Any, query: str) -> "pd.DataFrame":
    """Run a query in a thread, since DuckDB on the main one may hear of an interruption minutes late."""
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(lambda: connection.execute(query).df())
        try:
            frame: pd.DataFrame = answer.result()
        except KeyboardInterrupt:
            connection.interrupt()
            raise
        return frame


def tables() -> list[str]:
    """Give the names of the tables."""
    return sorted({*BY_RESOURCE, "workloads"})


def columns(cluster: "Cluster", name: str) -> list[str]:
    """Give the columns of a table, as far as its first rows have them."""
    if name in _COLUMNS:
        return list(_COLUMNS[name])
    kind = BY_RESOURCE[name]
    first = rows(kind, cluster.all(kind.type)[:_FIRST])
    return list(dict.fromkeys([*_empty_columns(name), *(column for row in first for column in row)]))


def _frame(cluster: "Cluster", name: str) -> "pd.DataFrame":
    """Scalars become columns; anything deeper becomes JSON text, which DuckDB's JSON functions read."""
    import pandas as pd

    if name == "workloads":
        names = list(_COLUMNS[name])
        data = [{column: getattr(one, column) for column in names} for one in cluster.workloads]
    else:
        data = [{key: _cell(value) for key, value in row.items()} for row in cluster.table(name)]
        names = [] if data else _empty_columns(name)
    return pd.DataFrame(data, columns=None if data else names).convert_dtypes()


def _empty_columns(name: str) -> list[str]:
    if name in _COLUMNS:
        return list(_COLUMNS[name])
    return (["namespace"] if BY_RESOURCE[name].namespaced else []) + ["name", "labels", "annotations"]


def _cell(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, dict | list | tuple) else value
