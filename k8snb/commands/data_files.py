"""Newer data files: where they come from, what makes them acceptable, and putting them in their place."""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from k8snb.assessment.ageing import types
from k8snb.commands.output import write_whole
from k8snb.data import Dated, folder, load, names
from k8snb.errors import SourceError, UsageError

VARIABLE = "K8SNB_DATA_FROM"
_MOST_BYTES, _SECONDS = 20 * 2**20, 20.0
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Renewal(msgspec.Struct, frozen=True):
    """What an update did with one data file.

    Attributes:
        name: Its name.
        before: The date of the data that was in use.
        offered: The date of the data that was offered.
    """

    name: str
    before: str
    offered: str

    @property
    def newer(self) -> bool:
        """Whether it took the place of the data that was in use."""
        return self.offered > self.before


def renew(place: str | None) -> list[Renewal]:
    """Put newer data files into the user's folder, once all that are offered were found to be whole.

    Args:
        place: A file, a folder of files, or a URL of either; what `K8SNB_DATA_FROM` says if None.

    Raises:
        UsageError: if no place is told, it holds no data file, or one that is not whole; then nothing is changed.
        SourceError: if a URL does not answer.
    """
    told = place or os.environ.get(VARIABLE, "")
    if not told:
        raise UsageError(
            "k8snb data update asks no server by itself: say where newer data is.",
            f"Give --from FILE, FOLDER or URL, or set {VARIABLE}.",
        )
    offered = _from_url(told) if re.match(r"https?://", told) else _from_path(Path(told).expanduser())
    whole = {name: _checked(name, data) for name, data in offered.items()}
    before = {name: load(name, Dated).date for name in whole}
    found = [Renewal(name, before[name], one.date) for name, one in sorted(whole.items())]
    for one in found:
        if one.newer:
            _keep(one.name, offered[one.name])
    return found


def _keep(name: str, data: bytes) -> None:
    place = folder()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{place}: {error.strerror}; nothing was written.", "Set XDG_DATA_HOME to a folder."
        ) from error
    write_whole(place / f"{name}.json", data)


def _checked(name: str, data: bytes) -> Dated:
    try:
        found = msgspec.json.decode(data, type=types()[name])
        ahead = found.date > datetime.now(UTC).date().isoformat()
        datetime.fromisoformat(found.date)
    except (msgspec.MsgspecError, RecursionError, ValueError, re.error) as error:
        raise UsageError(
            f"{name}.json is no such data file ({error}); nothing was changed.", "Get it again."
        ) from error
    if ahead:
        raise UsageError(f"{name}.json is of {found.date}, which is not yet; nothing was changed.", "Get it again.")
    return found


def _from_path(path: Path) -> Mapping[str, bytes]:
    try:
        if path.is_dir():
            found = {name: path / f"{name}.json" for name in names()}
            present = {name: one.read_bytes() for name, one in found.items() if one.is_file()}
            return present or _nothing(str(path))
        if path.suffix != ".json" or path.stem not in names():
            _nothing(str(path))
        return {path.stem: path.read_bytes()}
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.", "Check the path.") from error


def _from_url(url: str) -> Mapping[str, bytes]:
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise UsageError(f"{url} is not encrypted, so anybody on the way could change the data.", "Use https.")
    name = Path(parts.path).stem
    if parts.path.endswith(".json"):
        if name not in names():
            _nothing(url)
        data = _fetched(url)
        return {name: data} if data is not None else _nothing(url)
    answers = {name: _fetched(f"{url.rstrip('/')}/{name}.json") for name in names()}
    return {name: data for name, data in answers.items() if data is not None} or _nothing(url)


def _nothing(place: str) -> Mapping[str, bytes]:
    raise UsageError(f"{place} holds no data file.", "k8snb data status lists their names; each ends with .json.")


def _fetched(url: str) -> bytes | None:
    """Get a file, or None where the server says that there is none."""
    import urllib3

    parts = urlsplit(url)
    proxy = _proxy(parts.scheme, parts.hostname or "")
    pool = urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()
    try:
        answer = pool.request(
            "GET", url, timeout=_SECONDS, retries=urllib3.Retry(2, connect=0, redirect=0), preload_content=False
        )
        data = answer.read(_MOST_BYTES + 1, decode_content=True)
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise SourceError(f"{url} does not answer ({type(error).__name__}).", "Nothing was changed.") from error
    if answer.status == 404:
        return None
    if answer.status != 200 or len(data) > _MOST_BYTES:
        told = f"answers with {answer.status}" if answer.status != 200 else "is too large"
        raise SourceError(f"{url} {told}.", "Nothing was changed.")
    return data


def _proxy(scheme: str, host: str) -> str:
    from urllib.request import getproxies, proxy_bypass

    return "" if proxy_bypass(host) else getproxies().get(scheme, "")
