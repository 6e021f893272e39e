"""`b12labs codes`: the code systems that are read; with `--fhir`, all codes and b12labs' own as FHIR resources."""

from __future__ import annotations

import argparse
from typing import Any

from b12labs.cli.parser import add_command

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    says = "the codes that are read, and the meaning of the output as FHIR"
    parser = add_command(commands, "codes", says, "b12labs codes", "b12labs codes --fhir > terminology.json")
    parser.add_argument(
        "--fhir", action="store_true", help="a Bundle of CodeSystems, ValueSets, ConceptMaps and profiles"
    )
    parser.add_argument("--base", metavar="URL", help="the start of their canonical URLs; default: urn:b12labs:fhir")
    parser.set_defaults(run=_codes)


def _codes(options: argparse.Namespace) -> int:
    if options.fhir:
        from b12labs.integrations.fhir.output import to_json
        from b12labs.integrations.fhir.terminology import BASE, terminology

        print(to_json(terminology(options.base or BASE)))
        return 0
    from b12labs.reference.codes import code_systems, listed_codes
    from b12labs.reference.context_codes import context_codes, context_systems

    print("Tests")
    for key in code_systems():
        print(f"  {key:<16}{len(listed_codes(key)):>6,}")
    print("Medicines and diagnoses")
    for key in context_systems():
        print(f"  {key:<16}{len(context_codes(key)):>6,}")
    return 0
