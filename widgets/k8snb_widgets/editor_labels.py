"""The words of the editor, in the language in use."""

from k8snb.languages import _


def labels() -> dict[str, str]:
    """Give every word that the editor shows beside what it is told."""
    return {
        "title": _("Waivers and attestations"),
        "new": _("New entry"),
        "kind": _("Kind"),
        "waiver": _("Waiver: accept what fails, for a time"),
        "attestation": _("Attestation: answer where no machine can look"),
        "control": _("Control"),
        "choose": _("Choose …"),
        "scope": _("About"),
        "status": _("Found"),
        "who": _("Who answers for it"),
        "why": _("Why"),
        "until": _("Until (the last day)"),
        "preview": _("Show the file"),
        "file": _("The file as it would be"),
        "save": _("Write"),
        "cancel": _("Do not write"),
        "added": _("added"),
        "removed": _("removed"),
        "entries": _("Entries"),
        "none": _("There are none yet."),
        "end": _("End …"),
        "covered": _("Findings that it covers"),
        "subject": _("Subject"),
        "covers": _("Covers"),
        "day": _("Until"),
        "by": _("Who"),
    }
