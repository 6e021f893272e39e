"""One patient on the command line: an option for every result, every fact and every kind of context."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from b12labs.cli.options import pairs
from b12labs.limits.default import DEFAULT_GUIDELINE

__all__ = ["add_patient_options", "given_values", "how_read", "meant_option"]

_FACTS = {
    "age": "67, or '5 months'",
    "sex": "female or male",
    "pregnant": "yes or no",
    "trimester": "1, 2 or 3",
    "gestational_weeks": "weeks of pregnancy",
    "elevation": "of residence, in meters",
}
_CONTEXT = {
    "symptoms": "paresthesia 'unsteady gait'",
    "risk_factors": "vegan 'gastric bypass'",
    "medicines": "metformin omeprazole",
    "diagnoses": "'type 2 diabetes'",
}


def add_patient_options(parser: argparse.ArgumentParser, *, results: bool = True) -> None:
    """Add the options that describe one patient and how they are read; with `results`, also those for results."""
    from b12labs.reference import analytes
    from b12labs.reference.unit_labels import unit_label

    if results:
        group = parser.add_argument_group("results, each a number and its unit, such as 145 pg/mL")
        for analyte in analytes().values():
            unit = unit_label(analyte.unit).replace("%", "%%")
            _add(group, analyte.key, f"{analyte.name}{f', {unit}' if unit else ''}")
    patient = parser.add_argument_group("patient and context; anything not mentioned is taken as absent")
    for name, help_ in (_FACTS | _CONTEXT).items():
        _add(patient, name, help_)
    method = parser.add_argument_group("reading of the values")
    if results:
        method.add_argument("--guideline", default=DEFAULT_GUIDELINE, help="see 'b12labs guidelines'")
        method.add_argument(
            "--unit", action="append", default=[], metavar="ANALYTE=UNIT", help="the unit of a result that has none"
        )
        method.add_argument("--decimal", choices=[".", ","], metavar="SIGN", help="the decimal sign; default: a point")
    else:
        method.add_argument("--guideline", help="nice-ng239 (default), aafp-2017 or aafp-2025")
    method.add_argument("--mapping", type=Path, metavar="SITE.toml", help="a site's own names; see docs/tables.md")


def _add(group: Any, key: str, help_: str) -> None:
    names = dict.fromkeys((f"--{key.replace('_', '-')}", f"--{key}"))
    group.add_argument(*names, dest=key, nargs="+", metavar="VALUE", help=help_)


def given_values(options: argparse.Namespace) -> dict[str, Any]:
    """Return the results, facts and context of the patient, as keywords of `interpret`."""
    from b12labs.reference import analytes

    known: Iterable[str] = (*analytes(), *_FACTS, *_CONTEXT)
    given = {name: getattr(options, name, None) for name in known}
    return {name: words if name in _CONTEXT else " ".join(words) for name, words in given.items() if words is not None}


def how_read(options: argparse.Namespace) -> dict[str, Any]:
    """Return the reading options as keywords of `interpret`."""
    read: dict[str, Any] = {"mapping": options.mapping}
    if hasattr(options, "unit"):
        read |= {"units": pairs(options.unit, "--unit") or None, "decimal": options.decimal}
    return read | ({"guideline": options.guideline} if options.guideline else {})


def meant_option(name: str) -> str:
    """Return a hint for an unknown option, by its usual clinical name: `--hb` suggests `--hemoglobin`."""
    from b12labs.inputs.words.hints import meant_name
    from b12labs.reference import analytes

    known = (*analytes(), *_FACTS, *_CONTEXT, "guideline", "unit", "decimal", "mapping", "json", "brief", "audience")
    meant = meant_name(name.strip("-").replace("-", "_"), known)
    return meant.replace("'", "'--", 1).replace("_", "-") if meant else ""
