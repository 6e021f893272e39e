"""Whether a verdict is unchanged when every result is widened to the interval of 95 % of its own variation."""

from __future__ import annotations

from typing import Any

from b12labs.answer.answers import TRUTHS
from b12labs.answer.by_name import ByName
from b12labs.logic.language import TRUE, UNKNOWN, Truth, Verdict
from b12labs.logic.open import outcomes, single_outcome
from b12labs.logic.program import Values
from b12labs.patient.certainty.model import VerdictCertainty
from b12labs.reasoning.compiled import FINDING_RULES, VERDICT_RULES, named
from b12labs.reasoning.widening import to_repeat
from b12labs.reference import analytes

__all__ = ["ASKED", "certainty_of_verdicts"]

#: A shortage of B12, by any marker, is included with the answers.
_TRUTHS = ("b12_deficiency", *TRUTHS)

ASKED: tuple[Truth | Verdict, ...] = (*VERDICT_RULES.values(), *(FINDING_RULES[code] for code in _TRUTHS))


def certainty_of_verdicts(exact: Values, widened: Values, doubted: Values) -> dict[str, VerdictCertainty]:
    """Return every verdict and truth by its code.

    `doubted` is widened like `widened`, but a marker of B12 with no published variation takes any value.
    """
    verdicts = {code: _verdict(code, exact, widened, doubted) for code in VERDICT_RULES}
    return ByName(verdicts | {code: _truth(code, exact, widened, doubted) for code in _TRUTHS})


def _verdict(code: str, exact: Values, widened: Values, doubted: Values) -> VerdictCertainty:
    rule = VERDICT_RULES[code]
    decided, possible = single_outcome(rule, outcomes(rule, exact)), outcomes(rule, widened)
    if decided is None:
        return VerdictCertainty(code=code, decided=None, robust=None)
    stays = single_outcome(rule, possible) is not None
    robust = _robust(stays=stays, stays_whatever=single_outcome(rule, outcomes(rule, doubted)) is not None)
    return _certainty(code, decided, robust=robust, possible=named(rule, possible), rule=rule, widened=widened)


def _truth(code: str, exact: Values, widened: Values, doubted: Values) -> VerdictCertainty:
    rule = FINDING_RULES[code]
    if exact.of(rule) == UNKNOWN:
        return VerdictCertainty(code=code, decided=None, robust=None)
    decided, stays = "yes" if exact.of(rule) == TRUE else "no", widened.of(rule) != UNKNOWN
    robust = _robust(stays=stays, stays_whatever=doubted.of(rule) != UNKNOWN)
    return _certainty(
        code, decided, robust=robust, possible=(decided,) if stays else ("no", "yes"), rule=rule, widened=widened
    )


def _robust(*, stays: bool, stays_whatever: bool) -> bool | None:
    """Return None if a verdict is unchanged only while results with no published variation are taken as exact."""
    return False if not stays else True if stays_whatever else None


def _certainty(
    code: str, decided: str, *, robust: bool | None, possible: tuple[str, ...], rule: Any, widened: Values
) -> VerdictCertainty:
    opening = set() if robust is not False else {key for key, where in to_repeat(rule, widened) if where}
    repeat = tuple(key for key in analytes() if key in opening)
    return VerdictCertainty(code=code, decided=decided, robust=robust, possible=possible, repeat=repeat)
