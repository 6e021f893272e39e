"""Answers to the page when Python runs in the browser, in place of a service.

Answers are JSON; a refusal is an OperationOutcome.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from b12labs.integrations.interpreting import respond
from b12labs.integrations.options import Options
from b12labs.integrations.outcomes import Refusal, outcome
from b12labs.integrations.page.vocabulary import vocabulary

if TYPE_CHECKING:
    from b12labs.integrations.page.record import Record

__all__ = ["OPTIONS", "answered", "words"]

OPTIONS = Options()
_record: list[Record] = []


def answered(question: str, given: str) -> str:
    """Answer a question of the page.

    `interpret` takes a panel; `record` takes the responses of a FHIR server about a patient; `draw` and `note of draw`
    take one draw of that record.

    >>> "deficient" in answered("interpret", '{"b12": "145 pg/mL"}')
    True
    """
    try:
        return _ANSWERS[question](given)
    except Refusal as refusal:
        return json.dumps(outcome(refusal.status, refusal.why, refusal.where))


def _interpretation(given: str) -> str:
    return respond(given.encode(), OPTIONS).decode()


def _read(given: str) -> str:
    from b12labs.integrations.page.record import Record

    _record[:] = [Record(**json.loads(given))]
    return json.dumps(_record[0].contents())


def _of_draw(given: str) -> str:
    return _record[0].interpretation(**json.loads(given)).to_json()


def _note_of_draw(given: str) -> str:
    return json.dumps(_record[0].interpretation(**json.loads(given)).to_text("note"))


_ANSWERS = {
    "interpret": _interpretation,
    "record": _read,
    "draw": _of_draw,
    "note of draw": _note_of_draw,
}


def words() -> str:
    """Return the vocabulary of the form as JSON."""
    return vocabulary(OPTIONS).model_dump_json()
