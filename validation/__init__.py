"""Comparison with real data, by scripts on files that are not part of the project, and with an independent oracle."""
