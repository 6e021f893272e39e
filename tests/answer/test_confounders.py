"""Every confounder that voided, weakened or explained a marker is named in the clinician's report, with its effect."""

import pytest

from b12labs import interpret

WOMAN = {"age": 50, "sex": "female"}
OLD = {"age": 70, "sex": "female"}
GREY = {"b12": "250 pg/mL"}
ADEQUATE = {"b12": "450 pg/mL"}
HCY = {"homocysteine": "20 umol/L"}
LARGE = {"mcv": "114 fL", "hemoglobin": "9 g/dL"}


@pytest.mark.parametrize(
    ("panel", "said"),
    [
        ({**OLD, **GREY, "mma": "0.5 umol/L", "egfr": "45 mL/min/1.73m2"}, "reduced kidney function may explain it"),
        ({**OLD, **GREY, "mma": "0.9 umol/L", "egfr": "45 mL/min/1.73m2"}, "Kidney function is reduced, but MMA"),
        ({**OLD, **GREY, "mma": "0.9 umol/L", "diagnoses": ["dialysis"]}, "Kidney function is severely reduced"),
        ({**OLD, **GREY, **HCY, "diagnoses": ["chronic kidney disease"]}, "kidney function may explain it"),
        ({**WOMAN, **GREY, **HCY, "diagnoses": ["hypothyroidism"]}, "Thyroid disease raises homocysteine"),
        ({**OLD, **GREY, **HCY, "medicines": ["levodopa"]}, "raises homocysteine by itself. Reported: levodopa."),
        ({**WOMAN, **GREY, **HCY, "folate": "3 nmol/L"}, "the low folate may explain it"),
        ({**WOMAN, **GREY, **HCY}, "not put on ice"),
        ({**WOMAN, **GREY, **HCY, "mma": "0.1 umol/L"}, "folate, B6, kidney, thyroid or a medicine"),
        ({**WOMAN, "b12": "150 pg/mL", "diagnoses": ["hiv"]}, "HIV infection lower total B12"),
        ({**OLD, "b12": "150 pg/mL", "diagnoses": ["myeloma"]}, "Myeloma and HIV infection lower total B12"),
        ({**WOMAN, **GREY, "mma": "0.5 umol/L", "diagnoses": ["bacterial overgrowth"]}, "Bacteria in the small bowel"),
        ({**WOMAN, **GREY, "mma": "0.5 umol/L", "symptoms": ["vomiting"]}, "Volume depletion"),
        ({"age": 82, "sex": "female", **GREY, "mma": "0.34 umol/L"}, "within the range found at this age"),
        ({**WOMAN, **ADEQUATE, "risk_factors": ["nitrous oxide"]}, "Nitrous oxide inactivates B12"),
        ({**WOMAN, **ADEQUATE, "intrinsic_factor_antibody": "positive"}, "make serum B12 falsely normal"),
        ({**WOMAN, **ADEQUATE, "medicines": ["recent b12 injection"]}, "A recent treatment dose of B12"),
        ({**WOMAN, **ADEQUATE, **LARGE}, "The unexplained anemia with a megaloblastic blood picture"),
        ({**WOMAN, **ADEQUATE, **HCY}, "Homocysteine is raised and MMA is not known"),
        ({**WOMAN, **ADEQUATE, "urine_mma_ratio": "4 mmol/mol{creat}"}, "Urine MMA/creatinine is raised"),
        ({**WOMAN, **ADEQUATE, "mma": "0.9 umol/L"}, "macro-B12"),
        ({**WOMAN, **ADEQUATE, "diagnoses": ["liver disease"]}, "Liver and myeloproliferative disease raise total B12"),
        ({"age": 30, "sex": "female", "b12": "150 pg/mL", "medicines": ["birth control pill"]}, "the pill"),
        ({**WOMAN, "b12": "150 pg/mL", "medicines": ["hrt"]}, "HRT"),
        ({"age": 30, "b12": "150 pg/mL", "pregnant": True, "trimester": 2}, "In pregnancy"),
        ({**WOMAN, **GREY, **LARGE, "medicines": ["hydroxycarbamide"]}, "Reported: hydroxycarbamide."),
        ({**WOMAN, **GREY, **LARGE, "risk_factors": ["recent transfusion"]}, "After a transfusion"),
        (
            {**WOMAN, **GREY, "mcv": "104 fL", "tsh": {"value": 12, "unit": "mIU/L", "reference_high": 4}},
            "Thyroid disease raises homocysteine, MMA and MCV",
        ),
        (
            {**WOMAN, "b12": "150 pg/mL", "holotc": "80 pmol/L", "mma": "0.1 umol/L", "homocysteine": "8 umol/L"},
            "Haptocorrin deficiency",
        ),
    ],
)
def test_a_confounder_is_named_with_its_effect(panel, said):
    assert said in " ".join(interpret(**panel).to_text().split())


@pytest.mark.parametrize(
    ("option", "dose"),
    [
        ({}, "Folic acid (UK): 5 mg a day for 4 months"),
        ({"guideline": "aafp-2025"}, "Folic acid (US): up to 1 mg a day [unconfirmed]"),
        ({"formulary": "us"}, "Folic acid (US): up to 1 mg a day [unconfirmed]"),
        ({"guideline": "aafp-2025", "formulary": "uk"}, "Folic acid (UK): 5 mg a day for 4 months"),
    ],
)
def test_the_dose_of_folic_acid_is_the_formularys(option, dose):
    text = " ".join(interpret(**WOMAN, **ADEQUATE, **LARGE, folate="1.8 ng/mL", **option).to_text().split())
    assert dose in text
    assert text.count("Folic acid (") == 1


@pytest.mark.parametrize("medicine", ["methotrexate", "trimethoprim", "co-trimoxazole", "pyrimethamine", "pemetrexed"])
@pytest.mark.parametrize(
    ("count", "said"),
    [
        ({"wbc": "3.4 10*9/L"}, "hold the next dose and speak to the prescriber today"),
        ({"neutrophils": "1.5 10*9/L"}, "Folinic acid (leucovorin) is the specialist's decision"),
        ({"platelets": "139 10*9/L"}, "Check blood count, kidney and liver tests"),
        ({"hemoglobin": "79 g/L"}, "hold the next dose and speak to the prescriber today"),
        ({"hemoglobin": "110 g/L", "mcv": "104 fL"}, "may explain the anemia or the large red cells"),
    ],
)
def test_beside_an_antifolate_no_dose_of_folic_acid_is_printed(medicine, count, said):
    text = " ".join(
        interpret(**WOMAN, b12="420 pg/mL", folate="6.0 nmol/L", medicines=[medicine], **count).to_text().split()
    )
    assert said in text
    assert "Folic acid already taken continues with the antifolate" in text
    assert "Folic acid (" not in text


def test_certain_deficiency_is_treated_beside_an_antifolate():
    result = interpret(**WOMAN, b12="90 pg/mL", wbc="3.0 10*9/L", medicines=["methotrexate"])
    assert result.urgency == "prompt"
    assert result.treatment.regimen
