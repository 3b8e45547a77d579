"""Fixing: from a finding to a plan, its preview, the change, its check, and the way back."""
