"""`b12labs one --b12 "145 pg/mL" --age 67`: one patient, without a file."""

from __future__ import annotations

import argparse
from typing import Any

from b12labs.cli.parser import add_command
from b12labs.cli.patient_options import add_patient_options, given_values, how_read, meant_option
from b12labs.cli.showing import add_showing_options, show
from b12labs.errors import PanelError

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "one",
        "interpret one patient's results, without a file",
        'b12labs one --b12 "145 pg/mL" --mma "0.62 umol/L" --age 67 --sex female',
        'b12labs one --b12 "145 pg/mL" --age 67 --symptoms paresthesia --medicines metformin --brief',
        meant=meant_option,
        fill=add_patient_options,
        allow_abbrev=False,
    )
    add_showing_options(parser)
    parser.set_defaults(run=_one)


def _one(options: argparse.Namespace) -> int:
    from b12labs.patient.interpretation import interpret

    values = given_values(options)
    if not values:
        raise PanelError(
            "one: expected at least one result, such as --b12 '145 pg/mL', got none. See 'b12labs one --help'",
            code="no_values",
            field="one",
        )
    show(interpret(**values, **how_read(options), formulary=options.formulary), options)
    return 0
