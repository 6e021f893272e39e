"""`b12labs compare --b12 "195 pg/mL" --age 67`: the conclusion of every guideline about one patient."""

from __future__ import annotations

import argparse
from typing import Any

from b12labs.cli.parser import add_command
from b12labs.cli.patient_options import add_patient_options, given_values, how_read, meant_option
from b12labs.cli.showing import show_comparison

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "compare",
        "the conclusion of every guideline about one patient, and the number on which they differ",
        'b12labs compare --b12 "195 pg/mL" --age 67 --sex female',
        meant=meant_option,
        fill=add_patient_options,
        allow_abbrev=False,
    )
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    parser.set_defaults(run=_compare)


def _compare(options: argparse.Namespace) -> int:
    from b12labs.patient.comparison import compare_guidelines

    show_comparison(compare_guidelines(**given_values(options), **how_read(options)), as_json=options.json)
    return 0
