"""Image references: which registry, which repository, which tag, which digest."""

import re
from functools import lru_cache

import msgspec

DOCKER_HUB = "docker.io"
_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?")
_PATH = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}")
_LONGEST = 1024


class Image(msgspec.Struct, frozen=True):
    """An image reference, taken apart.

    Attributes:
        registry: Host of the registry, with its port if it has one; `docker.io` where the reference names none.
        repository: Path below it; `library/nginx` for `nginx`.
        tag: The tag as written; None where there is none (a runtime then pulls `latest`).
        digest: The digest, such as `sha256:…`; None where there is none.
    """

    registry: str
    repository: str
    tag: str | None = None
    digest: str | None = None

    @property
    def name(self) -> str:
        """Registry and repository."""
        return f"{self.registry}/{self.repository}"

    def __str__(self) -> str:
        return self.name + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


@lru_cache(maxsize=4096)
def parse(reference: str) -> Image | None:
    """Take an image reference apart.

    Args:
        reference: As in `image` of a container, such as `registry.example.com:5000/team/app:1.4@sha256:…`.

    Returns:
        Its parts, or None if it is no image reference.

    Source: the grammar and the Docker Hub defaults of `distribution/reference`.
    """
    if len(reference) > _LONGEST:
        return None
    rest, at, digest = reference.partition("@")
    path, colon, tag = rest.rpartition(":")
    if not colon or "/" in tag:
        path, colon, tag = rest, "", ""
    registry, repository = _split(path)
    fits = _DOMAIN.fullmatch(registry) and _PATH.fullmatch(repository)
    if not fits or (colon and not _TAG.fullmatch(tag)) or (at and not _DIGEST.fullmatch(digest)):
        return None
    return Image(registry, repository, tag or None, digest or None)


def _split(path: str) -> tuple[str, str]:
    first, slash, rest = path.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost" or first != first.lower()):
        registry, repository = first, rest
    else:
        registry, repository = DOCKER_HUB, path
    if registry in {"index.docker.io", "registry-1.docker.io"}:
        registry = DOCKER_HUB
    if registry == DOCKER_HUB and "/" not in repository:
        repository = f"library/{repository}"
    return registry, repository


def below(image: Image, place: str) -> bool:
    """Say whether an image comes from a registry, or from a path below it.

    Args:
        image: The image.
        place: `registry.example.com`, `registry.example.com:5000` or `ghcr.io/team`; whole path segments count.
    """
    host, *wanted = place.strip().rstrip("/").split("/")
    host = DOCKER_HUB if host in {"index.docker.io", "registry-1.docker.io"} else host
    return host.lower() == image.registry.lower() and image.repository.split("/")[: len(wanted)] == wanted
