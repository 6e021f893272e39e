"""The reasoning around the verdict:

treatment, causes, the combined index, the two voices, and a source behind every sentence.
"""

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import interpret, interpret_frame
from b12labs.answer.patient_report import patient_statements
from b12labs.answer.report import as_text
from b12labs.answer.sentences import summary
from b12labs.reference import guideline_keys, plain_words, sources
from b12labs.rules import CAUSES, FINDINGS, VERDICTS
from tests import strategies as some

NERVES = {"b12": "100 pg/mL", "age": 60, "sex": "male", "symptoms": ["numbness"]}


# Treatment


@pytest.mark.parametrize(
    ("given_values", "route"),
    [
        ({"b12": "100 pg/mL"}, "oral"),
        ({"b12": "100 pg/mL", "symptoms": ["numbness"]}, "intramuscular"),
        ({"b12": "100 pg/mL", "intrinsic_factor_antibody": "positive"}, "intramuscular"),
        ({"b12": "100 pg/mL", "risk_factors": ["total gastrectomy"]}, "intramuscular"),
        ({"b12": "100 pg/mL", "risk_factors": ["ileal resection"]}, "intramuscular"),
        ({"mma": "3 umol/L", "risk_factors": ["nitrous oxide"]}, "intramuscular"),
        ({"b12": "100 pg/mL", "hemoglobin": "70 g/L"}, "intramuscular"),
        ({"b12": "100 pg/mL", "hemoglobin": "100 g/L", "symptoms": ["fatigue", "pallor"]}, "oral"),
        ({"b12": "100 pg/mL", "hemoglobin": "100 g/L", "symptoms": ["palpitations"]}, "intramuscular"),
        ({"b12": "100 pg/mL", "hemoglobin": "100 g/L", "mcv": "112 fL"}, "oral_or_intramuscular"),
        ({"b12": "100 pg/mL", "risk_factors": ["frailty"]}, "intramuscular"),
        ({"b12": "100 pg/mL", "diagnoses": ["celiac disease"]}, "oral_or_intramuscular"),
        ({"b12": "100 pg/mL", "risk_factors": ["gastric bypass"]}, "oral_or_intramuscular"),
        ({"b12": "100 pg/mL", "medicines": ["metformin"]}, "oral_or_intramuscular"),
        ({"b12": "100 pg/mL", "risk_factors": ["vegan"]}, "oral"),
        ({"b12": "40 pmol/L", "age": 9}, "specialist"),
        ({"holotc": "10 pmol/L", "sex": "female", "pregnant": True, "hemoglobin": "60 g/L"}, "specialist"),
        ({"b12": "600 pg/mL"}, "none"),
        ({"b12": "250 pg/mL"}, "undetermined"),
        ({"b12": "2000 pg/mL", "diagnoses": ["pernicious anemia"], "medicines": ["b12 tablets"]}, "intramuscular"),
        ({"hemoglobin": "100 g/L"}, "undetermined"),
    ],
)
def test_the_route_follows_the_cause_and_the_nerves(given_values, route):
    assert interpret(**{"age": 50, "sex": "male", **given_values}).treatment.route == route


@pytest.mark.parametrize(
    ("formulary", "more", "drug", "loading"),
    [
        ("uk", {"symptoms": ["numbness"]}, "hydroxocobalamin", "alternate days"),
        ("uk", {"diagnoses": ["pernicious anemia"]}, "hydroxocobalamin", "three times a week for 2 weeks"),
        ("uk", {"risk_factors": ["vegan"], "hemoglobin": "140 g/L"}, "cyanocobalamin", "50 to 150 micrograms"),
        ("uk", {"risk_factors": ["vegan"], "hemoglobin": "100 g/L"}, "cyanocobalamin", "1 to 2 mg"),
        ("uk", {}, "cyanocobalamin", "1 to 2 mg"),
        ("us", {"symptoms": ["numbness"]}, "cyanocobalamin", "1,000 micrograms a day"),
        ("us", {}, "cyanocobalamin", "1 to 2 mg"),
    ],
)
def test_the_regimen_is_the_formularys_own(formulary, more, drug, loading):
    regimen = interpret(b12="100 pg/mL", age=50, sex="male", formulary=formulary, **more).treatment.regimen
    assert (regimen.drug, regimen.formulary) == (drug, formulary)
    assert loading in regimen.loading
    assert regimen.source in sources()


