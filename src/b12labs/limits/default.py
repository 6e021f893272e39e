"""The default guideline, in a module of its own so that the command line loads nothing else for its help."""

__all__ = ["DEFAULT_GUIDELINE"]

DEFAULT_GUIDELINE = "nice-ng239"
