"""The parser of the command line: a word that is not accepted is answered with the nearest that is."""

from __future__ import annotations

import argparse
from typing import Any

from b12labs.errors import expected_word

__all__ = ["Parser"]


class Parser(argparse.ArgumentParser):
    """A parser of arguments; its subcommands are parsed by others of its kind."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(action, expected_word(value, list(action.choices)))
