"""`b12labs explain FILE --row N`: the full report on one row."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from b12labs.cli.options import add_reading_options, reading
from b12labs.cli.printing import painted_report, print_json
from b12labs.cli.streams import standard_input

if TYPE_CHECKING:
    from b12labs.patient.interpretation import Interpretation

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand to the command line's."""
    parser = commands.add_parser("explain", help="the full report on one row")
    parser.add_argument("file", type=Path, nargs="+", help="as for interpret")
    parser.add_argument(
        "--row",
        type=int,
        required=True,
        help="1 is the first row under the header; of a long table, the first draw written",
    )
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    parser.add_argument(
        "--certainty", action="store_true", help="how sure this is, and at which values the status would turn, too"
    )
    parser.add_argument("--audience", choices=["clinician", "patient"], default="clinician", help="the report for whom")
    parser.add_argument("--formulary", choices=["uk", "us"], help="whose regimens; default: the guideline's own")
    parser.add_argument("--compare", action="store_true", help="what every guideline concludes, beside the one chosen")
    add_reading_options(parser)
    parser.set_defaults(run=_explain)


def _explain(options: argparse.Namespace) -> int:
    with standard_input(options):
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    from b12labs.files.interpreting import read_row
    from b12labs.patient.interpretation import interpret

    row = read_row(options.file, options.row, **reading(options))
    if options.compare:
        from b12labs.patient.comparison import compare_guidelines

        compared = compare_guidelines(**row.values, guideline=options.guideline, decimal=row.decimal, errors="report")
        print(json.dumps(compared.to_dicts(), indent=2) if options.json else compared)
        return 0
    result = interpret(
        **row.values, guideline=options.guideline, decimal=row.decimal, errors="report", formulary=options.formulary
    )
    result = result.model_copy(update={"problems": (*result.problems, *row.problems)})
    if options.certainty:
        _explain_certainty(result, options)
        return 0
    print(result.to_json(indent=2) if options.json else painted_report(result, options.audience))
    return 0


def _explain_certainty(result: Interpretation, options: argparse.Namespace) -> None:
    from b12labs.patient.certainty import as_text

    points = result.turning_points()
    if options.json:
        sure = {
            "certainty": result.certainty.model_dump(mode="json"),
            "turning_points": [point.model_dump(mode="json") for point in points],
        }
        print_json({**result.model_dump(mode="json"), **sure})
    else:
        print(f"{painted_report(result, options.audience)}\n\n{as_text(result.certainty, points)}")
