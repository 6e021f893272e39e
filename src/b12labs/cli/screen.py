"""`b12labs screen --age 67 --symptoms numbness`: whether symptoms and risk factors call for a test."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

from b12labs.cli.parser import add_command
from b12labs.cli.patient_options import add_patient_options, given_values, how_read, meant_option
from b12labs.cli.printing import print_answer

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "screen",
        "check whether one person's symptoms and risk factors call for a test",
        "b12labs screen --age 67 --symptoms numbness --medicines metformin",
        "b12labs screen --age 67 --risk-factors vegan --guideline aafp-2017",
        meant=meant_option,
        fill=partial(add_patient_options, results=False),
    )
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    parser.set_defaults(run=_screen)


def _screen(options: argparse.Namespace) -> int:
    from b12labs.patient.screening import screen

    found = screen(**given_values(options), **how_read(options))
    print_answer(found, as_json=options.json)
    return 0
