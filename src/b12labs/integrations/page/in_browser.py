"""What the page asks where Python runs in the browser, in place of a service."""

from __future__ import annotations

import json

from b12labs.integrations.interpreting import respond
from b12labs.integrations.options import Options
from b12labs.integrations.outcomes import Refusal, outcome
from b12labs.integrations.page.vocabulary import vocabulary

__all__ = ["OPTIONS", "interpretation", "words"]

OPTIONS = Options()


def interpretation(panel: str) -> str:
    """Return the interpretation of a panel as JSON, or what is refused as an OperationOutcome.

    >>> "deficient" in interpretation('{"b12": "145 pg/mL"}')
    True
    """
    try:
        return respond(panel.encode(), OPTIONS).decode()
    except Refusal as refusal:
        return json.dumps(outcome(refusal.status, refusal.why, refusal.where))


def words() -> str:
    """Return the vocabulary of the form as JSON."""
    return vocabulary(OPTIONS).model_dump_json()
