"""The conditions of a rule, as a short tree.

Repeated conditions are left out, and conditions outside the question are only named.

A tree shows when the rule is TRUE. So `certain(x)` in it is `x`, and `~certain(x)` is "unless x is known". Both are
exact, because `certain(x)` is TRUE when `x` is. Equal parts are removed by absorption: `a and (a or b)` is `a`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from b12labs.catalogue.entries import GuidelineLimit
from b12labs.catalogue.wording import in_words
from b12labs.logic.language import Certain, Combine, Compare, Expression, Finding, Limit, Measured, Not, Reported, Truth
from b12labs.reference import analytes, context
from b12labs.reference.unit_labels import with_labels
from b12labs.text import against

__all__ = ["Leaf", "Tree", "lines", "printed", "tree"]

HOLDS, DOES_NOT, NOT_KNOWN = "holds", "does not hold", "is not known to hold"


@dataclass(frozen=True)
class Leaf:
    """One truth, and whether it holds, does not hold, or is only not known to hold.

    In the last case, `named` is its name in the rule.
    """

    truth: Truth
    state: str
    named: str = ""

    @property
    def same(self) -> tuple[int, str]:
        """The key by which two leaves are equal."""
        return id(self.truth), self.state


@dataclass(frozen=True)
class Tree:
    """All of the parts (`and`), or any of them (`or`)."""

    operator: str
    parts: tuple[Tree | Leaf, ...]


def tree(truth: Truth, opened: Iterable[Finding], closed: Iterable[Finding] = ()) -> Tree | Leaf:
    """Return the tree of conditions under which a truth is TRUE.

    A finding of `opened` that must hold is replaced by its own conditions, but one of `closed` is not if it is inside
    another.
    """
    opened, closed = list(opened), list(closed)
    made = _absorbed(_plain(truth, HOLDS))
    if isinstance(made, Leaf):
        made = _opened(made, [found for found in opened if found in closed])
    return _absorbed(_opened(made, [found for found in opened if found not in closed]))


def _plain(node: Expression, state: str) -> Tree | Leaf:
    """Return a truth without `not` over several parts."""
    match node:
        case Certain(part=part) if state == HOLDS:
            return _plain(part, HOLDS)
        case Certain(part=part, named=named):
            return Leaf(part, NOT_KNOWN, named)
        case Not(part=part):
            return _plain(part, DOES_NOT if state == HOLDS else HOLDS)
        case Combine(operator=operator, parts=parts):
            turned = operator if state == HOLDS else {"and": "or", "or": "and"}[operator]
            return _flat(turned, [_plain(part, state) for part in parts])
    assert isinstance(node, Truth)
    return Leaf(node, state)


def _flat(operator: str, parts: list[Tree | Leaf]) -> Tree | Leaf:
    found: list[Tree | Leaf] = []
    for part in parts:
        found.extend(part.parts if isinstance(part, Tree) and part.operator == operator else (part,))
    different = list({(part.same if isinstance(part, Leaf) else id(part)): part for part in found}.values())
    return different[0] if len(different) == 1 else Tree(operator, tuple(different))


def _opened(node: Tree | Leaf, inside: list[Finding]) -> Tree | Leaf:
    if isinstance(node, Tree):
        return _flat(node.operator, [_opened(part, inside) for part in node.parts])
    if (
        isinstance(node.truth, Finding)
        and node.state == HOLDS
        and node.truth in inside
        and not isinstance(node.truth.when, Compare)
    ):
        return _opened(_plain(node.truth.when, HOLDS), inside)
    return node


def _absorbed(node: Tree | Leaf) -> Tree | Leaf:
    """Return a tree in which no part repeats its neighbors."""
    if isinstance(node, Leaf):
        return node
    leaves = {part.same for part in node.parts if isinstance(part, Leaf)}
    kept: list[Tree | Leaf] = []
    for part in node.parts:
        if isinstance(part, Leaf):
            kept.append(part)
        elif not leaves & {each.same for each in part.parts if isinstance(each, Leaf)}:
            mended = _without(part, leaves, node.operator)
            if mended is not None:
                kept.append(_absorbed(mended))
    return _flat(node.operator, kept)


def _without(node: Tree | Leaf, leaves: set[tuple[int, str]], operator: str) -> Tree | Leaf | None:
    """Return a part of an `or` without alternatives that are its neighbors already, or None if nothing is left."""
    if operator == "and":
        return node
    if isinstance(node, Leaf):
        return None if node.same in leaves else node
    parts = [_without(part, leaves, operator) for part in node.parts]
    if node.operator == "and" and None in parts:
        return None
    left = [part for part in parts if part is not None]
    return _flat(node.operator, left) if left else None


def lines(node: Tree | Leaf, limits: dict[str, GuidelineLimit], indent: int = 0) -> Iterator[tuple[int, str]]:
    """Yield the lines of a tree in words, each with its indentation."""
    if isinstance(node, Leaf):
        yield indent, _said(node, limits)
        return
    yield indent, "all of:" if node.operator == "and" else "any of:"
    for part in node.parts:
        yield from lines(part, limits, indent + 1)


def _said(leaf: Leaf, limits: dict[str, GuidelineLimit]) -> str:
    if leaf.state == NOT_KNOWN:
        return f"unless known: {leaf.named}"
    said = _compared(leaf.truth, leaf.state == HOLDS, limits)
    if said:
        return said
    words = _named(leaf.truth)
    return words if leaf.state == HOLDS else f"not {words}" if isinstance(leaf.truth, Reported) else f"not: {words}"


def _compared(truth: Truth, holds: bool, limits: dict[str, GuidelineLimit]) -> str:
    compared = truth.when if isinstance(truth, Finding) else truth
    match compared:
        case Compare(operator=operator, left=Measured(key=key), right=Limit(name=name)):
            relation = "below" if operator == "<" else "above"
            return f"{analytes()[key].label} {against(relation if holds else f'not {relation}', printed(limits[name]))}"
    return ""


def _named(truth: Truth) -> str:
    match truth:
        case Finding(label=label):
            return label
        case Reported(name="pregnant" | "female" as name):
            return name
        case Reported(name=name) if name.startswith("group:"):
            return context().groups[name.removeprefix("group:")]
        case Reported(name=name) if name.startswith("guideline:"):
            return in_words(truth)
        case Reported(name=name):
            return context().terms[name].label
    return in_words(truth)


def printed(limit: GuidelineLimit) -> str:
    """Return a limit as its guideline prints it, with its owner if it is the laboratory's."""
    value = with_labels(" or ".join(limit.values))
    if limit.laboratory_decides:
        return f"the laboratory's limit (else {value})" if value else "the laboratory's limit"
    return value or "its limit (none is given)"
