"""The command line: `b12labs interpret FILE`, `explain FILE --row N`, `units ANALYTE`, `guidelines`, `rules CODE`."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from b12labs import __version__
from b12labs.errors import B12LabsError, PanelError, nearest

if TYPE_CHECKING:
    from b12labs.files import FileOutcome
    from b12labs.rows import CohortOutcome

__all__ = ["main"]

_URGENCIES = ("emergency", "urgent")
SHOWN = 12


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns 0, or 2 where the input cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (B12LabsError, FileNotFoundError, IsADirectoryError, PermissionError) as error:
        print(f"b12labs: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="b12labs", description="Interpret vitamin B12, its metabolites, folate and blood counts together.")
    parser.add_argument("--version", action="version", version=f"b12labs {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    interpret = commands.add_parser("interpret", help="interpret every row of a CSV of laboratory results")
    interpret.add_argument("file", type=Path, help="one draw a row; units in the header, in a column beside, or in the value")
    interpret.add_argument("-o", "--output", type=Path, help="where to write the rows with their interpretation")
    interpret.add_argument("--findings", action="store_true", help="write a column of every finding too")
    _shared(interpret)
    interpret.set_defaults(run=_interpret)

    explain = commands.add_parser("explain", help="the full report on one row")
    explain.add_argument("file", type=Path)
    explain.add_argument("--row", type=int, required=True, help="1 is the first row under the header")
    explain.add_argument("--json", action="store_true", help="everything, as JSON")
    explain.add_argument("--audience", choices=["clinician", "patient"], default="clinician", help="the report for whom")
    explain.add_argument("--formulary", choices=["uk", "us"], help="whose regimens; default: the guideline's own")
    explain.add_argument("--compare", action="store_true", help="what every guideline concludes, beside the one chosen")
    _shared(explain)
    explain.set_defaults(run=_explain)

    units = commands.add_parser("units", help="the units in which an analyte may be given")
    units.add_argument("analyte", nargs="?", help="without it, every analyte is listed")
    units.set_defaults(run=_units)

    guidelines = commands.add_parser("guidelines", help="the guidelines that can be chosen")
    guidelines.set_defaults(run=_guidelines)

    rules = commands.add_parser("rules", help="every rule, or one in full: its condition, inputs, limits and sources")
    rules.add_argument("code", nargs="?", help="without it, every rule is listed")
    rules.add_argument("--json", action="store_true", help="everything, as JSON")
    rules.set_defaults(run=_rules)
    return parser


def _shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--guideline", default="nice-ng239", help="default: nice-ng239; see 'b12labs guidelines'; or a guideline file, OWN.toml")
    parser.add_argument("--unit", action="append", default=[], metavar="ANALYTE=UNIT", help="the unit of a column that does not say one")
    parser.add_argument("--column", action="append", default=[], metavar="COLUMN=ANALYTE", help="what a column is, where its name does not tell")
    parser.add_argument("--decimal", choices=[".", ","], default=".", help="the decimal sign of the file's numbers")


def _pairs(given: list[str], option: str) -> dict[str, str]:
    pairs = {}
    for pair in given:
        name, equals, value = pair.rpartition("=")
        if not equals or not name or not value:
            raise PanelError(f"{option}: {pair!r} was given, and NAME=VALUE was expected", code="unreadable_option", field=option)
        pairs[name] = value
    return pairs


def _interpret(options: argparse.Namespace) -> int:
    from b12labs.files import interpret_file, write_table

    done = interpret_file(
        options.file, guideline=options.guideline, units=_pairs(options.unit, "--unit"), columns=_pairs(options.column, "--column"),
        decimal=options.decimal, findings=options.findings,
    )  # fmt: skip
    print("\n".join(summary(done, str(options.file), options.guideline)))
    if options.output:
        write_table(done.combined(), options.output)
        print(f"\nWritten: {options.output} ({len(done.table)} rows)")
        print(f"One row in full: b12labs explain {options.file} --row N")
    else:
        print("\nNothing was written; give -o OUT.csv to write the rows with their interpretation.")
    return 0


def summary(done: FileOutcome, name: str, guideline: str) -> list[str]:
    """Return what a person wants to know of a file: how many of what, whom to look at first, what could not be used."""
    rows = len(done.table)
    lines = [f"{name}: {rows} row{'s' * (rows != 1)}, interpreted by {guideline}", ""]
    for status, count in Counter(done.outcome.words("status").counts()).most_common():
        lines.append(f"  {status.replace('_', ' '):<24}{count:>7}  {100 * count / rows:5.1f} %")
    truths = [("megaloblastic anemia", "megaloblastic_anemia"), ("functional deficiency", "functional_deficiency"), ("anemia", "anemia")]
    lines.append("")
    for label, code in truths:
        counts = Counter(done.outcome.truths(code).tolist())
        lines.append(f"  {label:<24}{counts[2]:>7}  yes, {counts[0]} no, {counts[1]} cannot tell")
    lines += _first(done.outcome)
    lines += _problem_lines(done)
    if done.columns.unused:
        lines += ["", f"Columns passed through and not used: {', '.join(done.columns.unused)}"]
    return lines


def _first(outcome: CohortOutcome) -> list[str]:
    lines: list[str] = []
    for urgency in _URGENCIES:
        numbers = [str(row + 1) for row in (outcome.words("urgency").objects() == urgency).nonzero()[0]]
        if numbers:
            more = f" and {len(numbers) - SHOWN} more" if len(numbers) > SHOWN else ""
            label = "Look first at" if not lines else "then at"
            lines.append(f"{label} ({urgency}): row {', '.join(numbers[:SHOWN])}{more}")
    return ["", *lines] if lines else []


def _problem_lines(done: FileOutcome) -> list[str]:
    found = done.outcome.problems.found
    if not found:
        return ["", "No problems: every cell was read."]
    kinds: dict[tuple[str, str], list[int]] = {}
    examples: dict[tuple[str, str], str] = {}
    for problem, rows in found:
        kinds.setdefault((problem.field, problem.code), []).extend(int(row) for row in rows)
        examples.setdefault((problem.field, problem.code), problem.message)
    total = len({row for rows in kinds.values() for row in rows})
    lines = ["", f"Problems in {total} row{'s' * (total != 1)}; what they concern was left out, the rest of the row was interpreted:"]
    for (field, code), where in sorted(kinds.items(), key=lambda item: -len(item[1])):
        numbers = ", ".join(str(row + 1) for row in sorted(where)[:5]) + (", ..." if len(where) > 5 else "")
        lines.append(f"  {field}: {code.replace('_', ' ')}, {len(where)} row{'s' * (len(where) != 1)} ({numbers})")
        lines.append(f"      {examples[field, code]}")
    return lines


def _explain(options: argparse.Namespace) -> int:
    from b12labs.files import read_table
    from b12labs.one_patient import interpret
    from b12labs.tables import recognize, row_values

    table = read_table(options.file)
    if not 1 <= options.row <= len(table):
        raise PanelError(f"--row: {options.row} was given, and the file has rows 1 to {len(table)}", code="no_such_row", field="--row")
    found = recognize(table.columns, mapping=_pairs(options.column, "--column"), units=_pairs(options.unit, "--unit"))
    row = table.iloc[options.row - 1].to_dict()
    given = row_values(found, row)
    if options.compare:
        from b12labs.comparison import compare_guidelines

        compared = compare_guidelines(**given, guideline=options.guideline, decimal=options.decimal, errors="report")
        print(json.dumps(compared.to_dicts(), indent=2) if options.json else compared)
        return 0
    result = interpret(**given, guideline=options.guideline, decimal=options.decimal, errors="report", formulary=options.formulary)
    print(result.to_json(indent=2) if options.json else result.to_text(audience=options.audience))
    return 0


def _units(options: argparse.Namespace) -> int:
    from b12labs.reference import analytes
    from b12labs.reference import units as listed

    known = analytes()
    if options.analyte is None:
        for analyte in known.values():
            print(f"{analyte.key:<28}{analyte.name} ({analyte.unit})")
        return 0
    if options.analyte not in known:
        near = nearest(options.analyte, known)
        raise PanelError(
            f"{options.analyte!r} is not an analyte" + (f"; did you mean {near!r}?" if near else ""), code="unknown_field", field=options.analyte
        )
    analyte = known[options.analyte]
    print(f"{analyte.name}: accepted units, and what they are multiplied by to give {analyte.unit}")
    from b12labs.units import factor

    for unit in listed().units:
        if unit.kind in analyte.kinds:
            print(f"  {unit.ucum:<22}{factor(analyte.key, unit.ucum):<14.6g}also: {', '.join(unit.spellings[:6])}")
    return 0


def _guidelines(_: argparse.Namespace) -> int:
    from b12labs.reference import guideline, guideline_keys

    for key in guideline_keys():
        print(f"{key:<20}{guideline(key).title}" + (" (default)" if key == "nice-ng239" else ""))
    return 0


def _rules(options: argparse.Namespace) -> int:
    from b12labs.catalogue import catalogue
    from b12labs.rules_page import as_text

    entries = catalogue()
    if options.code is not None:
        codes = {entry.code for entry in entries}
        if options.code not in codes:
            near = nearest(options.code, codes)
            raise PanelError(f"{options.code!r} is not a rule" + (f"; did you mean {near!r}?" if near else ""), code="unknown_rule", field="rules")
        entries = tuple(entry for entry in entries if entry.code == options.code)
    if options.json:
        print(json.dumps([entry.model_dump(mode="json") for entry in entries], indent=2, ensure_ascii=False))
    elif options.code is not None:
        print("\n\n".join(as_text(entry) for entry in entries))
    else:
        for entry in entries:
            print(f"{entry.code:<40}{entry.meaning}")
    return 0
