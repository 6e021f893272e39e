"""`b12labs verify FILE`: check whether this installation would reproduce the answers of a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from b12labs.cli.parser import add_command
from b12labs.cli.printing import print_json

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "verify",
        "check whether this installation would reproduce the answers of a file; exit code 2 if it may not",
        "b12labs verify interpreted.csv",
        "b12labs verify interpreted.csv --rerun",
    )
    parser.add_argument(
        "file",
        type=Path,
        nargs="+",
        help="a table that b12labs wrote, or JSON: interpretations, FHIR, cards, decision records, reports",
    )
    parser.add_argument(
        "--rerun", action="store_true", help="interpret the rows of a table again, and compare the answers"
    )
    parser.add_argument("--guideline", type=Path, metavar="OWN.toml", help="the guideline file that it was made with")
    parser.add_argument("--mapping", type=Path, metavar="SITE.toml", help="the site mapping that a table was read with")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    parser.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    from b12labs.text import printable
    from b12labs.verification import verify

    found = {
        str(path): verify(path, guideline=options.guideline, mapping=options.mapping, rerun=options.rerun)
        for path in options.file
    }
    if options.json:
        print_json({path: [each.to_dict() for each in verified] for path, verified in found.items()})
    else:
        for path, verified in found.items():
            print("\n".join([printable(path), *map(str, verified)]))
    return 0 if all(each.again for verified in found.values() for each in verified) else 2
