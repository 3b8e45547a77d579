"""An assessment, and a comparison of two, as text for people and programs."""
