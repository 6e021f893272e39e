"""Whom to test: whether symptoms and risk factors alone call for a test of B12, and which test comes first."""

from b12labs.logic.language import Case, Otherwise, Verdict, finding, limit, measured, reported, reported_any

_anemia_symptom_in_pregnancy = (
    reported_any("anemia_symptom") & reported("iron") & (reported("pregnant") | reported("breastfeeding"))
)

common_symptom = finding(
    "common_symptom",
    when=reported_any("test_symptom") | _anemia_symptom_in_pregnancy,
    says="A symptom or sign is reported that B12 deficiency commonly gives.",
    label="a common symptom or sign",
    sources=("nice-ng239",),
)
common_risk_factor = finding(
    "common_risk_factor",
    when=reported_any("test_risk"),
    says="A common risk factor for B12 deficiency is reported.",
    label="a common risk factor",
    sources=("nice-ng239",),
)
testing = Verdict(
    "testing",
    (
        Case(
            "not_covered", measured.age < limit.adult_age, "The guideline is for adults; for a child, ask a specialist."
        ),
        Case(
            "test_and_treat",
            reported_any("myelopathy"),
            "Spinal cord disease is suspected: draw blood, then treat without waiting for results, and ask for "
            "specialist advice urgently.",
        ),
        Case(
            "offer",
            common_symptom & common_risk_factor,
            "Offer a test: a common symptom or sign and a common risk factor are there.",
        ),
        Case(
            "judgment",
            common_symptom | reported_any("neurological"),
            "A symptom or sign without what the guideline asks for beside it: whether to test is a clinical judgment.",
        ),
    ),
    Otherwise(
        "not_advised", "The guideline asks for no test on what is reported. It does not say that B12 is sufficient."
    ),
    sources=("nice-ng239",),
)
first_test = Verdict(
    "first_test",
    (
        Case(
            "homocysteine_or_mma",
            reported("nitrous_oxide"),
            "With nitrous oxide B12 may be normal and does not work: homocysteine or MMA tells.",
        ),
        Case("holotc", reported("pregnant"), "In pregnancy total B12 falls without deficiency: holoTC tells."),
    ),
    Otherwise("b12_or_holotc", "Total B12 or holoTC comes first."),
    sources=("nice-ng239",),
)

SCREENING = (common_symptom, common_risk_factor, testing, first_test)
