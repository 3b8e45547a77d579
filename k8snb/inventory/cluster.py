"""The inventory: what a cluster is, as far as it could be read. Immutable and queryable."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from k8snb.errors import UsageError
from k8snb.inventory.build import Collected
from k8snb.inventory.coverage import Coverage, coverage, reaches
from k8snb.inventory.parallel import read
from k8snb.inventory.pods import PodSet
from k8snb.inventory.table import Table, pod_rows, rows
from k8snb.inventory.workloads import Workload, workloads
from k8snb.resources.core import Namespace
from k8snb.resources.kinds import BY_RESOURCE, BY_TYPE, KINDS
from k8snb.resources.workload import Controller, CronJob
from k8snb.sources.notes import merged
from k8snb.sources.stream import ELSEWHERE, Fact, Gap, Origin, Source

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
CONTROLLERS = tuple(kind for kind in KINDS if issubclass(kind.type, Controller | CronJob))


class SourceInfo(msgspec.Struct, frozen=True):
    """Where an inventory came from.

    Attributes:
        kind: `demo`, `context`, `manifests`, `snapshot`, `sandbox` or `objects`.
        name: Its name; untrusted text.
        complete: Whether it is the whole cluster.
        recorded: Kind of the source that a snapshot was made of; None where it is no snapshot.
        seen: When that source was read, RFC 3339; None where it is no snapshot.
    """

    kind: str
    name: str
    complete: bool
    recorded: str | None = None
    seen: str | None = None


class Cluster:
    """An immutable, queryable inventory of a cluster with its coverage.

    `source` tells where it came from, and `opened` is that source, to be asked again. Every kind has a method of its
    plural name: `cluster.networkpolicies(namespace="shop")`.
    """

    def __init__(
        self, source: SourceInfo, collected: Collected, namespaces: Sequence[str] = (), opened: Source | None = None
    ) -> None:
        self.source = source
        self.opened = opened
        self._collected = collected
        self._namespaces = frozenset(namespaces)

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        """What could be read, what not, and why; one row a resource."""
        return coverage(self._collected, complete=self.source.complete)

    @property
    def gaps(self) -> Sequence[Gap]:
        """Everything that should have been read and was not."""
        return self._collected.gaps

    @property
    def facts(self) -> Sequence[Fact]:
        """Evidence that is no object."""
        return self._collected.facts

    @property
    def skipped(self) -> Mapping[str, int]:
        """How many objects of each kind that no control reads."""
        counts: dict[str, int] = {}
        for called, count in self._collected.skipped.items():
            kind = called.rpartition(" ")[2]
            counts[kind] = counts.get(kind, 0) + count
        return counts

    def called(self) -> Iterator[tuple[str, str, str, str]]:
        """Give `apiVersion`, kind, namespace and name of every object, as the source has it.

        An `apiVersion` is empty where a list leaves it out, and the name where no control reads the kind.
        """
        for called in self._collected.skipped:
            api_version, _, kind = called.rpartition(" ")
            yield api_version, kind, "", ""
        for resource, objects in self._collected.objects.items():
            kind = BY_RESOURCE[resource].kind
            for one in objects:
                yield one.apiVersion, kind, one.namespace, one.name

    @property
    def notes(self) -> Sequence[str]:
        """What was left aside on purpose."""
        skipped = self.skipped
        told = [f"{count} {kind} skipped: no control reads them" for kind, count in sorted(skipped.items())]
        return [*merged(self._collected.notes), *told]

    def fact(self, name: str) -> Fact | None:
        """Give the fact of that name, or None if nobody saw it."""
        return self._facts.get(name)

    @cached_property
    def _facts(self) -> Mapping[str, Fact]:
        return {fact.name: fact for fact in reversed(self.facts)}

    @property
    def version(self) -> str | None:
        """The API server's `gitVersion`, such as `v1.35.6`; None when it is not known."""
        fact = self.fact("version")
        value = fact.value.get("gitVersion") if fact and isinstance(fact.value, Mapping) else None
        return value if isinstance(value, str) else None

    @property
    def clock(self) -> date | None:
        """The day that it is in a recorded practice cluster; None where time goes on."""
        fact = self.fact("clock")
        try:
            return date.fromisoformat(fact.value) if fact and isinstance(fact.value, str) else None
        except ValueError:
            return None

    @property
    def provider(self) -> str | None:
        """Who operates the control plane, such as `kubeadm` or `EKS`; None when it is not known."""
        fact = self.fact("provider")
        return fact.value if fact and isinstance(fact.value, str) else None

    def gap(self, resource: str, namespace: str | None = None) -> Gap | None:
        """Say why the absence of an object proves nothing; None when it does.

        Args:
            resource: Plural name.
            namespace: Limits the question to one namespace; None asks for the whole cluster.

        Returns:
            The gap that may hide objects of this resource, or None when it was listed to the end.
        """
        place = resource, namespace
        if place not in self._gaps:
            self._gaps[place] = self._gap(resource, namespace)
        return self._gaps[place]

    @cached_property
    def _gaps(self) -> dict[tuple[str, str | None], Gap | None]:
        return {}

    def _gap(self, resource: str, namespace: str | None) -> Gap | None:
        listed = self._listed(resource, namespace)
        for gap in self._collected.gaps:
            if reaches(gap, resource, namespace) and not (listed and namespace and gap.namespace == ELSEWHERE):
                return gap
        if self.source.complete or listed:
            return None
        return Gap("not-collected", f"{resource} may exist outside of {self.source.name}", resource, namespace)

    def _listed(self, resource: str, namespace: str | None) -> bool:
        """Whether a resource was listed to the end, in a namespace or everywhere if None."""
        return any(
            one.resource == resource and (one.namespaces is None or namespace in one.namespaces)
            for one in self._collected.listed
        )

    def all(self, wanted: type[T], namespace: str | None = None) -> Sequence[T]:
        """Give the objects of a type, in all namespaces or in one."""
        if namespace is None:
            return self._by_type(wanted)
        return self._indexed(wanted).get(namespace, ())

    def _by_type(self, wanted: type[T]) -> Sequence[T]:
        objects: list[T] = self._collected.objects.get(BY_TYPE[wanted].resource, [])
        return objects

    @cached_property
    def _indexes(self) -> dict[type, dict[str, list[Any]]]:
        return {}

    def _indexed(self, wanted: type[T]) -> Mapping[str, Sequence[T]]:
        if wanted not in self._indexes:
            index: dict[str, list[Any]] = {}
            for one in self._by_type(wanted):
                index.setdefault(one.namespace or "default", []).append(one)  # type: ignore[attr-defined]
            self._indexes[wanted] = index
        return self._indexes[wanted]

    def origin(self, one: object) -> Origin | None:
        """Give the place of an object in the source's text, where it has one."""
        if isinstance(one, Workload | PodSet):
            return one.origin
        resource = BY_TYPE[type(one)].resource
        found = self._places(resource).get(id(one))
        return None if found is None else self._collected.origins[resource][found]

    @cached_property
    def _placed(self) -> dict[str, Mapping[int, int]]:
        return {}

    def _places(self, resource: str) -> Mapping[int, int]:
        """Give the index of each object of a resource by its identity."""
        if resource not in self._placed:
            objects = self._collected.objects.get(resource, [])
            told = any(self._collected.origins.get(resource, ()))
            self._placed[resource] = {id(one): index for index, one in enumerate(objects)} if told else {}
        return self._placed[resource]

    @cached_property
    def workloads(self) -> Sequence[Workload]:
        """The workloads that are subjects: all, or those of the selected namespaces."""
        return self._selected(self.all_workloads)

    @cached_property
    def all_workloads(self) -> Sequence[Workload]:
        """Everything that runs pods or would, each controller before the pods that differ from its template."""
        found = [
            pair
            for kind in CONTROLLERS
            for pair in zip(
                self._collected.objects.get(kind.resource, ()),
                self._collected.origins.get(kind.resource, ()),
                strict=True,
            )
        ]
        complete = frozenset(kind.kind for kind in CONTROLLERS if self.gap(kind.resource) is None)
        return workloads(found, self._collected.podsets, complete)

    def _selected(self, items: Sequence[Workload]) -> Sequence[Workload]:
        return [item for item in items if item.namespace in self._namespaces] if self._namespaces else items

    @property
    def podsets(self) -> Sequence[PodSet]:
        """The running pods, equal ones together."""
        return self._collected.podsets

    @cached_property
    def namespace_names(self) -> tuple[str, ...]:
        """Every namespace that is known, by its own object or because something lives in it; sorted."""
        names = {one.name for one in self._by_type(Namespace)} | {workload.namespace for workload in self.workloads}
        for resource, objects in self._collected.objects.items():
            if BY_RESOURCE[resource].namespaced:
                names |= {one.namespace or "default" for one in objects}
        return tuple(sorted(name for name in names if not self._namespaces or name in self._namespaces))

    @property
    def selected_namespaces(self) -> frozenset[str]:
        """The namespaces that the assessment is limited to; empty for all."""
        return self._namespaces

    def limited(self, namespaces: Sequence[str]) -> "Cluster":
        """Give the same inventory with its subjects limited to some namespaces; joins still see all of it.

        Raises:
            UsageError: if a namespace is not there.
        """
        unknown = sorted(set(namespaces) - set(self.namespace_names))
        if unknown:
            raise UsageError(
                f"There is no namespace {unknown[0]!r} here.", f"Known: {', '.join(self.namespace_names)}."
            )
        return Cluster(self.source, self._collected, namespaces, self.opened) if namespaces else self

    @cached_property
    def whole(self) -> "Cluster":
        """The same inventory with the subjects of every namespace."""
        return Cluster(self.source, self._collected, (), self.opened) if self._namespaces else self

    def changed(self, change: Callable[[Collected], Collected]) -> "Cluster":
        """Give another inventory, as it would be after a change; this one stays as it is.

        Args:
            change: Makes what was collected from what was collected, without changing it.
        """
        return Cluster(self.source, change(self._collected), tuple(self._namespaces), self.opened)

    def table(self, resource: str, namespace: str | None = None) -> Table:
        """Give the objects of a resource as a table, one row an object.

        Raises:
            UsageError: if there is no such resource.
        """
        if resource == "pods":
            return Table("pods", pod_rows(self._collected.podsets, namespace))
        if resource not in BY_RESOURCE:
            raise UsageError(f"There is no resource {resource!r} here.", f"Known: {', '.join(sorted(BY_RESOURCE))}.")
        kind = BY_RESOURCE[resource]
        return Table(resource, rows(kind, self.all(kind.type, namespace)))

    def sql(self, query: str) -> "pd.DataFrame":
        """Ask the inventory in SQL; every resource is a table, and so is `workloads`.

        Args:
            query: DuckDB SQL. It can read nothing but the inventory.

        Raises:
            UsageError: if DuckDB refuses the query.
        """
        from k8snb.inventory.sql import run

        return run(self, query)

    def __getattr__(self, name: str) -> Callable[..., Table]:
        if name not in BY_RESOURCE:
            raise AttributeError(name)
        return lambda namespace=None: self.table(name, namespace)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *BY_RESOURCE})

    def __repr__(self) -> str:
        return (
            f"<Cluster {self.source.kind}:{self.source.name} with {sum(len(one.names) for one in self.podsets)} pods>"
        )

    def _repr_mimebundle_(self, **_: Any) -> Mapping[str, str]:
        from k8snb.display.cluster import cluster_bundle

        return cluster_bundle(self)


def load(source: Source, namespaces: Sequence[str] = (), *, kind: str | None = None) -> Cluster:
    """Read a source to its end and give the inventory.

    Args:
        source: Where the objects come from.
        namespaces: Limits the subjects to these namespaces; none means all.
        kind: Kind of the source, where this one is a recording of another.

    Raises:
        SourceError: if nothing could be read.
        UsageError: if a namespace is not there, or an evidence file is of another cluster.
    """
    collected = read(source.parts())
    recorded = getattr(source, "original", None) if kind is None else None
    seen = getattr(source, "created", None) if recorded else None
    info = SourceInfo(kind or source.kind, source.name, source.complete, recorded, seen)
    found = Cluster(info, collected, opened=source)
    if getattr(source, "added", False):
        from k8snb.inventory.imports import refuse_others

        refuse_others(found)
    return found.limited(namespaces)
