"""`b12labs units ANALYTE`: the accepted units of an analyte."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from b12labs.cli.parser import add_command
from b12labs.cli.printing import listed, print_json
from b12labs.errors import PanelError

if TYPE_CHECKING:
    from b12labs.reference import Analyte

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    says = "the accepted units of an analyte"
    parser = add_command(commands, "units", says, "b12labs units", "b12labs units b12")
    parser.add_argument("analyte", nargs="?", help="without it, every analyte is listed")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    parser.set_defaults(run=_units)


def _units(options: argparse.Namespace) -> int:
    from b12labs.inputs.words.hints import meant_name
    from b12labs.reference import analytes
    from b12labs.reference.unit_labels import unit_label

    known = analytes()
    if options.analyte is None:
        if options.json:
            print_json([{"key": key, "name": known[key].name, "unit": known[key].unit} for key in known])
        else:
            for each in known.values():
                unit = unit_label(each.unit)
                print(listed(each.key, f"{each.name} ({unit})" if unit else each.name, 28))
        return 0
    if options.analyte not in known:
        raise PanelError(
            f"{options.analyte!r} is not an analyte{meant_name(options.analyte, known)}",
            code="unknown_field",
            field=options.analyte,
        )
    _print_units_of(known[options.analyte], as_json=options.json)
    return 0


def _print_units_of(analyte: Analyte, *, as_json: bool) -> None:
    from b12labs.inputs.units import factor, usual_units
    from b12labs.reference import units
    from b12labs.reference.unit_labels import unit_label

    accepted = [(unit, factor(analyte.key, unit.ucum)) for unit in units().units if unit.kind in analyte.kinds]
    if as_json:
        about = [{"ucum": unit.ucum, "factor": scale, "spellings": unit.spellings} for unit, scale in accepted]
        print_json({"key": analyte.key, "name": analyte.name, "unit": analyte.unit, "accepted": about})
        return
    usual = [pair for name in usual_units(analyte) for pair in accepted if pair[0].ucum == name]
    others = [pair for pair in accepted if pair not in usual]
    into = unit_label(analyte.unit)
    print(f"{analyte.name}: its units{f', and their factors to {into}' if into else ''}")
    for title, pairs in (("Usual", usual), ("Also read", others)):
        if pairs:
            print(title)
        for unit, scale in pairs:
            spelled = ", ".join(dict.fromkeys([unit.ucum, *unit.spellings[:5]]))
            print(listed(f"  {unit_label(unit.ucum) or 'a number'}", f"{scale:<12.6g}written {spelled}", 28))
