"""The command line: interpret, report, explain, serve, and lists of units, guidelines, rules and schemas."""

from b12labs.cli.main import main

__all__ = ["main"]
