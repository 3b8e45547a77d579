"""Running the notebooks into an archive."""
