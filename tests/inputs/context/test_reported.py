"""What was sent of the context and not understood is counted, and never assumed absent."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b12labs import B12LabsError, interpret, interpret_frame
from b12labs.inputs.context.reported import read_concept, read_word, read_words, unread

ATC, ICD = "http://www.whocc.no/atc", "http://hl7.org/fhir/sid/icd-10"
ADEQUATE = {"b12": "600 pg/mL", "age": 60, "sex": "female"}


def test_what_was_not_understood_is_counted_in_words():
    two = unread("medicines") + unread("diagnoses") + unread("medicines")
    assert two.sentence() == "2 medicines and 1 diagnosis were not understood"
    assert unread("diagnoses").sentence() == "1 diagnosis was not understood"
    assert (unread("medicines") + unread("medicines")).sentence() == "2 medicines were not understood"


def test_a_medicine_that_was_not_understood_may_be_b12():
    read = interpret(**ADEQUATE)
    assert read.status == "deficiency_unlikely"
    assert any("no recent B12 dose" in said for said in read.assumptions)
    lost = interpret(**ADEQUATE, medicines=["Xyzzol 5 mg"], errors="report")
    assert lost.status == "indeterminate"
    assert not any("B12" in said or "nitrous oxide" in said for said in lost.assumptions)
    assert "1 medicine was not understood, taken as neither absent nor present" in lost.assumptions
    assert [test.analyte for test in lost.next_tests][:1] == ["mma"]


def test_what_was_not_understood_never_takes_a_deficiency_back():
    for given_as in ({"medicines": "Xyzzol"}, {"diagnoses": "xyzzy"}, {"medicines": "Xyzzol", "diagnoses": "xyzzy"}):
        result = interpret(b12="120 pg/mL", age=60, sex="female", errors="report", **given_as)
        assert (result.status, result.urgency) == ("deficient", "prompt")


def test_a_code_that_is_wider_leaves_only_its_own_terms_unknown():
    result = interpret(**ADEQUATE, diagnoses="Z90.3", errors="report")
    assert result.status == "deficiency_unlikely"
    assert result.findings["lifelong_treatment"].state is None
    assert any("no recent B12 dose" in said for said in result.assumptions)
    assert interpret(**ADEQUATE, medicines="ATC A11AA01", errors="report").status == "indeterminate"


def test_another_medicine_or_diagnosis_that_is_known_by_its_class_is_understood():
    result = interpret(**ADEQUATE, medicines=["ATC C09AA02"], diagnoses=["ICD-10 S93.4"])
    assert (result.status, result.problems) == ("deficiency_unlikely", ())


def test_a_code_of_pregnancy_leaves_pregnancy_unknown():
    assert interpret(b12="600 pg/mL", diagnoses="ICD-10 Z33", errors="report").findings["pregnancy"].state is None
    said = interpret(b12="600 pg/mL", diagnoses="ICD-10 Z33", pregnant="no", errors="report")
    assert said.findings["pregnancy"].state is False


@pytest.mark.parametrize(
    ("coded", "texts", "terms"),
    [
        ([("A10BA02", ATC)], ["no metformin here"], set()),  # a text denies what the code says
        ([("A10BA02", ATC)], ["Xyzzol"], {"metformin"}),
        ([("A10BD07", ATC)], ["metformin and sitagliptin"], {"metformin"}),
        ([("A02BD05", ATC)], ["omeprazole, amoxicillin and clarithromycin"], {"proton_pump_inhibitor"}),
        ([("C09AA02", ATC)], ["metformin 500 mg"], set()),  # the code is of another medicine
        ([("V09XX01", ATC)], ["cyanocobalamin"], set()),
        ([("11248", "rxnorm")], ["cyanocobalamin 1 MG/ML"], {"b12_supplement"}),
        ([("A10BA02", ATC), ("6809", "rxnorm")], [], {"metformin"}),
        ([("A10BA02", ATC), ("B03BB01", ATC)], [], set()),
        ([("B03AE01", ATC), ("B03BB01", ATC)], [], {"folic_acid"}),
    ],
)
def test_codes_decide_and_what_contradicts_itself_is_not_read(coded, texts, terms):
    assert read_concept(coded, texts, "medicines").terms == terms


def test_a_wider_code_is_settled_by_its_text():
    assert read_concept([("Z90.3", ICD)], ["total gastrectomy"], "diagnoses").terms == {"total_gastrectomy"}


def test_the_form_after_a_comma_belongs_to_the_medicine_before_it():
    assert read_words("Omeprazole 20 mg, capsule; metformin", "medicines") == ["Omeprazole 20 mg capsule", "metformin"]


def test_a_strength_belongs_to_the_medicine_directly_before_it():
    assert read_words("omeprazole; metformin, 500 mg; B12", "medicines") == ["omeprazole", "metformin 500 mg", "B12"]
    assert read_words("500 mg, metformin", "medicines") == ["500 mg", "metformin"]
    assert read_words("numbness, 500 mg", "symptoms") == ["numbness", "500 mg"]


def test_an_error_names_the_word_and_the_nearest_term():
    with pytest.raises(B12LabsError, match="did you mean 'metformin'"):
        interpret(b12="600 pg/mL", medicines=["metfornin"])
    with pytest.raises(B12LabsError, match="wider than any term"):
        interpret(b12="600 pg/mL", diagnoses=["E53.8"])


_WORDS = st.sampled_from([
    "", "Xyzzol 5 mg", "METFORMIN AL 500", "cyanocobalamin 1 MG/ML Injectable Solution", "A10BA02", "ATC B03BB01",
    "ATC C09AA02", "A11AA01", "no metformin", "folic acid deficiency", "RxNorm 6809", "RxNorm 11248", "Entonox",
])  # fmt: skip
_DIAGNOSES = st.sampled_from(
    [
        "",
        "D51.0",
        "ICD-10-GM D51.0V",
        "SNOMED CT 84027009",
        "xyzzy",
        "Z90.3",
        "ICD-10 Z33",
        "SKS DD510",
        "N18.3",
        "K90.0",
    ]
)


@given(st.lists(st.tuples(_WORDS, _DIAGNOSES, st.sampled_from(["120", "250", "600"])), min_size=1, max_size=4))
def test_columns_say_of_the_context_what_one_patient_is_told(rows):
    table = pd.DataFrame(rows, columns=["medicines", "diagnoses", "b12 [pg/mL]"]).assign(age=60, sex="female")
    frame = interpret_frame(table)
    for place, (medicine, diagnosis, level) in enumerate(rows):
        one = interpret(
            b12=f"{level} pg/mL", age=60, sex="female", medicines=medicine, diagnoses=diagnosis, errors="report"
        )
        row = frame.iloc[place]
        assert (row["status"], row["treatment_route"], row["urgency"]) == (one.status, one.treatment.route, one.urgency)
        assert (row["next_tests"] or "") == "; ".join(test.analyte for test in one.next_tests)


def test_a_word_of_every_kind_is_read_as_its_concept():
    assert read_word("ATC A10BA02", "medicines").terms == {"metformin"}
    assert read_word("METFORMIN AL 500", "medicines").terms == {"metformin"}
    assert read_word("SNOMED CT 84027009", "diagnoses").terms == {"autoimmune_gastritis"}
