"""Whether red cells are destroyed, in the blood or already in the marrow."""

from b12labs.logic.language import at_least, certain, finding, limit, measured, reported
from b12labs.rules.cells import schistocytes
from b12labs.rules.quantities import bilirubin_indirect, reticulocytes

many_reticulocytes = reticulocytes > limit.reticulocytes_raised
_large_share = measured.reticulocyte_percent > limit.reticulocyte_percent_raised
_high_index = measured.reticulocyte_index > limit.reticulocyte_index_raised

# In anemia the share is of few red cells: the absolute count of reticulocytes takes precedence.
raised_reticulocytes = finding(
    "raised_reticulocytes",
    when=certain(many_reticulocytes, "raised reticulocytes")
    | (
        (
            certain(_large_share, "a raised percentage of reticulocytes")
            | certain(_high_index, "a raised reticulocyte index")
        )
        & ~certain(~many_reticulocytes, "a reticulocyte count that is not raised")
    ),
    says="Reticulocytes are raised: the marrow is responding.",
)
reticulocytes_not_raised = ~raised_reticulocytes & (~many_reticulocytes | ~_large_share | ~_high_index)

raised_ldh = finding("raised_ldh", when=measured.ldh > limit.ldh_raised, says="LDH is raised.", label="a raised LDH")
low_haptoglobin = finding(
    "low_haptoglobin",
    when=measured.haptoglobin < limit.haptoglobin_low,
    says="Haptoglobin is low.",
    label="a low haptoglobin",
)
raised_indirect_bilirubin = finding(
    "raised_indirect_bilirubin",
    when=bilirubin_indirect > limit.bilirubin_indirect_raised,
    says="Indirect bilirubin is raised.",
    label="a raised indirect bilirubin",
)

_destroyed_in_the_marrow = certain(
    reticulocytes_not_raised & ~schistocytes, "reticulocytes that are not raised, without schistocytes"
)
hemolysis = finding(
    "hemolysis",
    when=at_least(2, raised_ldh, low_haptoglobin, raised_indirect_bilirubin, raised_reticulocytes, schistocytes)
    & ~_destroyed_in_the_marrow,
    says="At least two signs of hemolysis are present (LDH, haptoglobin, indirect bilirubin, reticulocytes, "
    "schistocytes): red cells are being destroyed.",
    sources=("ustma", "hematology-texts"),
    printed="also",
)
hemolysis_or_liver = finding(
    "hemolysis_or_liver",
    when=reported("liver_disease") & (certain(low_haptoglobin) | certain(raised_indirect_bilirubin)),
    says="Liver disease lowers haptoglobin and raises bilirubin by itself: neither shows hemolysis here.",
    label="signs of hemolysis that the liver may explain",
    sources=("b12labs-design",),
    printed="also",
)
hemolysis_to_explain = finding(
    "hemolysis_to_explain",
    when=certain(hemolysis) & ~hemolysis_or_liver,
    says="Investigate hemolysis in its own right: blood film, direct antiglobulin test, and hematology.",
    label="hemolysis to be explained",
    sources=("common-knowledge", "b12labs-design"),
    printed="also",
)
#: One sign is present; the others decide.
sign_of_hemolysis = certain(raised_ldh) | certain(low_haptoglobin) | certain(raised_indirect_bilirubin)
ineffective_erythropoiesis = finding(
    "ineffective_erythropoiesis",
    when=raised_ldh & (raised_indirect_bilirubin | low_haptoglobin) & reticulocytes_not_raised,
    says="Red cells are destroyed without a reticulocyte response, as when they die in the marrow: ineffective "
    "erythropoiesis.",
    sources=("hematology-texts",),
    printed="also",
)
