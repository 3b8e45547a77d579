"""Facts that are no objects: what an API server tells about itself, and what harmless probes of it show."""
