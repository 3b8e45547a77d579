"""What may be read of a cluster, what reading it needs, and which controls a missing permission costs."""
