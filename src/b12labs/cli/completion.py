"""`b12labs completion bash`: a script with which a shell completes commands and options."""

from __future__ import annotations

import argparse
from typing import Any

from b12labs.cli.parser import Parser, add_command

__all__ = ["register"]

_BASH = """\
_b12labs() {
  local words
  case "${COMP_WORDS[1]}" in
%(cases)s
  *) words="%(commands)s" ;;
  esac
  if [[ $COMP_CWORD -eq 1 ]]; then words="%(commands)s --help --version"; fi
  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _b12labs b12labs
"""


def register(commands: Any) -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "completion",
        "print a script with which a shell completes commands and options",
        'eval "$(b12labs completion bash)"',
        'eval "$(b12labs completion zsh)"',
        "b12labs completion fish | source",
    )
    parser.add_argument("shell", choices=["bash", "zsh", "fish"])
    parser.set_defaults(run=lambda options: _completion(options, commands.choices))


def _completion(options: argparse.Namespace, commands: dict[str, Parser]) -> int:
    offered = {name: sorted(_options_of(parser)) for name, parser in commands.items()}
    print(_fish(offered) if options.shell == "fish" else _bash(offered, zsh=options.shell == "zsh"), end="")
    return 0


def _options_of(parser: Parser) -> list[str]:
    return [name for name in parser.filled()._option_string_actions if name.startswith("--") and "_" not in name]


def _bash(offered: dict[str, list[str]], *, zsh: bool) -> str:
    cases = "\n".join(f'  {name}) words="{" ".join(options)}" ;;' for name, options in offered.items())
    start = "autoload -U +X compinit && compinit && autoload -U +X bashcompinit && bashcompinit\n" if zsh else ""
    return start + _BASH % {"cases": cases, "commands": " ".join(offered)}


def _fish(offered: dict[str, list[str]]) -> str:
    lines = [f'complete -c b12labs -n __fish_use_subcommand -a "{" ".join(offered)}" -f']
    for name, options in offered.items():
        seen = f'-n "__fish_seen_subcommand_from {name}"'
        lines += [f"complete -c b12labs {seen} -l {option.removeprefix('--')}" for option in options]
    return "\n".join(lines) + "\n"