def test_a_guideline_brings_its_own_formulary():
    assert interpret(**NERVES, guideline="aafp-2025").treatment.regimen.drug == "cyanocobalamin"
    assert interpret(**NERVES).treatment.regimen.drug == "hydroxocobalamin"


def test_the_first_review_is_sooner_for_nerves_and_in_pregnancy():
    assert interpret(**NERVES).treatment.review_days == 21
    assert interpret(b12="100 pg/mL", age=40, sex="male").treatment.review_days == 90
    assert interpret(holotc="10 pmol/L", age=30, sex="female", trimester=2).treatment.review_days == 30
    assert interpret(b12="500 pg/mL", age=40).treatment.review_days is None


def test_treatment_lasts_for_life_where_the_cause_does():
    assert interpret(**NERVES, diagnoses=["pernicious anemia"]).treatment.duration == "for life"
    assert "not known" in interpret(**NERVES).treatment.duration


def test_folic_acid_alone_is_warned_against_and_nothing_is_said_of_treatment_to_the_patient():
    result = interpret(**NERVES, folate="3 nmol/L")
    assert any("never folic acid alone" in caution.text for caution in result.treatment.cautions)
    told = result.to_text(audience="patient")
    assert "clinician" in told
    assert not any(
        word in told.casefold()
        for word in ("inject", "intramuscular", "mg", "umol", "pg/ml", "hydroxocobalamin", "180")
    )


# Cause


def test_an_antibody_establishes_the_cause_and_comes_first():
    result = interpret(**NERVES, intrinsic_factor_antibody="positive", medicines=["metformin"])
    assert [cause.code for cause in result.causes] == ["autoimmune_gastritis", "medicine"]
    assert result.causes[0].established
    assert not result.causes[1].established


def test_a_negative_antibody_speaks_against_and_does_not_exclude():
    result = interpret(**NERVES, intrinsic_factor_antibody="negative", parietal_cell_antibody="positive")
    assert result.causes[0].code == "autoimmune_gastritis"
    assert result.causes[0].speaks_against
    assert "gastrin" in [test.analyte for test in result.next_tests]


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("vegan", "diet"),
        ("crohn's disease", "ileal_disease"),
        ("coeliac", "celiac_disease"),
        ("gastric bypass", "bariatric_surgery"),
        ("chronic pancreatitis", "pancreatic_insufficiency"),
        ("sibo", "overgrowth_or_tapeworm"),
        ("n2o", "nitrous_oxide"),
        ("gastrectomy", "gastrectomy"),
        ("omeprazole", "medicine"),
        ("breastfeeding", "pregnancy_or_breastfeeding"),
    ],
)
def test_what_is_reported_suggests_its_cause(term, code):
    assert code in [cause.code for cause in interpret(b12="100 pg/mL", age=40, diagnoses=[term]).causes]


def test_every_cause_has_words_and_sources_and_something_that_settles_it():
    for cause in CAUSES:
        assert cause.speaks_for
        assert cause.settled_by
        assert set(cause.sources) <= set(sources())


# The combined index

VECTORS = [
    (70, 350, 0.20, 9, 30, 0.3628),
    (50, 250, 0.25, 12, 70, -0.0057),
    (35, 148, 0.271, 15, 50, -0.6144),
    (25, 150, 0.45, 18, 65, -0.9878),
    (10, 80, 2.0, 40, 60, -2.6782),
    (5, 50, 10, 100, 45, -4.3383),
    (150, 600, 0.10, 6, 25, 1.3979),
]


@pytest.mark.parametrize(("holotc", "b12", "mma", "homocysteine", "age", "expected"), VECTORS)
def test_the_combined_index_is_the_published_one(holotc, b12, mma, homocysteine, age, expected):
    index = interpret(
        holotc=f"{holotc} pmol/L",
        b12=f"{b12} pmol/L",
        mma=f"{mma} umol/L",
        homocysteine=f"{homocysteine} umol/L",
        age=age,
        sex="male",
    ).combined_index
    assert index.low == index.high == pytest.approx(expected, abs=1e-3)
    bands = [
        (-2.5, "probable_deficiency"),
        (-1.5, "possible_deficiency"),
        (-0.5, "low"),
        (1.5, "adequate"),
        (9, "elevated"),
    ]
    assert index.index_class == next(name for top, name in bands if expected < top)


