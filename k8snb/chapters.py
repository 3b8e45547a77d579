"""The chapters of the guide, in its order."""

import msgspec


class Chapter(msgspec.Struct, frozen=True):
    """A chapter of the *Kubernetes Hardening Guide* (NSA/CISA, version 1.2, August 2022).

    Attributes:
        id: Its word in the shell, in parameters and in reports.
        title: Its heading in the guide.
        notebook: Name of its notebook, without the extension.
        sections: Headings of those of its sections that have controls, in the guide's order.
    """

    id: str
    title: str
    notebook: str
    sections: tuple[str, ...] = ()


CHAPTERS = (
    Chapter("introduction", "Architectural overview", "00-introduction"),
    Chapter("threat-model", "Threat model", "01-threat-model"),
    Chapter(
        "pod-security",
        "Kubernetes Pod security",
        "02-pod-security",
        sections=(
            '"Non-root" containers and "rootless" container engines',
            "Immutable container file systems",
            "Building secure container images",
            "Pod security enforcement",
            "Protecting Pod service account tokens",
            "Hardening container environments",
        ),
    ),
    Chapter(
        "network-hardening",
        "Network separation and hardening",
        "03-network-hardening",
        sections=(
            "Network separation and hardening",
            "Namespaces",
            "Network policies",
            "Resource policies",
            "Control plane hardening",
            "Worker node segmentation",
            "Encryption",
            "Secrets",
            "Protecting sensitive cloud infrastructure",
        ),
    ),
    Chapter(
        "authentication-authorization",
        "Authentication and authorization",
        "04-authentication-authorization",
        sections=(
            "Authentication",
            "Role-based access control",
        ),
    ),
    Chapter(
        "audit-logging",
        "Audit logging and threat detection",
        "05-audit-logging",
        sections=(
            "Kubernetes native audit logging configuration",
            "Worker node and container logging",
            "Threat detection",
            "Alerting",
            "Tools",
        ),
    ),
    Chapter(
        "upgrading",
        "Upgrading and application security practices",
        "06-upgrading",
        sections=("Upgrading and application security practices",),
    ),
)
CHAPTER_IDS = tuple(chapter.id for chapter in CHAPTERS)
