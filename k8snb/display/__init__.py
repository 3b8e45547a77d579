"""Showing results: MIME bundles that also work as static HTML."""
