"""Notes on files that are no manifests, told as one."""

from collections.abc import Sequence

from k8snb.sources.stream import Note

_SAYS = " is not a Kubernetes manifest"
_NAMED = 3


def no_manifest(file: str) -> Note:
    """Tell that a file is no manifest.

    Args:
        file: Its name, printable.
    """
    return Note(f"{file}{_SAYS}")


def merged(notes: Sequence[str]) -> list[str]:
    """Give the notes with those on files that are no manifests as one, which counts them and names the first few.

    Args:
        notes: The messages of notes.
    """
    files = sorted(note.removesuffix(_SAYS) for note in notes if note.endswith(_SAYS))
    if len(files) < 2:
        return list(notes)
    named = ", ".join(files[:_NAMED]) + (", …" if len(files) > _NAMED else "")
    others = [note for note in notes if not note.endswith(_SAYS)]
    return [*others, f"{len(files):,} files are not Kubernetes manifests: {named}"]
