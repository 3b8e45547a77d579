"""The chapters of the guide, in its order."""

import msgspec


class Chapter(msgspec.Struct, frozen=True):
    """A chapter of the *Kubernetes Hardening Guide* (NSA/CISA, version 1.2, August 2022).

    Attributes:
        id: Its word in the shell, in parameters and in reports.
        title: Its heading in the guide.
        notebook: Name of its notebook, without the extension.
    """

    id: str
    title: str
    notebook: str


CHAPTERS = (
    Chapter("introduction", "Architectural overview", "00-introduction"),
    Chapter("threat-model", "Threat model", "01-threat-model"),
    Chapter("pod-security", "Kubernetes Pod security", "02-pod-security"),
    Chapter("network-hardening", "Network separation and hardening", "03-network-hardening"),
    Chapter("authentication-authorization", "Authentication and authorization", "04-authentication-authorization"),
    Chapter("audit-logging", "Audit logging and threat detection", "05-audit-logging"),
    Chapter("upgrading", "Upgrading and application security practices", "06-upgrading"),
)
CHAPTER_IDS = tuple(chapter.id for chapter in CHAPTERS)
