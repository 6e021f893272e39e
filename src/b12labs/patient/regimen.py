"""The formulary's regimen for a route, or a sentence if none fits."""

from __future__ import annotations

from dataclasses import dataclass

from b12labs.answer import parts
from b12labs.logic.language import TRUE, Case
from b12labs.logic.program import Truths
from b12labs.patient.explanation import statements
from b12labs.reference import Regimen, regimens
from b12labs.rules import CAUSES, advice, do_now, regimen, treatment

__all__ = ["REGIMEN_RULES", "ChosenRegimen", "chosen_regimen"]

#: The rules that decide the choice.
REGIMEN_RULES = (
    advice.pediatric_dose,
    advice.cobalamin_allergy,
    advice.no_cyanocobalamin,
    do_now.neurological_involvement,
    regimen.low_dietary_dose,
    regimen.load_again,
    regimen.maintenance_kept,
    regimen.prophylaxis,
    *(truth for cause in CAUSES for truth, _ in cause.speaks_for),
)

_WANTED = {"oral": "oral", "oral_or_intramuscular": "oral", "intramuscular": "intramuscular"}

#: Causes with which a low oral dose is enough.
_DIET = {"diet", "pregnancy_or_breastfeeding"}


@dataclass(frozen=True, slots=True)
class ChosenRegimen:
    """A regimen, None if none fits, and the sentences on the choice."""

    regimen: parts.Regimen | None = None
    said: tuple[parts.Statement, ...] = ()


def chosen_regimen(case: Case | None, values: Truths, formulary: str) -> ChosenRegimen:
    """Return the first regimen of the formulary that fits the route, the nerves and the cause."""
    wanted = "intramuscular" if case is treatment.injections_first else _WANTED.get(case.outcome) if case else None
    if wanted is None or values.of(advice.pediatric_dose) == TRUE:
        return ChosenRegimen()
    if values.of(advice.cobalamin_allergy) == TRUE:
        return ChosenRegimen(said=(_ALLERGY,))
    no_cyanocobalamin = values.of(advice.no_cyanocobalamin) == TRUE
    for entry in sorted(regimens(), key=lambda entry: entry.formulary != formulary):
        own = entry.formulary == formulary or no_cyanocobalamin
        allowed = not (no_cyanocobalamin and entry.drug == "cyanocobalamin")
        if own and allowed and entry.route == wanted and _fits(entry, case, values):
            said = [] if entry.formulary == formulary else [_OTHER_FORMULARY]
            return ChosenRegimen(_as_printed(entry, load=_loads(values)), (*said, *_of_loading(wanted, values)))
    return ChosenRegimen(said=(_NO_TABLET,) if wanted == "oral" else (_NO_DRUG,))


_ALLERGY = parts.Statement(
    code="no_drug_fits",
    text="No regimen is suggested with an allergy to cobalt or cobalamin: ask an allergy clinic before the first dose.",
    sources=("bnf",),
)
_NO_TABLET = parts.Statement(
    code="no_drug_fits",
    text="No tablet of the formulary fits: tablets contain cyanocobalamin. Hydroxocobalamin is injected; ask the "
    "pharmacist and the ophthalmologist.",
    sources=("nhs-scotland-east",),
)
_NO_DRUG = parts.Statement(
    code="no_drug_fits",
    text="No drug of the formulary fits: ask the pharmacist, and the specialist in charge.",
    sources=("b12labs-design",),
)
_OTHER_FORMULARY = parts.Statement(
    code="other_formulary",
    text="The formulary has cyanocobalamin only, so another formulary's regimen is shown: ask the pharmacist for "
    "hydroxocobalamin.",
    sources=("nhs-scotland-east",),
)


def _fits(entry: Regimen, case: Case | None, values: Truths) -> bool:
    """Return whether a regimen is for this involvement of the nerves and this cause."""
    neurological = values.of(do_now.neurological_involvement) == TRUE
    suggested = {cause.code for cause in CAUSES if any(values.of(truth) == TRUE for truth, _ in cause.speaks_for)}
    is_oral = case is not None and case.outcome == "oral"
    diet_alone = is_oral and {"diet"} <= suggested <= _DIET and values.of(regimen.low_dietary_dose) == TRUE
    return entry.neurological in (None, neurological) and (entry.cause is None or diet_alone)


def _loads(values: Truths) -> bool:
    """Return whether to load: a patient who starts now does, even if the status is open."""
    return bool(values.of(regimen.maintenance_kept) != TRUE and values.of(regimen.prophylaxis) != TRUE)


def _of_loading(wanted: str, values: Truths) -> tuple[parts.Statement, ...]:
    rules = (regimen.load_again, regimen.maintenance_kept, regimen.prophylaxis) if wanted == "intramuscular" else ()
    return statements(rules, values)


def _as_printed(entry: Regimen, *, load: bool) -> parts.Regimen:
    return parts.Regimen(
        formulary=entry.formulary,
        drug=entry.drug,
        route=entry.route,
        loading=entry.loading if load else "",
        maintenance=entry.maintenance,
        review=entry.review,
        review_days=entry.review_days,
        source=entry.source,
        checked=entry.checked,
        review_source=entry.review_source or entry.source,
        maintenance_source=entry.maintenance_source or entry.source,
        maintenance_checked=entry.maintenance_checked or entry.checked,
    )
