"""Whom to test: whether symptoms and risk factors alone call for a test of B12, and which test comes first.

Three guidelines say whom to test: NG239 and AAFP 2025 ask for a symptom and a risk factor, AAFP 2017 for a risk factor.
None advises against a test if a symptom and any risk factor are reported.
"""

from b12labs.logic.language import (
    Case,
    Coefficient,
    Finding,
    Otherwise,
    Truth,
    Verdict,
    certain,
    finding,
    limit,
    measured,
    reported,
    reported_any,
)

_anemia_symptom_in_pregnancy = (
    reported_any("anemia_symptom") & reported("iron") & (reported("pregnant") | reported("breastfeeding"))
)

common_symptom = finding(
    "common_symptom",
    when=reported_any("test_symptom") | _anemia_symptom_in_pregnancy,
    says="A common symptom or sign of B12 deficiency is reported.",
    label="a common symptom or sign",
    sources=("nice-ng239",),
)
any_symptom = finding(
    "any_symptom",
    when=common_symptom | reported_any("b12_symptom") | reported_any("other_symptom"),
    says="A symptom or sign is reported.",
    label="a symptom or sign",
    sources=("b12labs-design",),
)
common_risk_factor = finding(
    "common_risk_factor",
    when=reported_any("test_risk"),
    says="A common risk factor for B12 deficiency is reported.",
    label="a common risk factor",
    sources=("nice-ng239",),
)
aafp_2017_risk_factor = finding(
    "aafp_2017_risk_factor",
    when=reported_any("aafp_2017_risk") | (measured.age > Coefficient("tested.age")),
    says="A risk factor for which AAFP 2017 tests without a symptom is reported, or the age is over 75.",
    label="a risk factor for which AAFP 2017 tests",
    sources=("aafp-2017",),
)
any_risk_factor = finding(
    "any_risk_factor",
    when=common_risk_factor
    | aafp_2017_risk_factor
    | reported_any("other_test_risk")
    | (measured.age >= Coefficient("tested.age"))
    | reported("pregnant"),
    says="A risk factor for B12 deficiency is reported, or the age is 75 or over.",
    label="a risk factor, or an age of 75 or over",
    sources=("nice-ng239", "aafp-2017", "b12labs-design"),
)
unpaired_symptom_and_risk = finding(
    "unpaired_symptom_and_risk",
    when=any_symptom & any_risk_factor & ~(certain(common_symptom) & certain(common_risk_factor)),
    says="A symptom and a risk factor are reported, but NG239 does not list both: a test is reasonable.",
    label="a symptom with a risk factor off the lists",
    sources=("b12labs-design",),
)
vegan_supplement = finding(
    "vegan_supplement",
    when=reported("vegan_diet") & ~any_symptom,
    says="A vegan without symptoms should take a B12 supplement; no test is needed first.",
    label="a vegan without symptoms",
    sources=("british-columbia-2023",),
)
yearly_after_bypass = finding(
    "yearly_after_bypass",
    when=reported("bariatric_surgery") & ~any_symptom,
    says="After a bypass, measure B12 every year, even without symptoms.",
    label="bariatric surgery, with a yearly test",
    sources=("bomss",),
)
treated_for_life = finding(
    "treated_for_life",
    when=reported_any("lifelong_parenteral"),
    says="This cause needs B12 for life, whatever a test shows: ask which treatment is given now.",
    label="a cause that needs B12 for life",
    sources=("nice-ng239", "sps"),
)
acid_falls_with_age = finding(
    "acid_falls_with_age",
    when=any_symptom & ~any_risk_factor & (measured.age > Coefficient("acid.age")),
    says="Over 50 the stomach makes less acid, and less B12 is taken from food.",
    label="an age over 50 as the only risk",
    sources=("iom-1998", "b12-neuropathy-texts"),
)


def _testing(code: str, offered: Truth, says: str, sources: tuple[str, ...]) -> Verdict:
    """Return a guideline's rule; only the case that offers a test differs between guidelines."""
    return Verdict(
        code,
        (
            Case(
                "not_covered",
                measured.age < limit.adult_age,
                "The guideline is for adults; for a child, ask a specialist.",
            ),
            Case(
                "test_and_treat",
                reported_any("myelopathy"),
                "Spinal cord disease is suspected: draw blood, then treat without waiting for results, and ask for "
                "specialist advice urgently.",
            ),
            Case("offer", offered, says),
            Case(
                "judgment",
                common_symptom | reported_any("neurological") | (any_symptom & any_risk_factor),
                "A symptom or sign is reported, but not the combination that the guideline asks for: whether to test "
                "is a clinical judgment.",
            ),
        ),
        Otherwise(
            "not_advised", "The guideline asks for no test on this history. It does not say that B12 is sufficient."
        ),
        sources=sources,
    )


_PAIR = "Offer a test: a common symptom or sign and a common risk factor are reported."

testing = _testing("testing", common_symptom & common_risk_factor, _PAIR, ("nice-ng239",))
testing_aafp_2017 = _testing(
    "testing_aafp_2017",
    aafp_2017_risk_factor,
    "Offer a test: the guideline tests people with this risk factor, with or without a symptom.",
    ("aafp-2017",),
)
testing_aafp_2025 = _testing(
    "testing_aafp_2025",
    common_symptom & (common_risk_factor | aafp_2017_risk_factor),
    _PAIR,
    ("aafp-2025", "nice-ng239", "aafp-2017"),
)
#: The rule of each guideline that says whom to test.
TESTING = {"nice-ng239": testing, "aafp-2017": testing_aafp_2017, "aafp-2025": testing_aafp_2025}

first_test = Verdict(
    "first_test",
    (
        Case(
            "homocysteine_or_mma",
            reported("nitrous_oxide"),
            "With nitrous oxide B12 may be normal but inactive: measure homocysteine or MMA.",
        ),
        Case("holotc", reported("pregnant"), "In pregnancy total B12 falls without deficiency: measure holoTC."),
    ),
    Otherwise("b12_or_holotc", "Total B12 or holoTC comes first."),
    sources=("nice-ng239",),
)

#: The assumptions for a guideline whose own lists or durations are not known.
ASSUMED = {
    "aafp-2017": "metformin for more than 4 months and acid blockers for more than 12, if they are reported",
    "aafp-2025": "symptoms as listed by NG239, risk factors as listed by NG239 and AAFP 2017: the lists of AAFP 2025 "
    "are not known here",
}

#: Findings whose sentences are printed with the advice.
ALSO_SAID = (
    unpaired_symptom_and_risk,
    vegan_supplement,
    yearly_after_bypass,
    treated_for_life,
    acid_falls_with_age,
)

SCREENING: tuple[Finding | Verdict, ...] = (
    common_symptom,
    any_symptom,
    common_risk_factor,
    aafp_2017_risk_factor,
    any_risk_factor,
    *ALSO_SAID,
    *TESTING.values(),
    first_test,
)
