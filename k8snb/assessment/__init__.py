"""The result: findings, verdicts, coverage, score, and what changed."""
