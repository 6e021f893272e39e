"""The tests that would answer an open question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from b12labs.limits.stratified import Limits
from b12labs.logic import language as logic
from b12labs.logic.language import Expression, Measured
from b12labs.logic.open import open_comparisons
from b12labs.logic.program import Values
from b12labs.reference import analytes
from b12labs.rules import QUESTIONS

__all__ = ["measured_in"]


@cache
def measured_in(node: Expression) -> tuple[str, ...]:
    """Return the analytes that a quantity is made of; the first is the test to ask for."""
    if isinstance(node, Measured):
        return (node.key,) if node.key in analytes() else ()
    return tuple(dict.fromkeys(key for child in node.children for key in measured_in(child)))


def asked_about() -> list[logic.Truth | logic.Verdict]:
    """Return the rules that the questions for next tests need."""
    about: list[logic.Truth | logic.Verdict] = [question.about for question in QUESTIONS]
    return about + [question.asked for question in QUESTIONS if question.asked is not None]


def asked_tests(values: Values, where: Any = True) -> Iterator[tuple[logic.Question, str, Any]]:
    """Yield each question with a test that would answer it, and whether to ask for the test.

    For columns, the last is the rows to ask in, among the rows `where`.
    """
    for question in QUESTIONS:
        asked = where if question.asked is None else where & values.primitives.certain(values.of(question.asked))
        if asked is False:
            continue
        for leaf, here in open_comparisons(question.about, values, asked):
            key = test_to_ask(leaf) if isinstance(leaf, logic.Compare) else None
            if key is not None:
                yield question, key, here & values.inputs.is_unsettled(key)
        yield from ((question, key, asked) for key in question.again)


def next_test_keys(
    asked: Iterable[tuple[logic.Question, str]], limits: Limits
) -> dict[str, tuple[logic.Question, ...]]:
    """Return the next tests by question, then in the guideline's order, each with the questions that it answers."""
    second = limits.guideline.second_tests
    listed = _listed()

    def rank(pair: tuple[logic.Question, str]) -> tuple[int, int, int]:
        question, key = pair
        return QUESTIONS.index(question), second.index(key) if key in second else len(second), listed[key]

    answers: dict[str, list[logic.Question]] = {}
    for question, key in sorted(asked, key=rank):
        answers.setdefault(key, []).append(question)
    return {key: tuple(dict.fromkeys(questions)) for key, questions in answers.items()}


@cache
def _listed() -> dict[str, int]:
    return {key: place for place, key in enumerate(analytes())}


@cache
def test_to_ask(leaf: logic.Compare) -> str | None:
    """Return the test that would close an open comparison: the measured analyte, or the test asked for in its place."""
    for node in leaf.left.walk():
        if isinstance(node, logic.Inferred):
            return node.ask
    keys = measured_in(leaf.left)
    return keys[0] if keys else None
