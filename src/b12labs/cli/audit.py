"""`b12labs audit EXPORT`: how much of an export is read, why the rest is not, and a site mapping to fill in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from b12labs.cli.options import add_reading_options, reading
from b12labs.cli.parser import add_command
from b12labs.cli.printing import print_json

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "audit",
        "how much of an export is read, and why the rest is not; its output has no patient data",
        "b12labs audit export.csv",
        "b12labs audit messages/*.hl7 --mapping-out site.toml",
    )
    parser.add_argument(
        "export",
        type=Path,
        nargs="+",
        help="tables as for interpret, FHIR (.json, .ndjson), HL7 v2 (.hl7, .txt), or folders of them",
    )
    parser.add_argument(
        "--mapping-out", type=Path, metavar="SITE.toml", help="write a site mapping to fill in to this file"
    )
    parser.add_argument(
        "--rare", action="store_true", help="also show texts of fewer than three rows; they may identify a patient"
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit with code 2 if anything in the export is not understood"
    )
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    add_reading_options(parser, guideline=False)
    parser.set_defaults(run=_audit)


def _audit(options: argparse.Namespace) -> int:
    from b12labs.errors import B12LabsError
    from b12labs.export_audit import audit
    from b12labs.text import count_of, printable

    if options.mapping_out and options.mapping_out.exists():
        raise B12LabsError(
            f"--mapping-out {options.mapping_out}: the file already exists, and may be filled in. Name another file",
            code="output_exists",
            field="--mapping-out",
        )
    found = audit(options.export, rare=options.rare, **reading(options))
    if options.mapping_out:
        options.mapping_out.write_text(found.to_mapping(), encoding="utf-8")
    if options.json:
        print_json(found.to_dict())
    else:
        print(found)
        if options.mapping_out:
            print(f"\nWritten: {printable(str(options.mapping_out))}. Fill it in, and pass it as --mapping")
    if options.strict and not found.is_complete:
        said = (
            f"{count_of(found.not_understood, 'result')} not used, because a part of it is not understood"
            if found.not_understood
            else "words for sex, medicines or diagnoses, or columns, are not understood"
        )
        raise B12LabsError(f"--strict: {said}", code="not_understood")
    return 0
