"""Reasoning over the inventory that several controls share."""
