"""The command line: interpret, report, explain, serve, and lists of units, guidelines, rules and schemas."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from b12labs.cli import report
from b12labs.cli import schema as cli_schema
from b12labs.cli import serve as cli_serve
from b12labs.cli.parser import Parser
from b12labs.errors import B12LabsError, PanelError, did_you_mean
from b12labs.text import count_of, printable
from b12labs.version import __version__

if TYPE_CHECKING:
    from b12labs.patient.interpretation import Interpretation

__all__ = ["main"]

#: The guideline where none is named; `limits` has it too, and is imported only when something is interpreted.
DEFAULT = "nice-ng239"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns 0, or 2 where the input cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print("b12labs: stopped", file=sys.stderr)
        return 130
    except (B12LabsError, OSError) as error:
        print(f"b12labs: {printable(str(error))}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="b12labs", description="Interpret vitamin B12, its metabolites, folate and blood counts together."
    )
    parser.add_argument("--version", action="version", version=f"b12labs {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    interpret = commands.add_parser(
        "interpret", help="interpret every row of a file of laboratory results, of any size"
    )
    interpret.add_argument(
        "file",
        type=Path,
        nargs="+",
        help="CSV, TSV (also .gz, .zst), Parquet, a folder or a pattern; units in the header, beside, or in the value",
    )
    interpret.add_argument(
        "-o",
        "--output",
        type=Path,
        help="where to write the rows with their interpretation: .csv, .tsv (also .gz), .parquet",
    )
    interpret.add_argument(
        "--problems", type=Path, metavar="FILE.csv", help="where to write every problem with its file, row and column"
    )
    interpret.add_argument("--findings", action="store_true", help="write a column of every finding too")
    interpret.add_argument(
        "--certainty",
        action="store_true",
        help="write whether the status is robust, and what to repeat where it is not, too",
    )
    interpret.add_argument(
        "--strict", action="store_true", help="stop at the first problem, with exit code 2; nothing is written"
    )
    interpret.add_argument(
        "--raw-text",
        action="store_true",
        help="leave cells that a spreadsheet would run as a formula, such as =1+1, as they are",
    )
    interpret.add_argument("--json", action="store_true", help="the summary, as JSON")
    _shared(interpret)
    interpret.set_defaults(run=_interpret)

    report.register(commands, _shared, _reading)

    explain = commands.add_parser("explain", help="the full report on one row")
    explain.add_argument("file", type=Path, nargs="+", help="as for interpret")
    explain.add_argument(
        "--row",
        type=int,
        required=True,
        help="1 is the first row under the header; of a long table, the first draw written",
    )
    explain.add_argument("--json", action="store_true", help="everything, as JSON")
    explain.add_argument(
        "--certainty", action="store_true", help="how sure this is, and at which values the status would turn, too"
    )
    explain.add_argument(
        "--audience", choices=["clinician", "patient"], default="clinician", help="the report for whom"
    )
    explain.add_argument("--formulary", choices=["uk", "us"], help="whose regimens; default: the guideline's own")
    explain.add_argument("--compare", action="store_true", help="what every guideline concludes, beside the one chosen")
    _shared(explain)
    explain.set_defaults(run=_explain)

    units = commands.add_parser("units", help="the units in which an analyte may be given")
    units.add_argument("analyte", nargs="?", help="without it, every analyte is listed")
    units.add_argument("--json", action="store_true", help="everything, as JSON")
    units.set_defaults(run=_units)

    guidelines = commands.add_parser("guidelines", help="the guidelines that can be chosen")
    guidelines.add_argument("--json", action="store_true", help="everything, as JSON")
    guidelines.set_defaults(run=_guidelines)

    rules = commands.add_parser("rules", help="every rule, or one in full: its condition, inputs, limits and sources")
    rules.add_argument("code", nargs="?", help="without it, every rule is listed")
    rules.add_argument("--json", action="store_true", help="everything, as JSON")
    rules.set_defaults(run=_rules)
    cli_schema.register(commands)
    cli_serve.register(commands)
    return parser


def _shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--guideline",
        default=DEFAULT,
        help="default: nice-ng239; see 'b12labs guidelines'; or a guideline file, OWN.toml",
    )
    parser.add_argument(
        "--unit", action="append", default=[], metavar="ANALYTE=UNIT", help="the unit of results that do not say one"
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="COLUMN=WHAT",
        help="what a column is, where its name does not tell: LBXB12=b12, Kode=test",
    )
    parser.add_argument(
        "--mapping",
        type=Path,
        metavar="SITE.toml",
        help="all of this in a file: names, columns, units, codes; see docs/tables.md",
    )
    parser.add_argument(
        "--decimal",
        choices=[".", ","],
        help="the decimal sign of the file's numbers; default: the mapping's, or a point",
    )
    parser.add_argument(
        "--window",
        type=float,
        metavar="HOURS",
        help="how long a draw of a long table is; default: the mapping's, or 24",
    )
    parser.add_argument(
        "--preliminary", action="store_true", help="use preliminary results of a long table where there is no final one"
    )


def _reading(options: argparse.Namespace) -> dict[str, Any]:
    """Return how the input is to be read, as arguments of `interpret_file` and `read_row`."""
    from b12labs.draws.site_mapping import read_mapping

    return {
        "columns": _pairs(options.column, "--column"),
        "units": _pairs(options.unit, "--unit"),
        "decimal": options.decimal,
        "mapping": read_mapping(options.mapping) if options.mapping else None,
        "window_hours": options.window,
        "use_preliminary": options.preliminary,
    }


def _explaining(options: argparse.Namespace) -> str:
    """Return the command that explains a row of what was interpreted."""
    given = [*map(str, options.file), *(["--guideline", options.guideline] if options.guideline != DEFAULT else [])]
    for option in ("unit", "column"):
        given += [part for pair in getattr(options, option) for part in (f"--{option}", pair)]
    for option in ("mapping", "decimal", "window"):
        given += [f"--{option}", str(getattr(options, option))] if getattr(options, option) is not None else []
    return f"b12labs explain {shlex.join(given + ['--preliminary'] * options.preliminary)} --row N"


def _pairs(given: list[str], option: str) -> dict[str, str]:
    pairs = {}
    for pair in given:
        name, equals, value = pair.rpartition("=")
        if not equals or not name or not value:
            raise PanelError(
                f"{option}: {pair!r} was given, and NAME=VALUE was expected", code="unreadable_option", field=option
            )
        pairs[name] = value
    return pairs


def _interpret(options: argparse.Namespace) -> int:
    from b12labs.cli.progress import Progress
    from b12labs.display.terminal import colored
    from b12labs.files.draw_source import DrawSource, draw_counts, draw_lines
    from b12labs.files.interpreting import interpret_file
    from b12labs.tables.totals import as_lines

    progress = Progress()
    given = options.file if len(options.file) > 1 else options.file[0]
    try:
        done = interpret_file(
            given,
            output=options.output,
            problems=options.problems,
            guideline=options.guideline,
            findings=options.findings,
            certainty=options.certainty,
            raw_text=options.raw_text,
            strict=options.strict,
            progress=progress,
            **_reading(options),
            note=lambda said: print(f"b12labs: {printable(said)}", file=sys.stderr),
        )
    except KeyboardInterrupt:
        progress.close()
        more = "; the same command goes on where it was" if options.output or options.problems else ""
        print(f"b12labs: stopped{more}", file=sys.stderr)
        return 130
    finally:
        progress.close()
    name, draws = done.source.name, done.source.draws if isinstance(done.source, DrawSource) else None
    if options.json:
        written = {key: str(path) for key, path in (("output", options.output), ("problems", options.problems)) if path}
        about = {
            "input": printable(name),
            "files": len(done.source.files),
            "guideline": options.guideline,
            "unused_columns": done.unused,
            "written": written,
        }
        about["files_not_read"] = done.source.passed_over
        about["long_table"] = draw_counts(draws) if draws else None
        print(json.dumps({**about, **done.totals.model_dump()}, indent=2, ensure_ascii=False))
        return 0
    what = "draw" if draws else "row"
    print(colored("\n".join(as_lines(done.totals, name, options.guideline, done.unused, what=what))))
    if draws:
        print("\n".join(["", *draw_lines(draws)]))
    if done.source.passed_over:
        print(f"\nFiles that are no tables, not read: {printable(', '.join(done.source.passed_over))}")
    if options.output:
        print(f"\nWritten: {printable(str(options.output))} ({count_of(done.totals.rows, what)})")
        print(f"One {what} in full: {printable(_explaining(options))}")
    else:
        print(f"\nNothing was written; give -o OUT.csv for the {what}s with their interpretation.")
    if options.problems:
        print(f"Every problem with its row: {printable(str(options.problems))}")
    return 0


def _explain(options: argparse.Namespace) -> int:
    from b12labs.display.terminal import colored
    from b12labs.files.interpreting import read_row
    from b12labs.patient.interpretation import interpret

    row = read_row(options.file, options.row, **_reading(options))
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
    print(result.to_json(indent=2) if options.json else colored(result.to_text(audience=options.audience)))
    return 0


def _explain_certainty(result: Interpretation, options: argparse.Namespace) -> None:
    from b12labs.display.terminal import colored
    from b12labs.patient.certainty_text import as_text

    points = result.turning_points()
    if options.json:
        sure = {
            "certainty": result.certainty.model_dump(mode="json"),
            "turning_points": [point.model_dump(mode="json") for point in points],
        }
        print(json.dumps({**result.model_dump(mode="json"), **sure}, indent=2, ensure_ascii=False))
    else:
        print(colored(f"{result.to_text(audience=options.audience)}\n\n{as_text(result.certainty, points)}"))


def _listed(name: str, words: str, width: int) -> str:
    """Return a name and what it is, in 80 columns."""
    return textwrap.fill(f"{name:<{width - 1}} {words}", 80, subsequent_indent=" " * width, break_on_hyphens=False)


def _units(options: argparse.Namespace) -> int:
    from b12labs.reference import analytes
    from b12labs.reference import units as listed

    known = analytes()
    if options.analyte is None:
        if options.json:
            print(
                json.dumps(
                    [{"key": key, "name": known[key].name, "unit": known[key].unit} for key in known],
                    indent=2,
                    ensure_ascii=False,
                )
            )
            return 0
        for analyte in known.values():
            print(_listed(analyte.key, f"{analyte.name} ({analyte.unit})", 28))
        return 0
    if options.analyte not in known:
        raise PanelError(
            f"{options.analyte!r} is not an analyte{did_you_mean(options.analyte, known)}",
            code="unknown_field",
            field=options.analyte,
        )
    analyte = known[options.analyte]
    from b12labs.inputs.units import factor

    accepted = [unit for unit in listed().units if unit.kind in analyte.kinds]
    if options.json:
        units = [
            {"ucum": unit.ucum, "factor": factor(analyte.key, unit.ucum), "spellings": unit.spellings}
            for unit in accepted
        ]
        about = {"key": analyte.key, "name": analyte.name, "unit": analyte.unit, "accepted": units}
        print(json.dumps(about, indent=2, ensure_ascii=False))
        return 0
    print(f"{analyte.name}: accepted units, and what they are multiplied by to give {analyte.unit}")
    for unit in accepted:
        print(
            _listed(
                f"  {unit.ucum}", f"{factor(analyte.key, unit.ucum):<14.6g}also: {', '.join(unit.spellings[:6])}", 24
            )
        )
    return 0


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
                "default": each.key == DEFAULT,
            }
            for each in found
        ]
        print(json.dumps(about, indent=2, ensure_ascii=False))
        return 0
    for key in guideline_keys():
        print(_listed(key, guideline(key).title + (" (default)" if key == DEFAULT else ""), 20))
    return 0


def _rules(options: argparse.Namespace) -> int:
    from b12labs.catalogue.entries import catalogue
    from b12labs.catalogue.page import as_text

    entries = catalogue()
    if options.code is not None:
        codes = {entry.code for entry in entries}
        if options.code not in codes:
            raise PanelError(
                f"{options.code!r} is not a rule{did_you_mean(options.code, codes)}",
                code="unknown_rule",
                field="rules",
            )
        entries = tuple(entry for entry in entries if entry.code == options.code)
    if options.json:
        print(json.dumps([entry.model_dump(mode="json") for entry in entries], indent=2, ensure_ascii=False))
    elif options.code is not None:
        print("\n\n".join(as_text(entry) for entry in entries))
    else:
        for entry in entries:
            print(_listed(entry.code, entry.meaning, 40))
    return 0
