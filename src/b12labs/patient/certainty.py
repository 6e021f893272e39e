"""How sure an interpretation is: whether it would be the same if the sample were drawn again.

Two answers, from the same rules: whether each verdict survives results widened to the interval of 95 % of their own
variation (`robustness`), and how probable each status is when the person's own levels are drawn around the results
(log-normal, by Monte Carlo, all markers at once). Both are the doubt of measuring and of the day alone. They are no
probability of disease: the results were not weighed against how common it is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from b12labs.answer.answers import TRUTHS, VERDICTS
from b12labs.errors import PanelError
from b12labs.inputs.panel import Panel
from b12labs.inputs.variation import OwnVariation, Variation, probability_below, variations
from b12labs.limits.stratified import Limits
from b12labs.logic.expressions import INF
from b12labs.logic.language import FALSE, Compare, Limit, Truth, TruthValue, Verdict
from b12labs.logic.open import outcomes, single_outcome
from b12labs.logic.operations import flag_key
from b12labs.logic.program import Values
from b12labs.logic.scalars import Pair
from b12labs.patient.explanation import limit_text, relation
from b12labs.patient.inputs import PatientInputs
from b12labs.patient.rows import possible_statuses
from b12labs.patient.widened import WidenedPatient
from b12labs.reasoning.compiled import B12_MARKERS, FINDING_RULES, VERDICT_RULES, is_assessed, named, program
from b12labs.reasoning.widening import to_repeat, widths, without_variation
from b12labs.reference import analytes
from b12labs.reference.frozen import Frozen
from b12labs.rules.b12_status import status as status_verdict
from b12labs.text import as_words

__all__ = ["SAMPLES", "Certainty", "LimitDoubt", "VerdictCertainty", "certainty_of"]

SAMPLES = 2000

SEED = 12

#: So many draws of every analyte take a quarter of a gigabyte.
MOST = 1_000_000

#: That B12 is short, by whatever marker, is asked beside the answers.
_TRUTHS = ("b12_deficiency", *TRUTHS)

_ASKED: tuple[Truth | Verdict, ...] = (*VERDICT_RULES.values(), *(FINDING_RULES[code] for code in _TRUTHS))

_ANSWERS = {0: "no", 2: "yes"}

NOTE = "Doubt of measuring and of the day alone, not the probability of disease."


class LimitDoubt(Frozen):
    """One result and one limit that bears on the status.

    The probability that the person's own level lies on the other side of it.
    """

    analyte: str
    label: str
    value: str
    relation: str
    limit: str
    other_side: float


class VerdictCertainty(Frozen):
    """One verdict: `possible` is what another draw may come to, `repeat` what to measure again.

    `robust` is None where nothing is decided, and where it hangs on a marker of B12 whose variation nobody knows.
    """

    code: str
    decided: str | None
    robust: bool | None
    possible: tuple[str, ...] = ()
    repeat: tuple[str, ...] = ()

    @property
    def unsaid(self) -> str:
        """Say why it is neither robust nor borderline."""
        return (
            "nothing is decided"
            if self.decided is None
            else "cannot be told: it hangs on a result whose variation nobody knows"
        )


class Certainty(Frozen):
    """How sure the status is, and every other verdict.

    `probabilities` are of each status, over draws around the results. They are empty if no marker of B12 could be
    drawn, or if the status depends on one that could not. `unknown_variation` names the analytes whose variation is not
    known, or of which only the laboratory's word was given: they were taken as exact. `sources` are those of the
    variations used.
    """

    robust: bool | None
    repeat: tuple[str, ...]
    probabilities: dict[str, float]
    limits: tuple[LimitDoubt, ...]
    verdicts: dict[str, VerdictCertainty]
    unknown_variation: tuple[str, ...]
    sources: tuple[str, ...]
    samples: int
    note: str = NOTE

    def __str__(self) -> str:
        said = {True: "robust", False: "borderline", None: self.verdicts["status"].unsaid}[self.robust]
        shares = f" ({self.shares})" if self.probabilities else ""
        again = f"; repeat {', '.join(analytes()[key].label for key in self.repeat)}" if self.repeat else ""
        exact = (
            f" Taken as exact: {', '.join(analytes()[key].label for key in self.unknown_variation)}."
            if self.unknown_variation
            else ""
        )
        return f"{said}{again}{shares}.{exact} {self.note}"

    @property
    def shares(self) -> str:
        """The probabilities in words; those that round to 0 % are left out."""
        return ", ".join(
            f"{as_words(status)} {share:.0%}" for status, share in self.probabilities.items() if share >= 0.005
        )


def certainty_of(
    panel: Panel,
    limits: Limits,
    *,
    unreported: TruthValue = FALSE,
    variation: OwnVariation | None = None,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> Certainty:
    """Return how sure the interpretation of a panel is; the same panel and seed give the same numbers.

    Parameters
    ----------
    panel, limits, unreported
        As the interpretation was made. A result of which there is only the laboratory's word, or which its flag
        decides, is drawn as it said.
    variation
        Your own CVs in percent by analyte, which go before the published ones: one for everything together, or
        (analytical, within-person).
    samples, seed
        How many draws the probabilities are taken from, and the seed of their random numbers.

    Raises `PanelError` where `variation` names no analyte or holds no CV, or `samples` or `seed` is no number that can
    be used.

    """
    for name, given, least, most in (("samples", samples, 1, MOST), ("seed", seed, 0, INF)):
        if not isinstance(given, int) or not least <= given <= most:
            why = f"a whole number from {least}{f' to {most:,}' if most < INF else ' on'} was expected"
            raise PanelError(f"{name}: {given!r} was given, and {why}", code=f"unreadable_{name}", field=name)
    known = variations(variation)
    exact = program().run(PatientInputs(panel, limits, unreported=unreported))
    factors = widths(variation)
    widened = program().run_widened(WidenedPatient(panel, limits, factors, unreported=unreported), exact, *_ASKED)
    wider = without_variation(panel.results, factors)
    doubted = widened
    if wider:
        doubted = program().run_widened(WidenedPatient(panel, limits, wider, unreported=unreported), exact, *_ASKED)
    assessed = is_assessed(panel)
    verdicts = {code: _verdict(code, exact, widened, doubted) for code in VERDICT_RULES}
    verdicts |= {code: _truth(code, exact, widened, doubted) for code in _TRUTHS}
    numbers = [key for key, result in panel.results.items() if result.measured]
    used = [known[key] for key in numbers if key in known]
    # A share of draws says nothing of a status that no draw could change.
    depends_on_unknown = verdicts["status"].decided is not None and verdicts["status"].robust is None
    drawn = not depends_on_unknown and any(key in numbers and key in known for key in B12_MARKERS)
    return Certainty(
        robust=verdicts["status"].robust if assessed else None,
        repeat=verdicts["status"].repeat if assessed else (),
        probabilities=_probabilities(panel, limits, unreported, known, samples, seed) if drawn else {},
        limits=tuple(_doubts(exact, known)) if assessed else (),
        verdicts=verdicts,
        unknown_variation=tuple(key for key in panel.results if key not in numbers or key not in known),
        sources=tuple(dict.fromkeys(source for each in used for source in each.sources)),
        samples=samples,
    )


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
    if exact.of(rule) == 1:
        return VerdictCertainty(code=code, decided=None, robust=None)
    decided, stays = _ANSWERS[exact.of(rule)], widened.of(rule) != 1
    robust = _robust(stays=stays, stays_whatever=doubted.of(rule) != 1)
    return _certainty(
        code, decided, robust=robust, possible=(decided,) if stays else ("no", "yes"), rule=rule, widened=widened
    )


def _robust(*, stays: bool, stays_whatever: bool) -> bool | None:
    """Return None where a verdict stays only as long as the results whose variation nobody knows are taken as exact."""
    return False if not stays else True if stays_whatever else None


def _certainty(
    code: str, decided: str, *, robust: bool | None, possible: tuple[str, ...], rule: Any, widened: Values
) -> VerdictCertainty:
    repeat = (
        () if robust is not False else tuple(dict.fromkeys(key for key, where in to_repeat(rule, widened) if where))
    )
    return VerdictCertainty(code=code, decided=decided, robust=robust, possible=possible, repeat=repeat)


def _doubts(exact: Values, known: dict[str, Variation]) -> list[LimitDoubt]:
    """Return every result against every limit that bears on the status, where both are single numbers.

    The most doubtful first.
    """
    inputs = exact.inputs
    assert isinstance(inputs, PatientInputs)
    found: dict[tuple[str, str], LimitDoubt] = {}
    for slot in exact.program.below(status_verdict):
        leaf = exact.program.steps[slot].node
        if not isinstance(leaf, Compare) or not isinstance(leaf.right, Limit):
            continue
        key = flag_key(leaf.left)
        if key is None or key not in known or not inputs.result(key).measured:
            continue
        (low, high), (least, most) = exact.of(leaf.left), exact.of(leaf.right)
        if low != high or least != most or exact.values[slot] == 1:
            continue
        if inputs.flag(key) and inputs.flag_decides(leaf.right.name):
            continue  # how far the result lies from the limit that the laboratory flagged it by is not known
        # What varies is the result. Where something is taken off it, such as for elevation, the limit is as much
        # higher.
        value = inputs.result(key).low
        below = probability_below(least + value - low, value, known[key].spread)
        holds = exact.values[slot] == 2
        other = 1 - below if (leaf.operator == "<") == holds else below
        found[key, leaf.right.name] = LimitDoubt(
            analyte=key,
            label=analytes()[key].label,
            value=inputs.result(key).given,
            relation=relation(leaf, holds=holds),
            limit=limit_text(key, leaf.right.name, inputs),
            other_side=round(other, 4),
        )
    return sorted(found.values(), key=lambda doubt: -doubt.other_side)


@lru_cache(maxsize=8)
def _normals(seed: int, samples: int) -> Any:
    import numpy

    return dict(
        zip(analytes(), numpy.random.default_rng(seed).standard_normal((len(analytes()), samples)), strict=True)
    )


def _probabilities(
    panel: Panel, limits: Limits, unreported: TruthValue, known: dict[str, Variation], samples: int, seed: int
) -> dict[str, float]:
    """Return the share of draws that come to each status, the most frequent first."""
    import numpy

    normals = _normals(seed, samples)
    drawn: dict[str, Pair] = {}
    for key, result in panel.results.items():
        if result.measured and key in known:
            factor = numpy.exp(known[key].spread * normals[key])
            low = result.low * factor
            drawn[key] = (low, low if result.low == result.high else result.high * factor)
    possible = possible_statuses(panel, limits, drawn, samples, unreported=unreported)
    shares: dict[str, float] = {}
    for bits, count in enumerate(numpy.bincount(possible).tolist()):
        if count:
            status = VERDICTS["status"].word(single_outcome(status_verdict, bits))
            shares[status] = shares.get(status, 0.0) + count / samples
    return dict(sorted(shares.items(), key=lambda share: -share[1]))
