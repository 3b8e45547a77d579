"""Where the notebooks are: inside the package where it was installed, beside it in a checkout."""

from pathlib import Path


def folder() -> Path:
    """Give the folder that holds the notebooks."""
    installed = Path(__file__).parent / "notebooks"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "notebooks"
