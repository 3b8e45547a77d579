"""An audit log that somebody brings: how often each of the guide's alert cases occurs in it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any

import msgspec

NAME = "audit-log"
_GROUP = b'"audit.k8s.io/'
_HEALTH = ("/livez", "/readyz", "/healthz", "/version")
_SYSTEM = ("system:node:", "system:kube-", "system:apiserver", "system:serviceaccount:kube-system:")
_REFUSED, _EXEC = {401, 403}, {"exec", "attach", "portforward", "ephemeralcontainers"}
_MANY = 20
"""So many refusals, or reads of Secrets, of one identity within an hour are more than an accident."""
_SHOWN = 5


class _User(msgspec.Struct):
    username: str = ""


class _Object(msgspec.Struct):
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""


class _Status(msgspec.Struct):
    code: int = 0


class Event(msgspec.Struct):
    """`audit.k8s.io/v1 Event`, the fields that are looked at."""

    stage: str = ""
    verb: str = ""
    requestURI: str = ""
    user: _User = msgspec.field(default_factory=_User)
    sourceIPs: list[str] | None = None
    objectRef: _Object | None = None
    responseStatus: _Status | None = None
    requestReceivedTimestamp: datetime | None = None
    requestObject: msgspec.Raw = msgspec.Raw()


class Case(msgspec.Struct):
    """How often an alert case occurs, and the first few times, each in one clause."""

    count: int = 0
    examples: list[str] = []


class Log(msgspec.Struct):
    """What a log holds.

    Attributes:
        events: How many events.
        malformed: How many lines are none.
        first: When the first was received, RFC 3339; empty where none tells.
        last: When the last was.
        nodes: Names of nodes whose kubelets ask.
        bodies: Whether there are requests with their bodies, without which no privileged pod is seen.
        cases: The alert cases by name.
        creators: How many pods each address created.
        hours: How many events of people there are, by hour of the day in UTC.
        addresses: How many events of people there are, by address.
    """

    events: int = 0
    malformed: int = 0
    first: str = ""
    last: str = ""
    nodes: list[str] = []
    bodies: bool = False
    cases: dict[str, Case] = {}
    creators: dict[str, int] = {}
    hours: dict[str, int] = {}
    addresses: dict[str, int] = {}


def is_log(head: bytes) -> bool:
    """Say whether a file that begins so is an audit log: one JSON event a line."""
    first = head.partition(b"\n")[0]
    return first.startswith(b"{") and _GROUP in first and b'"Event"' in first


def parse(lines: Iterable[bytes]) -> Log:
    """Read an audit log, line by line; only counts and a few examples are kept, never a body.

    Args:
        lines: One event each, as the log backend writes them.

    Source: NSA/CISA Kubernetes Hardening Guide, "Threat detection"; Kubernetes, `audit.k8s.io/v1`.
    """
    decode = msgspec.json.Decoder(Event).decode
    log, often = Log(), _Often()
    for line in lines:
        if not line.strip():
            continue
        try:
            one = decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            log.malformed += 1
            continue
        if one.stage in {"", "ResponseComplete", "Panic"}:
            _take(log, often, one)
    for name, told in often.cases():
        _add(log, name, told)
    return log


def _take(log: Log, often: "_Often", one: Event) -> None:
    log.events += 1
    if one.requestReceivedTimestamp:
        stamp = one.requestReceivedTimestamp.strftime("%Y-%m-%dT%H:%M:%SZ")
        log.first, log.last = min(log.first or stamp, stamp), max(log.last, stamp)
    user = one.user.username
    if user.startswith("system:node:"):
        log.nodes = log.nodes if user[12:] in log.nodes or len(log.nodes) > 99 else [*log.nodes, user[12:265]]
    log.bodies = log.bodies or bool(bytes(one.requestObject))
    for name, occurs in _CASES.items():
        if occurs(one):
            _add(log, name, _clause(one))
    if _creates_pod(one):
        _count(log.creators, _address(one))
    if user and not user.startswith("system:"):
        _count(log.addresses, _address(one))
        hour = one.requestReceivedTimestamp
        _count(log.hours, f"{hour.hour:02}" if hour else "")
    often.take(one)


def _count(counts: dict[str, int], key: str) -> None:
    if key and (key in counts or len(counts) < 1000):
        counts[key] = counts.get(key, 0) + 1


def _add(log: Log, name: str, clause: str) -> None:
    case = log.cases.setdefault(name, Case(0, []))
    case.count += 1
    if len(case.examples) < _SHOWN:
        case.examples.append(clause)


def _clause(one: Event) -> str:
    where = one.objectRef
    parts = (where.resource, where.subresource, where.namespace, where.name) if where else (one.requestURI[:80],)
    what = "/".join(part for part in parts if part)
    return f"{one.user.username[:120] or 'somebody'} {one.verb[:20]} {what[:200]} from {_address(one) or 'nowhere'}"


def _address(one: Event) -> str:
    try:
        return str(ip_address((one.sourceIPs or [""])[0]))
    except ValueError:
        return ""


def _succeeded(one: Event) -> bool:
    return one.responseStatus is not None and 0 < one.responseStatus.code < 400


def _is(one: Event, resource: str, subresources: Iterable[str] = ("",)) -> bool:
    where = one.objectRef
    return where is not None and where.resource == resource and where.subresource in subresources


def _creates_pod(one: Event) -> bool:
    return one.verb == "create" and _is(one, "pods") and _succeeded(one)


def _is_anonymous(one: Event) -> bool:
    healthy = one.requestURI.partition("?")[0].startswith(_HEALTH)
    return one.user.username == "system:anonymous" and _succeeded(one) and not healthy


def _is_privileged(one: Event) -> bool:
    if not (_creates_pod(one) and bytes(one.requestObject)):
        return False
    spec = msgspec.json.decode(one.requestObject).get("spec") or {}
    boxes = [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
    return any((box.get("securityContext") or {}).get("privileged") is True for box in boxes if isinstance(box, dict))


_CASES: Mapping[str, Callable[[Event], bool]] = {
    "anonymous access": _is_anonymous,
    "commands in pods": lambda one: _is(one, "pods", _EXEC) and _succeeded(one),
    "privileged pods": _is_privileged,
}


class _Often:
    """Counts what is only strange when one identity does it often within an hour."""

    def __init__(self) -> None:
        self._counts: Mapping[str, Counter[tuple[str, str]]] = defaultdict(Counter)

    def take(self, one: Event) -> None:
        """Count an event."""
        user, code = one.user.username, one.responseStatus.code if one.responseStatus else 0
        hour = one.requestReceivedTimestamp.strftime("%Y-%m-%dT%H") if one.requestReceivedTimestamp else ""
        if code in _REFUSED and not user.startswith(_SYSTEM):
            self._counts["repeated refusals"][user[:200], hour] += 1
        if _is(one, "secrets") and one.verb in {"get", "list"} and _succeeded(one) and not user.startswith(_SYSTEM):
            self._counts["mass reading of Secrets"][user[:200], hour] += 1

    def cases(self) -> Iterable[tuple[str, str]]:
        """Give the cases that occur, each with a clause."""
        for name, counts in self._counts.items():
            for (user, hour), count in counts.items():
                if count >= _MANY:
                    yield name, f"{user or 'somebody'}, {count} times in the hour of {hour or 'an unknown time'}"


def within(address: str, networks: Iterable[str]) -> bool:
    """Say whether an address is in one of the networks; words that are no networks hold none."""
    return any(ip_address(address) in one for one in map(_network, networks) if one is not None)


def _network(text: str) -> Any:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
