"""Operations, an allergy to B12 and the family are read as they are recorded, and never guessed."""

import pytest

from b12labs import interpret
from b12labs.integrations import fhir
from tests.integrations.fhir.resources import concept, observation

ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"


def procedure(said="Total gastrectomy (procedure)", **more):
    """Return a completed Procedure of patient 7; None takes a member away."""
    resource = {
        "resourceType": "Procedure",
        "id": "p",
        "status": "completed",
        "subject": {"reference": "Patient/7"},
        "code": {"text": said},
        "performedDateTime": "2015-05-02",
        **more,
    }
    return {key: member for key, member in resource.items() if member is not None}


def allergy(said="Hydroxocobalamin", **more):
    return {
        "resourceType": "AllergyIntolerance", "id": "a", "patient": {"reference": "Patient/7"}, "code": {"text": said},
        **more,
    }  # fmt: skip


def relative(*said, **more):
    return {
        "resourceType": "FamilyMemberHistory", "id": "f", "status": "completed", "patient": {"reference": "Patient/7"},
        "relationship": {"text": "mother"}, "condition": [{"code": {"text": each}} for each in said], **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("resource", "terms"),
    [
        (procedure(), {"total_gastrectomy"}),
        (procedure("Laparoscopic Roux-en-Y gastric bypass"), {"bariatric_surgery"}),
        (procedure(code=concept("Z98.84", ICD_10_CM)), {"bariatric_surgery"}),
        (procedure("Ileocecal resection", performedDateTime=None, performedPeriod={"start": "2010"}),
         {"ileal_resection"}),
        (procedure("Partial gastrectomy", performedDateTime=None), {"partial_gastrectomy"}),
        (relative("Pernicious anemia", relationship={"coding": [{"code": "MTH"}]}), {"family_history"}),
        (procedure("Sleeve gastrectomy", performedDateTime=None, occurrenceDateTime="2020"), {"bariatric_surgery"}),
        (procedure("Blood transfusion", performedDateTime="2024-03-01"), {"recent_transfusion"}),
        (allergy(), {"cobalamin_allergy"}),
        (allergy("Allergy to cobalt"), {"cobalamin_allergy"}),
        (allergy("Cobalt"), {"cobalamin_allergy"}),
        (allergy(reaction=[{"substance": {"text": "Cyanocobalamin"}}], code={"text": "A vitamin"}),
         {"cobalamin_allergy"}),
        (relative("Pernicious anemia (disorder)"), {"family_history"}),
        (relative("Hypertension", "Hashimoto's thyroiditis"), {"family_history"}),
        (relative("Vitamin B12 deficiency"), {"family_history"}),
    ],
)  # fmt: skip
def test_what_counts_is_taken_by_code_or_exact_name(resource, terms):
    reading = fhir.read([observation(), resource])
    assert reading.draws[0].panel.terms == terms
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        (procedure("Appendectomy"), "unknown_term"),
        (procedure(status="not-done"), "context_not_used"),
        (procedure(status="entered-in-error"), "context_not_used"),
        (procedure(notDone=True), "context_not_used"),
        (procedure(status="unknown"), "context_not_used"),
        (procedure(modifierExtension=[{"url": "urn:x"}]), "unknown_rules"),
        (procedure("Blood transfusion", performedDateTime=None), "context_not_used"),
        (allergy(verificationStatus={"coding": [{"code": "refuted"}]}), "context_not_used"),
        (allergy(verificationStatus={"coding": [{"code": "unconfirmed"}]}), "context_not_used"),
        (allergy(clinicalStatus={"coding": [{"code": "resolved"}]}), "context_not_used"),
        (allergy(verificationStatus={"text": "Refuted"}), "context_not_used"),
        (allergy(verificationStatus={"coding": [{"code": "foo"}]}), "context_not_used"),
        (procedure(performedDateTime=None, performedAge={"value": 70}), "context_not_used"),
        (procedure(performedDateTime="next year"), "context_not_used"),
        (procedure(performedDateTime=None, performedString="planned for 2030"), "context_not_used"),
        (relative("Pernicious anemia", status="health-unknown"), "context_not_used"),
        (relative("Pernicious anemia", status="entered-in-error"), "context_not_used"),
    ],
)
def test_what_is_not_certain_is_reported_and_not_used(resource, code):
    reading = fhir.read([observation(), resource])
    assert reading.draws[0].panel.terms == frozenset()
    assert code in {problem.code for _, problem in reading.problems}


@pytest.mark.parametrize("who", ["HUSB", "SPS", "STPMTH", "ADOPTP", "MTHINLAW", "ONESELF", "mother-in-law", "husband"])
def test_an_illness_of_somebody_who_is_not_a_blood_relative_is_not_of_the_family(who):
    told = relative("Pernicious anemia", relationship={"coding": [{"code": who}], "text": who})
    assert fhir.read([observation(), told]).draws[0].panel.terms == frozenset()


def test_a_part_whose_meaning_something_may_change_is_not_used():
    changed = {"code": {"text": "Pernicious anemia"}, "modifierExtension": [{"url": "urn:x"}]}
    assert fhir.read([observation(), relative(condition=[changed])]).draws[0].panel.terms == frozenset()


def test_an_allergy_to_something_else_and_an_illness_that_does_not_run_in_families_are_passed_over():
    reading = fhir.read([observation(), allergy("Penicillin"), relative("Sprained ankle")])
    assert reading.draws[0].panel.terms == frozenset()
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("resource", "finding"),
    [
        (procedure(status="unknown"), "lifelong_treatment"),
        (allergy(verificationStatus={"coding": [{"code": "unconfirmed"}]}), "cobalamin_allergy"),
    ],
)
def test_what_may_have_been_is_open_and_not_absent(resource, finding):
    without = interpret(fhir.read([observation()]).draws[0].panel)
    doubtful = interpret(fhir.read([observation(), resource]).draws[0].panel)
    assert without.findings[finding].state is False
    assert doubtful.findings[finding].state is None


def test_an_operation_lasts_and_a_treatment_counts_on_its_day():
    operation, treatment = procedure("Gastric bypass"), procedure("Blood transfusion", id="t")
    [draw] = fhir.read([observation(), operation, treatment]).draws
    assert draw.panel.terms == {"bariatric_surgery"}
    assert [problem.code for problem in draw.problems] == ["context_of_another_time"]


def test_an_operation_after_the_draw_is_not_applied_to_it():
    [draw] = fhir.read([observation(), procedure(performedDateTime="2024-03-02")]).draws
    assert draw.panel.terms == frozenset()
    assert [problem.code for problem in draw.problems] == ["context_of_another_time"]


def test_injections_for_life_follow_a_gastrectomy_that_only_a_procedure_tells():
    [draw] = fhir.read([observation(), procedure()]).draws
    told, silent = interpret(draw.panel), interpret(fhir.read([observation()]).draws[0].panel)
    assert told.treatment.route == "intramuscular"
    assert silent.treatment.route != "intramuscular"
