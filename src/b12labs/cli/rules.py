"""`b12labs rules CODE`: every rule, or one in full."""

from __future__ import annotations

import argparse
from typing import Any

from b12labs.cli.parser import add_command
from b12labs.cli.printing import listed, print_json

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    says = "every rule, or one in full: its condition, inputs, limits and sources"
    parser = add_command(commands, "rules", says, "b12labs rules", "b12labs rules macrocytosis")
    parser.add_argument("code", nargs="?", help="without it, every rule is listed")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    parser.set_defaults(run=_rules)


def _rules(options: argparse.Namespace) -> int:
    from b12labs.catalogue.entries import catalogue, rule_entries
    from b12labs.catalogue.page import as_text

    entries = catalogue() if options.code is None else rule_entries(options.code)
    if options.json:
        print_json([entry.model_dump(mode="json") for entry in entries])
    elif options.code is not None:
        print("\n\n".join(map(as_text, entries)))
    else:
        for entry in entries:
            print(listed(entry.code, entry.meaning, 40))
    return 0
