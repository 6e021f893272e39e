"""How soon somebody should act, and what must not be missed."""

from b12labs.logic.language import (
    Case,
    Otherwise,
    Verdict,
    at_least,
    certain,
    finding,
    limit,
    measured,
    reported,
    reported_any,
)
from b12labs.rules.anemia import (
    anemia,
    hemolysis,
    low_white_cells,
    pancytopenia,
    raised_reticulocytes,
    severe_anemia,
    severe_neutropenia,
    severe_thrombocytopenia,
    sign_of_hemolysis,
    thrombocytopenia,
)
from b12labs.rules.b12_status import b12_deficiency, copper_deficiency_suspected, deficiency_possible
from b12labs.rules.inherited import inborn_error_suspected, infant_deficiency
from b12labs.rules.quantities import bilirubin_indirect
from b12labs.rules.treatment import neurological_involvement

_fragments = reported("schistocytes_seen") | certain(
    measured.schistocytes > limit.schistocytes_raised, "schistocytes on the film"
)
_two_signs = at_least(
    2,
    certain(measured.ldh > limit.ldh_raised, "a raised LDH"),
    certain(measured.haptoglobin < limit.haptoglobin_low, "a low haptoglobin"),
    certain(bilirubin_indirect > limit.bilirubin_indirect_raised, "a raised indirect bilirubin"),
    certain(raised_reticulocytes),
    _fragments,
)
_platelets_of_microangiopathy = certain(measured.platelets < limit.platelets_microangiopathy, "platelets below 100") | (
    certain(measured.platelets < limit.platelets_with_schistocytes, "platelets below 150") & _fragments
)
thrombotic_microangiopathy_pattern = finding(
    "thrombotic_microangiopathy_pattern",
    when=(thrombocytopenia & hemolysis)
    | (_platelets_of_microangiopathy & _two_signs)
    | (severe_thrombocytopenia & sign_of_hemolysis & ~certain(~anemia, "a hemoglobin that is not low")),
    says=(
        "Low platelets with hemolysis: possible TTP. ADAMTS13 and hematology now; B12 deficiency can imitate it, but "
        "do not wait for B12."
    ),
    label="a pattern of thrombotic microangiopathy",
    sources=("pseudo-tma-2013", "b12labs-design"),
    printed="first",
)
marrow_disease_possible = finding(
    "marrow_disease_possible",
    when=certain(measured.blasts > limit.blasts_raised, "blasts in the blood")
    | reported("blasts_seen")
    | certain(severe_neutropenia)
    | certain(measured.platelets < limit.platelets_marrow, "platelets below 30"),
    says="Blood film and hematology today: a marrow disease is possible, and B12 alone does not answer it.",
    label="a possible marrow disease",
    sources=("b12labs-design",),
    printed="first",
)
_cytopenia = certain(anemia) | certain(thrombocytopenia) | certain(low_white_cells, "low white cells")

urgency = Verdict(
    "urgency",
    (
        Case(
            "emergency",
            certain(thrombotic_microangiopathy_pattern) | (certain(severe_anemia) & reported_any("anemia_symptom")),
            "Act now.",
        ),
        Case(
            "urgent",
            (neurological_involvement & (deficiency_possible | certain(copper_deficiency_suspected)))
            | reported_any("myelopathy")
            | certain(severe_anemia)
            | certain(severe_neutropenia)
            | certain(severe_thrombocytopenia)
            | certain(marrow_disease_possible)
            | certain(pancytopenia)
            | certain(infant_deficiency)
            | certain(inborn_error_suspected)
            | (reported("pregnant") & _cytopenia),
            "Do not wait: nerves, severely low blood cells, an infant or a pregnancy are at stake.",
        ),
        Case("prompt", certain(b12_deficiency), "Deficiency should be treated soon."),
    ),
    Otherwise("routine", "Nothing in the assessment of B12 is urgent."),
    sources=("b12labs-design", "delphi-2024"),
)
