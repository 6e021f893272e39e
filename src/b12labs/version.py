"""The version of b12labs."""

__version__ = "0.2.0"
