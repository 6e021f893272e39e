"""`b12labs rules CODE`: every rule, or one in full."""

from __future__ import annotations

import argparse
from typing import Any

from b12labs.cli.parser import add_command
from b12labs.cli.printing import listed, print_json
from b12labs.errors import PanelError, did_you_mean

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand to the command line's."""
    says = "every rule, or one in full: its condition, inputs, limits and sources"
    parser = add_command(commands, "rules", says, "b12labs rules", "b12labs rules macrocytosis")
    parser.add_argument("code", nargs="?", help="without it, every rule is listed")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    parser.set_defaults(run=_rules)


def _rules(options: argparse.Namespace) -> int:
    from b12labs.catalogue.entries import catalogue
    from b12labs.catalogue.page import as_text

    entries = catalogue()
    if options.code is not None:
        codes = {entry.code for entry in entries}
        if options.code not in codes:
            raise PanelError(
                f"{options.code!r} is not a rule{did_you_mean(options.code, codes)}",
                code="unknown_rule",
                field="rules",
            )
        entries = tuple(entry for entry in entries if entry.code == options.code)
    if options.json:
        print_json([entry.model_dump(mode="json") for entry in entries])
    elif options.code is not None:
        print("\n\n".join(as_text(entry) for entry in entries))
    else:
        for entry in entries:
            print(listed(entry.code, entry.meaning, 40))
    return 0
