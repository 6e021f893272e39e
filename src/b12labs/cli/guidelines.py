"""`b12labs guidelines`: the guidelines that can be chosen."""

from __future__ import annotations

import argparse
from typing import Any

from b12labs.cli.parser import add_command
from b12labs.cli.printing import listed, print_json
from b12labs.limits.default import DEFAULT_GUIDELINE

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    parser = add_command(commands, "guidelines", "the guidelines that can be chosen", "b12labs guidelines")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    parser.set_defaults(run=_guidelines)


def _guidelines(options: argparse.Namespace) -> int:
    from b12labs.reference import guideline, guideline_keys, sources

    if options.json:
        found = [guideline(key) for key in guideline_keys()]
        about = [
            {
                "key": each.key,
                "title": each.title,
                "source": sources()[each.source].title,
                "checked": each.checked,
                "leaves_out": each.leaves_out,
                "default": each.key == DEFAULT_GUIDELINE,
            }
            for each in found
        ]
        print_json(about)
        return 0
    for key in guideline_keys():
        lacking = f"; without {guideline(key).leaves_out}" if guideline(key).leaves_out else ""
        print(listed(key, guideline(key).title + lacking + (" (default)" if key == DEFAULT_GUIDELINE else ""), 20))
    return 0
