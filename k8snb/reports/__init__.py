"""Archived reports: executed notebooks, offline pages and the data behind them, whole or not at all."""
