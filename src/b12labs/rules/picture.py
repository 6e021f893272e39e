"""Whether the blood count fits megaloblastic blood formation, and which other causes could explain it."""

from b12labs.logic.language import Coefficient, certain, finding, limit, measured, reported, reported_any
from b12labs.rules.adequacy import b12_certainly_adequate, b12_certainly_low
from b12labs.rules.cells import (
    blasts,
    certainly_small_cells,
    hypersegmented_neutrophils,
    macrocytosis,
    raised_rdw,
    severe_neutropenia,
    small_cells,
    two_low_lines,
    very_low_platelets,
)
from b12labs.rules.confounders import recent_b12
from b12labs.rules.hemolysis import ineffective_erythropoiesis, raised_reticulocytes
from b12labs.rules.iron_and_folate import iron_deficiency
from b12labs.rules.quantities import mcv

possible_thalassemia = finding(
    "possible_thalassemia",
    when=reported("thalassemia")
    | (certainly_small_cells & certain(mcv / measured.rbc < Coefficient("mentzer.index"), "a low Mentzer index")),
    says="Many small red cells (MCV divided by red cell count is low), or a known diagnosis, suggest thalassemia.",
    sources=("hematology-texts",),
)
# Iron deficiency raises RDW by itself: with small cells a raised RDW does not show large ones.
masked_macrocytosis = finding(
    "masked_macrocytosis",
    when=raised_rdw
    & ~macrocytosis
    & (
        (~small_cells & (iron_deficiency | reported("recent_transfusion") | certain(ineffective_erythropoiesis)))
        | possible_thalassemia
    ),
    says="MCV is not raised, but red cells vary in size and a reason for small cells is present: large cells may be "
    "hidden.",
    sources=("hematology-texts",),
    printed="also",
)
raised_tsh = finding(
    "raised_tsh",
    when=measured.tsh > limit.tsh_raised,
    says="TSH is raised: the thyroid is underactive.",
    label="a raised TSH",
    sources=("practical-neurology-n2o",),
)
reported_macrocytosis_cause = reported_any("macrocytosis_cause")
macrocytosis_otherwise_explained = finding(
    "macrocytosis_otherwise_explained",
    when=macrocytosis & (reported_macrocytosis_cause | raised_reticulocytes | certain(raised_tsh)),
    says="Macrocytosis has another possible explanation: a medicine, alcohol, liver, thyroid or marrow disease, or "
    "raised reticulocytes.",
    sources=("savage-2000",),
    printed="also",
)

# Two low lines are a megaloblastic picture only if nothing known suggests another disease.
_answering_by_itself = raised_reticulocytes & ~recent_b12 & ~reported("folic_acid")
_another_disease = (
    reported_any("antifolate") | blasts | certain(severe_neutropenia) | very_low_platelets
) & ~b12_certainly_low
picture_of_low_cells = two_low_lines & ~(
    certainly_small_cells | _answering_by_itself | b12_certainly_adequate | _another_disease
)
megaloblastic_picture = finding(
    "megaloblastic_picture",
    when=macrocytosis
    | masked_macrocytosis
    | certain(hypersegmented_neutrophils)
    | certain(ineffective_erythropoiesis)
    | picture_of_low_cells,
    says="The blood count fits megaloblastic blood formation.",
    sources=("hematology-texts", "b12labs-design"),
)
certain_picture = certain(megaloblastic_picture)
