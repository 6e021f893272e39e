"""Comparison with real data: scripts to run on files that are not part of the project."""
