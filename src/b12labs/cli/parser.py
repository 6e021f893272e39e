"""The parser of the command line: every help has an example, and every error names the nearest accepted word."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn

from b12labs.errors import did_you_mean, expected_word
from b12labs.text import WIDTH

__all__ = ["Parser", "add_command"]

#: The column of the help texts of options.
_COLUMN = 28


class Parser(argparse.ArgumentParser):
    """A parser of arguments, for the command line and for each subcommand.

    The help ends with `examples`. `meant` returns a hint for an unknown option. `fill` adds options that depend on
    modules that only this command imports.
    """

    def __init__(
        self,
        *,
        examples: Sequence[str] = (),
        meant: Callable[[str], str] | None = None,
        fill: Callable[[argparse.ArgumentParser], None] | None = None,
        **given: Any,
    ) -> None:
        shown = "\n".join(["Example:" if len(examples) == 1 else "Examples:", *(f"  {line}" for line in examples)])
        layout = partial(argparse.RawDescriptionHelpFormatter, max_help_position=_COLUMN, width=WIDTH)
        super().__init__(**given, epilog=shown if examples else None, formatter_class=layout)
        self.examples = tuple(examples)
        self._fill = fill
        self.meant = meant or self._nearest
        self.set_defaults(chosen=self)

    def filled(self) -> Parser:
        """Return the parser with all of its options."""
        if self._fill is not None:
            fill, self._fill = self._fill, None
            fill(self)
        return self

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return the options, and the arguments that are left."""
        self.filled()
        return super().parse_known_args(args, namespace)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return the options. For an unknown option, suggest the nearest one of the chosen command and exit."""
        options, left = self.parse_known_args(args, namespace)
        if left:
            name, _, _ = left[0].partition("=")
            what = "option" if name.startswith("-") else "argument"
            options.chosen.error(f"there is no {what} {name!r}{options.chosen.meant(name)}")
        return options

    def _nearest(self, name: str) -> str:
        return did_you_mean(name, self._option_string_actions)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        if isinstance(action, argparse._SubParsersAction):
            said = f"expected a command, got {value!r}{did_you_mean(value, action.choices)}"
            print(f"{self.prog}: {said}{'' if said.endswith('?') else '.'} See '{self.prog} --help'.", file=sys.stderr)
            raise SystemExit(2)
        raise argparse.ArgumentError(action, expected_word(value, list(action.choices)))

    def error(self, message: str) -> NoReturn:
        """Print the error and the command that shows the help, and exit with code 2."""
        print(f"{self.prog}: {message}\nSee '{self.prog} --help'.", file=sys.stderr)
        raise SystemExit(2)


def add_command(commands: Any, name: str, says: str, *examples: str, **given: Any) -> Parser:
    """Add a subcommand with its purpose and examples."""
    about = f"{says[0].upper()}{says[1:]}."
    made: Parser = commands.add_parser(name, help=says, description=about, examples=examples, **given)
    return made
