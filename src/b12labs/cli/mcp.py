"""`b12labs mcp`: tools for assistants on standard input and output."""

from __future__ import annotations

import argparse
from typing import Any

from b12labs.cli.parser import add_command
from b12labs.errors import extra

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    says = "serve tools to assistants: the Model Context Protocol on standard input"
    parser = add_command(commands, "mcp", says, "b12labs mcp")
    parser.set_defaults(run=_mcp)


def _mcp(_options: argparse.Namespace) -> int:
    with extra("mcp", "mcp"):
        from b12labs.assistants.running import serve
    serve()
    return 0
