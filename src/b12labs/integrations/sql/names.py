"""The names of a statement's steps: findings have their code, other parts of rules their names in `rules/`."""

from __future__ import annotations

from collections import Counter
from functools import cache
from types import ModuleType

from b12labs import rules
from b12labs.logic.language import Compare, Expression, Finding, Inferred, Limit, Reported, Verdict
from b12labs.logic.program import Program

__all__ = ["Names"]


class Names:
    """The names of steps, the sentences of findings, and the number of uses of each step."""

    def __init__(self, program: Program) -> None:
        self.says: dict[int, str] = {}
        self.by_slot: dict[int, str] = {}
        self.uses = Counter(part for step in program.steps for part in step.parts)
        nodes = {id(node): node for root in program.roots for node in root.walk()}
        for node in nodes.values():
            if isinstance(node, Finding):
                slot = program.slot(node)
                self.by_slot.setdefault(slot, node.code)
                self.says.setdefault(slot, node.says)
            elif isinstance(node, Verdict):
                self.uses.update(program.slot(case.when) for case in node.cases)
        for name, node in _named_in_rules():
            if id(node) in nodes and not isinstance(node, Finding | Verdict):
                self.by_slot.setdefault(program.slot(node), name)
        for slot, step in enumerate(program.steps):
            name = _described(step.node)
            if name:
                self.by_slot.setdefault(slot, name)
        self._name_parts(program)

    def _name_parts(self, program: Program) -> None:
        """Name each step without a name after the first step that uses it."""
        for slot in reversed(range(len(program.steps))):
            name = self.by_slot.get(slot, "part")
            for part in program.steps[slot].parts:
                self.by_slot.setdefault(part, name if name.endswith("_part") else f"{name}_part")

    def is_column(self, slot: int) -> bool:
        """Return whether a step becomes a column: a finding, or a step that is used more than once."""
        return slot in self.says or self.uses[slot] > 1


def _described(node: Expression) -> str:
    """Return the name of a comparison with a limit, of a group of terms, or of an inferred result."""
    match node:
        case Compare(operator=operator, right=Limit(name=name)):
            return f"{'below' if operator == '<' else 'above'}_{name}"
        case Inferred(primary=primary):
            return f"{primary.key}_or_inferred"
        case Reported(name=name):
            return name.replace("group:", "any_").replace(":", "_")
    return ""


@cache
def _named_in_rules() -> tuple[tuple[str, Expression], ...]:
    modules = [module for module in vars(rules).values() if isinstance(module, ModuleType)]
    return tuple(
        (name.strip("_"), value)
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, Expression)
    )
