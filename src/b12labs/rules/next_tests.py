"""What to measure next.

The open measurements of each question that matters here, with the question that each answers.
"""

from b12labs.logic.language import Question, certain, reported_any
from b12labs.rules.anemia import anemia, folate_deficiency, hemolysis, iron_deficiency, macrocytosis, thrombocytopenia
from b12labs.rules.b12_status import (
    adequate,
    b12_deficiency,
    functional_deficiency,
    raised_homocysteine,
    raised_mma,
    status,
)
from b12labs.rules.causes import gastrin_raised
from b12labs.rules.confounders import intrinsic_factor_antibody, reduced_kidney_function
from b12labs.rules.megaloblastic import megaloblastic_anemia
from b12labs.rules.treatment import lasting_cause, neurological_involvement

_deficient = certain(b12_deficiency)
_blood_matters = _deficient | certain(anemia) | certain(macrocytosis)
_negative_antibody = certain(~intrinsic_factor_antibody)

QUESTIONS = (
    Question("status", "Is tissue short of B12?", status, None, ("carmel-2003", "solomon-2005")),
    Question(
        "in_spite_of_level",
        "Is tissue short of B12 although its level is adequate?",
        functional_deficiency,
        certain(adequate, "an adequate level")
        & (neurological_involvement | certain(anemia) | certain(macrocytosis) | reported_any("malabsorption")),
        ("solomon-2005", "stabler-2013"),
    ),
    Question(
        "megaloblastic_anemia",
        "Is there megaloblastic anemia?",
        megaloblastic_anemia,
        _blood_matters,
        ("hematology-texts",),
    ),
    Question(
        "hemolysis",
        "Are red cells being destroyed?",
        hemolysis,
        certain(thrombocytopenia) & certain(anemia),
        ("pseudo-tma-2013",),
    ),
    Question(
        "cause",
        "Is the cause autoimmune gastritis (injections for life)?",
        intrinsic_factor_antibody,
        _deficient & ~lasting_cause,
        ("nice-ng239",),
    ),
    Question(
        "cause_without_antibody",
        "Is the cause autoimmune gastritis although the antibody is negative?",
        gastrin_raised,
        _deficient & ~lasting_cause & _negative_antibody,
        ("mayo-cascade",),
    ),
    Question(
        "kidney",
        "Are the metabolites raised by the kidney?",
        reduced_kidney_function,
        certain(raised_mma) | (certain(raised_homocysteine) & ~certain(~raised_mma)),
        ("carmel-2003",),
    ),
    Question("folate", "Is folate missing too?", folate_deficiency, _blood_matters, ("bsh-2014",)),
    Question("iron", "Is iron missing too?", iron_deficiency, _deficient & certain(anemia), ("who-ferritin-2020",)),
)
