"""What to measure next: the open measurements of each question that matters here, with the question that each answers."""

from b12labs.logic import Question, certain
from b12labs.rules.anemia import anemia, folate_deficiency, iron_deficiency, macrocytosis
from b12labs.rules.b12_status import b12_deficiency, raised_homocysteine, raised_mma, status
from b12labs.rules.confounders import intrinsic_factor_antibody, reduced_kidney_function
from b12labs.rules.megaloblastic import megaloblastic_anemia
from b12labs.rules.treatment import lasting_cause

_deficient = certain(b12_deficiency)
_blood_matters = _deficient | certain(anemia) | certain(macrocytosis)

QUESTIONS = (
    Question("status", "Is tissue short of B12?", status),
    Question("megaloblastic_anemia", "Is there megaloblastic anemia?", megaloblastic_anemia, _blood_matters),
    Question("cause", "Is the cause autoimmune gastritis (injections for life)?", intrinsic_factor_antibody, _deficient & ~lasting_cause),
    Question(
        "kidney",
        "Are the metabolites raised by the kidney?",
        reduced_kidney_function,
        certain(raised_mma) | (certain(raised_homocysteine) & ~certain(~raised_mma)),
    ),
    Question("folate", "Is folate missing too?", folate_deficiency, _blood_matters),
    Question("iron", "Is iron missing too?", iron_deficiency, _deficient & certain(anemia)),
)