def test_a_missing_marker_bounds_the_index_and_gives_a_class_only_when_all_of_it_lies_there():
    markers = {"holotc": "3 pmol/L", "b12": "30 pmol/L", "mma": "30 umol/L", "age": 45, "sex": "male"}
    index = interpret(**markers).combined_index
    assert index.low < interpret(**markers, homocysteine="100 umol/L").combined_index.low < index.high < -2.5
    assert index.index_class == "probable_deficiency"
    assert interpret(b12="300 pmol/L", mma="0.2 umol/L", age=45, sex="male").combined_index is None


def test_an_end_of_the_index_that_is_not_bounded_is_none_and_the_report_says_so():
    patient = {"b12": "30 pg/mL", "mma": "0.1 umol/L", "homocysteine": "8 umol/L", "age": 40, "guideline": "aafp-2017"}
    result = interpret(holotc="<10 pmol/L", **patient)
    assert (result.combined_index.low, result.combined_index.high) == (None, pytest.approx(-1.3083))
    assert "4cB12 below -1.31" in str(result)
    assert "4cB12 above -1.31" in str(interpret(holotc="10 pmol/L", **{**patient, "mma": "<0.1 umol/L"}))


@pytest.mark.parametrize("patient", [{"age": 12}, {"age": 30, "sex": "female", "pregnant": True}, {}])
def test_the_combined_index_is_not_given_where_it_is_not_valid(patient):
    markers = {"holotc": "50 pmol/L", "b12": "250 pmol/L", "mma": "0.25 umol/L", "homocysteine": "12 umol/L"}
    assert interpret(**markers, **patient).combined_index is None


# Monotony


ORDER = {"deficient": 0, "functional_deficiency": 0, "indeterminate": 1, "deficiency_unlikely": 2}


@given(some.results(), some.patients(), st.sampled_from(guideline_keys()), st.data())
def test_a_lower_b12_or_a_higher_mma_never_makes_the_verdict_milder_but_for_a_listed_defeater(
    results, patient, guideline, data
):
    key = data.draw(st.sampled_from(["b12", "mma"]))
    unit = {"b12": "pg/mL", "mma": "umol/L"}[key]
    numbers = sorted(
        data.draw(st.lists(st.sampled_from(some.TYPICAL[key]), min_size=2, max_size=2, unique=True)),
        reverse=key == "mma",
    )
    worse, better = (
        interpret(**{**results, **patient, key: f"{number} {unit}"}, guideline=guideline) for number in numbers
    )
    if ORDER[worse.status] > ORDER[better.status]:
        # A defeater (discordance) may turn on only where the milder verdict lists it.
        assert worse.findings["discordant_low_total_b12"].state or better.overturned_by


# Voices and sources


RICH = [
    dict(zip(("b12", "mma", "hemoglobin", "mcv", "platelets", "ldh", "haptoglobin", "symptoms"), values, strict=True))
    | {"age": 60, "sex": "female"}
    for values in itertools.product(
        ["100 pg/mL", "250 pg/mL", "500 pg/mL"],
        ["0.2 umol/L", "3 umol/L"],
        ["60 g/L", "130 g/L"],
        ["112 fL", "90 fL"],
        ["40 10*9/L"],
        ["5000 U/L"],
        ["0.05 g/L"],
        [["numbness", "fatigue"]],
    )
]


@pytest.mark.parametrize("guideline", guideline_keys())
def test_every_sentence_that_is_printed_carries_a_source_that_is_in_the_bibliography(guideline):
    for values in RICH:
        result = interpret(**values, guideline=guideline, folate="3 nmol/L", risk_factors=["gastric bypass"])
        treatment = result.treatment
        said = [
            *summary(result),
            *patient_statements(result),
            *treatment.because,
            *treatment.cautions,
            *treatment.also,
            *treatment.diet,
            *treatment.recovery,
            *treatment.review,
        ]
        cited = [statement.sources for statement in said]
        cited += [test.sources for test in result.next_tests]
        cited += [cause.sources for cause in result.causes]
        cited += [finding.sources for finding in result.findings.values() if finding.state]
        cited.append(treatment.sources)
        for keys in cited:
            assert keys
            assert set(keys) <= set(sources())
        for statement in said[: len(summary(result))]:
            assert statement.text.split()[0] in as_text(result)


