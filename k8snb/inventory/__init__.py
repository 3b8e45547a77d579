"""What the cluster is: typed, immutable, queryable, with its coverage."""
