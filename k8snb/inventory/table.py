"""Tables over the inventory: one row an object, no secrets, no surprises."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from k8snb.inventory.pods import PodSet
from k8snb.resources.kinds import Kind

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
_HIDDEN = {"metadata", "apiVersion"}


class Table(Sequence[Row]):
    """Rows of one resource; rich in a notebook, and iterable."""

    def __init__(self, name: str, rows: Sequence[Row]) -> None:
        self.name = name
        self._rows = rows

    def to_dicts(self) -> list[Row]:
        """Give the rows as plain dictionaries."""
        return [dict(row) for row in self._rows]

    def to_frame(self) -> "pd.DataFrame":
        """Give the rows as a pandas frame."""
        import pandas as pd

        return pd.DataFrame(self.to_dicts())

    def __getitem__(self, index: Any) -> Any:
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __repr__(self) -> str:
        return f"<{len(self)} {self.name}>"

    def _repr_mimebundle_(self, **_: Any) -> Mapping[str, str]:
        from k8snb.display.inventory import table_bundle

        return table_bundle(self)


def rows(kind: Kind, objects: Sequence[Any]) -> list[Row]:
    """Give one row an object: namespace, name, labels, annotations, and what is assessed of it as JSON types."""
    return [_row(kind, one) for one in objects]


def _row(kind: Kind, one: Any) -> Row:
    place = {"namespace": one.namespace or "default"} if kind.namespaced else {}
    content = msgspec.json.decode(msgspec.json.encode(one, enc_hook=str))
    fields = {key: value for key, value in content.items() if key not in _HIDDEN | {"kind"}}
    return {**place, "name": one.name, "labels": dict(one.labels), "annotations": dict(one.annotations), **fields}


def pod_rows(podsets: Sequence[PodSet], namespace: str | None = None) -> list[Row]:
    """Give one row a pod."""
    return [
        {
            "namespace": podset.namespace,
            "name": name,
            "node": node or None,
            "owner_kind": podset.owner.kind if podset.owner else None,
            "owner_name": podset.owner.name if podset.owner else None,
            "service_account": podset.template.spec.serviceAccountName,
            "images": [container.image for _, container in podset.template.containers()],
            "labels": podset.labels,
        }
        for podset in podsets
        if namespace in {None, podset.namespace}
        for name, node in zip(podset.names, podset.nodes, strict=True)
    ]