def test_every_limits_checked_tag_shows_in_the_explanation():
    tags = {"source", "secondary", "derived", "unconfirmed", "design", "as reported"}
    for values in RICH:
        result = interpret(**values)
        assert result.evidence
        for entry in result.evidence:
            assert entry.checked in tags
            assert f"({entry.checked})" in as_text(result)


def test_every_rule_has_a_sentence_and_a_source():
    for rule in FINDINGS:
        assert rule.says.endswith((".", "?"))
        assert rule.label
    for verdict in VERDICTS:
        assert set(verdict.sources) <= set(sources())
        assert all(case.says for case in (*verdict.cases, verdict.otherwise))


def test_both_voices_say_the_same_facts_under_the_same_codes():
    words = plain_words()
    codes = {rule.code for rule in FINDINGS}
    assert set(words.findings) <= codes
    assert set(words.status) == {
        "deficient",
        "functional_deficiency",
        "deficiency_unlikely",
        "indeterminate",
        "not_assessed",
    }
    for values in RICH:
        result = interpret(**values)
        for statement in patient_statements(result)[1:-1]:
            assert result.findings[statement.code].state is True


@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_a_report_keeps_to_80_columns(audience):
    for values in RICH:
        assert max(map(len, interpret(**values).to_text(audience=audience).splitlines())) <= 80


# Blood count


@pytest.mark.parametrize(
    ("count", "consistent"),
    [
        (
            {
                "hematocrit": "45 %",
                "rbc": "5 10*12/L",
                "mcv": "90 fL",
                "hemoglobin": "150 g/L",
                "mch": "30 pg",
                "mchc": "333 g/L",
            },
            True,
        ),
        ({"hematocrit": "30 %", "rbc": "5 10*12/L", "mcv": "90 fL"}, False),
        ({"hemoglobin": "150 g/L", "hematocrit": "30 %"}, False),
        ({"hemoglobin": "100 g/L", "rbc": "5 10*12/L", "mch": "30 pg"}, False),
        ({"hemoglobin": "100 g/L"}, True),
    ],
)
def test_a_blood_count_that_contradicts_itself_is_a_problem_for_a_patient_and_in_a_frame(count, consistent):
    result = interpret(**count, age=40, sex="male")
    assert any(problem.code == "inconsistent_blood_count" for problem in result.problems) is not consistent
    row = interpret_frame(pd.DataFrame([{**count, "age": 40, "sex": "male"}]))
    assert ("inconsistent_blood_count" in row["problems"].iloc[0]) is not consistent


def test_hemoglobin_and_mcv_are_bounded_by_hematocrit_and_red_cells():
    assert interpret(hematocrit="20 %", age=40, sex="male").anemia is True
    assert interpret(hematocrit="50 %", age=40, sex="male").anemia is False
    assert interpret(hematocrit="40 %", age=40, sex="male").anemia is None
    assert interpret(hematocrit="36 %", rbc="3.0 10*12/L", age=40).findings["macrocytosis"].state is True


@pytest.mark.parametrize(
    ("creatinine", "age", "sex", "expected"),
    [(0.9, 50, "male", 104), (0.7, 50, "female", 105.5), (2.5, 70, "female", 20.2)],
)
def test_egfr_is_ckd_epi_2021(creatinine, age, sex, expected):
    from b12labs.inputs.panel import read_panel
    from b12labs.limits.stratified import limits_of
    from b12labs.patient.inputs import PatientInputs
    from b12labs.reasoning.compiled import program
    from b12labs.rules.quantities import egfr

    panel = read_panel({"creatinine": f"{creatinine} mg/dL", "age": age, "sex": sex})
    low, high = program().run(PatientInputs(panel, limits_of("nice-ng239"))).of(egfr)
    assert low == high == pytest.approx(expected, rel=0.01)


def test_every_reported_term_that_decided_a_finding_is_named():
    result = interpret(b12="145 pg/mL", symptoms=["paresthesia", "ataxia"], medicines=["metformin"])
    named = {entry.label for entry in result.findings["neurological_involvement"].evidence}
    assert named == {"tingling (paresthesia)", "unsteady gait (ataxia)"}
