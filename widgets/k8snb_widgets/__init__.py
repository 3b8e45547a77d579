"""Widgets of k8snb."""
