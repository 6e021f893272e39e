"""`b12labs differential --symptom tingling`: other conditions that may cause a symptom."""

from __future__ import annotations

import argparse
from typing import Any

from b12labs.cli.parser import add_command
from b12labs.cli.printing import print_json

__all__ = ["register"]

_FEATURES = {
    "symptom": "tingling, 'leg pain', 'joint pain', weakness, fatigue, 'memory loss', 'loss of balance' or cramps",
    "side": "the side, such as both",
    "place": "the place, such as feet hands",
    "onset": "the onset, such as sudden",
    "character": "the character, such as burning",
    "triggers": "its triggers, such as walking",
    "with_it": "accompanying symptoms, such as 'morning stiffness'",
}


def register(commands: Any) -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "differential",
        "other conditions that may cause a symptom: the features that support each, and its test",
        "b12labs differential --symptom tingling --place feet",
        'b12labs differential --symptom "joint pain" --with-it "morning stiffness"',
    )
    for name, help_ in _FEATURES.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}", nargs="+" if name not in ("side", "onset") else None, help=help_
        )
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    parser.set_defaults(run=_differential)


def _differential(options: argparse.Namespace) -> int:
    from b12labs.patient.differential import differential

    found = differential(**{name: getattr(options, name) for name in _FEATURES})
    if options.json:
        print_json([each.model_dump(mode="json") for each in found])
    else:
        print("\n\n".join(map(str, found)) or "Describe the symptom: see 'b12labs differential --help'.")
    return 0
