"""Asking a Kubernetes API server: the official client's configuration and transport, raw bodies."""

import difflib
import importlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from k8snb._version import __version__
from k8snb.errors import SourceError, UsageError
from k8snb.sources.stream import Cause

CONNECT_SECONDS, READ_SECONDS, RETRIES = 10, 60, 3
_RETRIED = (429, 500, 502, 503, 504)
_HEADERS = {"accept": "application/json", "user-agent": f"k8snb/{__version__}"}
_SHOWN = 5
_NOISE = re.compile(r"\[Errno -?\d+\] |\[SSL: \w+\] | ?\(_ssl\.c:\d+\)")
_NO_CLUSTER = "Name another source (k8snb assess demo needs no cluster), or --kubeconfig FILE."


class Answer(msgspec.Struct, frozen=True):
    """What a server answered.

    Attributes:
        status: HTTP status; 0 where there was no answer.
        body: As it came.
        reason: One line for a person where it was not 200.
        failed: Why there was no answer.
    """

    status: int
    body: bytes
    reason: str = ""
    failed: Cause | None = None


class Connection(msgspec.Struct, frozen=True):
    """A server and how to authenticate to it; `client` is an `ApiClient` of the official client."""

    host: str
    client: Any

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """Ask for a path; a failure is an answer too.

        Args:
            path: Absolute, such as `/api/v1/pods`.
            query: Parameters of the request.
        """
        import urllib3
        from kubernetes.config import ConfigException

        retries = urllib3.Retry(
            RETRIES, redirect=0, status_forcelist=_RETRIED, backoff_factor=0.2, raise_on_status=False
        )
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        try:
            got = self.client.rest_client.pool_manager.request(
                "GET",
                self.host + path,
                fields=query,
                headers=_HEADERS | self._credentials(),
                retries=retries,
                timeout=timeout,
                redirect=False,
            )
        except (urllib3.exceptions.HTTPError, ConfigException, OSError, ValueError) as error:
            return _unanswered(error)
        return Answer(got.status, got.data, "" if got.status == 200 else _reason(got.status, got.data))

    def _credentials(self) -> dict[str, str]:
        settings = self.client.configuration.auth_settings().values()
        return {one["key"]: one["value"] for one in settings if one["in"] == "header" and one["value"]}


class _Status(msgspec.Struct):
    message: str = ""


def _reason(status: int, body: bytes) -> str:
    """Give the message of a `metav1.Status`, or the bare HTTP status."""
    try:
        message = msgspec.json.decode(body, type=_Status).message
    except (msgspec.MsgspecError, UnicodeError):
        message = ""
    return f"{message[:300]} ({status})" if message else f"HTTP status {status}"


def _unanswered(error: Exception) -> Answer:
    import urllib3

    cause = getattr(error, "reason", None) or error
    refused = isinstance(cause, urllib3.exceptions.NewConnectionError)
    if isinstance(cause, urllib3.exceptions.TimeoutError) and not refused:
        return Answer(0, b"", "no answer in time", "timeout")
    told = _NOISE.sub("", str(cause)).rpartition(": ")[2].strip("()'\" .,")
    secured = "TLS: " if isinstance(cause, urllib3.exceptions.SSLError) else ""
    return Answer(0, b"", f"{secured}{told[:200] or type(cause).__name__}", "unreachable")


def connect(context: str | None, kubeconfig: str | None) -> tuple[Connection, str]:
    """Give a connection, and the name of the context that it is of.

    Args:
        context: Its name; None for the current one, or the credentials of the pod that this runs in.
        kubeconfig: Path of the file; as kubectl finds it if None.

    Raises:
        UsageError: if the file or the context does not exist, or is malformed.
        SourceError: if there is nothing to connect by.
    """
    files = kubeconfig or os.environ.get("KUBECONFIG") or "~/.kube/config"
    present = [one for one in files.split(os.pathsep) if one and Path(one).expanduser().exists()]
    if present:
        return _from_files(os.pathsep.join(present), context)
    if kubeconfig:
        raise UsageError(f"There is no kubeconfig {kubeconfig}.", "--kubeconfig wants a file as kubectl reads it.")
    if context is None and "KUBERNETES_SERVICE_HOST" in os.environ:
        return _from_pod()
    raise SourceError("No cluster is configured: there is no kubeconfig.", _NO_CLUSTER)


def _from_files(files: str, context: str | None) -> tuple[Connection, str]:
    import yaml
    from kubernetes import client
    from kubernetes.config import ConfigException

    configuration = client.Configuration()
    configuration.host = ""
    kube_config: Any = importlib.import_module("kubernetes.config.kube_config")
    try:
        merged = kube_config.KubeConfigMerger(files).config
        name = _chosen(merged, context, files)
        kube_config.KubeConfigLoader(merged, active_context=name).load_and_set(configuration)
        if not configuration.host:
            raise ConfigException(f"the cluster of context {name} has no server")
    except (ConfigException, yaml.YAMLError, OSError, ValueError, TypeError, LookupError, AttributeError) as error:
        told = str(error).partition("\n")[0].strip(" .")[:300]
        raise UsageError(f"{files} is no kubeconfig ({told}).", "kubectl config view shows how it is read.") from error
    return _connection(configuration), name


def _chosen(merged: Any, context: str | None, files: str) -> str:
    names = [str(one["name"]) for one in merged["contexts"].value]
    name = merged.safe_get("current-context") if context is None else context
    if not name:
        raise UsageError(f"{files} has no current context.", f"Name one: {_contexts(names)}.")
    if name not in names:
        near = difflib.get_close_matches(str(name), names, n=1)
        hint = f"Did you mean context:{near[0]}?" if near else f"Known: {_contexts(names) or 'none'}."
        raise UsageError(f"There is no context {name!r} in {files}.", hint)
    return str(name)


def _contexts(names: list[str]) -> str:
    return ", ".join(f"context:{name}" for name in names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")


def _from_pod() -> tuple[Connection, str]:
    from kubernetes import client

    config: Any = importlib.import_module("kubernetes.config")
    configuration = client.Configuration()
    try:
        config.load_incluster_config(configuration)
    except (config.ConfigException, OSError) as error:
        raise SourceError(f"The credentials of this pod cannot be used ({error}).", _NO_CLUSTER) from error
    return _connection(configuration), "in-cluster"


def _connection(configuration: Any) -> Connection:
    import urllib3
    from kubernetes import client

    if not configuration.verify_ssl:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    return Connection(configuration.host, client.ApiClient(configuration))
