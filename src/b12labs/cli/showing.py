"""Show one interpretation: the report, eight lines for the note, plain words for the patient, or JSON."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from b12labs.cli.printing import print_json

if TYPE_CHECKING:
    from b12labs.patient.comparison import Comparison
    from b12labs.patient.interpretation import Audience, Interpretation

__all__ = ["add_showing_options", "show", "show_comparison"]


def add_showing_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for the content and form of the output."""
    parser.add_argument("--brief", action="store_true", help="at most eight plain lines, to copy into a note")
    parser.add_argument(
        "--audience", choices=["clinician", "patient", "note"], default="clinician", help="the reader of the report"
    )
    parser.add_argument(
        "--certainty", action="store_true", help="also show how certain the status is, and which values would change it"
    )
    parser.add_argument(
        "--formulary", choices=["uk", "us"], help="the formulary of the regimens; default: the guideline's own"
    )
    parser.add_argument("--json", action="store_true", help="everything, as JSON")


def show(result: Interpretation, options: argparse.Namespace, compared: Comparison | None = None) -> None:
    """Print an interpretation; if asked for, also its certainty and the conclusions of other guidelines."""
    if options.json:
        if options.certainty or compared:
            print_json(_as_data(result, options, compared))
        else:
            print(result.to_json(indent=2))
        return
    parts = [_report(result, options)]
    if options.certainty:
        from b12labs.patient.certainty import as_text

        parts.append(as_text(result.certainty, result.turning_points()))
    print("\n\n".join([*parts, *([str(compared)] if compared else [])]))


def show_comparison(compared: Comparison, *, as_json: bool) -> None:
    """Print the conclusions of every guideline."""
    if as_json:
        print_json(compared.to_dicts())
    else:
        print(compared)


def _report(result: Interpretation, options: argparse.Namespace) -> str:
    """Return the report, in color if standard output is a terminal that supports it."""
    from b12labs.answer.report import as_text
    from b12labs.display.terminal import paint_for

    audience: Audience = "note" if options.brief else options.audience
    return as_text(result, paint_for()) if audience == "clinician" else result.to_text(audience)


def _as_data(result: Interpretation, options: argparse.Namespace, compared: Comparison | None) -> dict[str, Any]:
    data = result.model_dump(mode="json")
    if options.certainty:
        data["certainty"] = result.certainty.model_dump(mode="json")
        data["turning_points"] = [point.model_dump(mode="json") for point in result.turning_points()]
    return data | ({"comparison": compared.to_dicts()} if compared else {})
