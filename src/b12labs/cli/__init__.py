"""The command line: `b12labs interpret FILE`, `report FILE`, `explain FILE --row N`, `units ANALYTE`, `guidelines`, `rules CODE`, `schema NAME`."""

from b12labs.cli.main import main

__all__ = ["main"]
