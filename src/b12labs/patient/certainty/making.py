"""The certainty of an interpretation: whether it would be the same if the sample were drawn again.

The same rules give two answers. `verdicts` holds whether each verdict is unchanged when results are widened to the
interval of 95 % of their own variation. `probabilities` holds the probability of each status when the person's own
levels are drawn around the results (log-normal, by Monte Carlo, all markers at once). Both reflect only measurement and
day-to-day variation. They are not a probability of disease: they do not take into account how common it is.
"""

from __future__ import annotations

from b12labs.errors import PanelError
from b12labs.inputs.panel import Panel
from b12labs.inputs.variation import OwnVariation, variations
from b12labs.limits.stratified import Limits
from b12labs.logic.expressions import INF
from b12labs.logic.language import FALSE, TruthValue
from b12labs.patient.certainty.draws import doubts, probabilities
from b12labs.patient.certainty.model import Certainty
from b12labs.patient.certainty.verdicts import ASKED, certainty_of_verdicts
from b12labs.patient.certainty.widened import WidenedPatient
from b12labs.patient.inputs import PatientInputs
from b12labs.reasoning.compiled import B12_MARKERS, is_assessed, program
from b12labs.reasoning.widening import widths, without_variation

__all__ = ["SAMPLES", "SEED", "certainty_of"]

SAMPLES = 2000

SEED = 12

#: This many draws of every analyte take a quarter of a gigabyte.
MOST = 1_000_000


def certainty_of(
    panel: Panel,
    limits: Limits,
    *,
    unreported: TruthValue = FALSE,
    variation: OwnVariation | None = None,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> Certainty:
    """Return the certainty of a panel's interpretation; the same panel and seed give the same numbers.

    Parameters
    ----------
    panel, limits, unreported
        The inputs of the interpretation. A result that is only the laboratory's word, or that its flag decides, keeps
        that word in every draw.
    variation
        Your own CVs in percent by analyte, which take precedence over the published ones: one total CV, or
        (analytical, within-person).
    samples, seed
        The number of draws for the probabilities, and the seed of their random numbers.

    Raises `PanelError` if `variation` has an unknown analyte or an invalid CV, or if `samples` or `seed` is out of
    range.

    """
    for name, given, least, most in (("samples", samples, 1, MOST), ("seed", seed, 0, INF)):
        if not isinstance(given, int) or not least <= given <= most:
            why = f"expected a whole number from {least}{f' to {most:,}' if most < INF else ' up'}"
            raise PanelError(f"{name}: {why}, got {given!r}", code=f"unreadable_{name}", field=name)
    known = variations(variation)
    exact = program().run(PatientInputs(panel, limits, unreported=unreported))
    factors = widths(variation)
    widened = program().run_widened(WidenedPatient(panel, limits, factors, unreported=unreported), exact, *ASKED)
    wider = without_variation(panel.results, factors)
    doubted = widened
    if wider:
        doubted = program().run_widened(WidenedPatient(panel, limits, wider, unreported=unreported), exact, *ASKED)
    assessed = is_assessed(panel)
    verdicts = certainty_of_verdicts(exact, widened, doubted)
    numbers = [key for key, result in panel.results.items() if result.measured]
    used = [known[key] for key in numbers if key in known]
    # A share of draws is meaningless for a status that no draw could change.
    depends_on_unknown = verdicts["status"].decided is not None and verdicts["status"].robust is None
    drawn = not depends_on_unknown and any(key in numbers and key in known for key in B12_MARKERS)
    return Certainty(
        robust=verdicts["status"].robust if assessed else None,
        repeat=verdicts["status"].repeat if assessed else (),
        probabilities=probabilities(panel, limits, unreported, known, samples, seed) if drawn else {},
        limits=tuple(doubts(exact, known)) if assessed else (),
        verdicts=verdicts,
        unknown_variation=tuple(key for key in panel.results if key not in numbers or key not in known),
        sources=tuple(dict.fromkeys(source for each in used for source in each.sources)),
        samples=samples,
    )
