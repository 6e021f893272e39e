"""Whether low platelets with hemolysis make TTP possible."""

from b12labs.logic.language import Coefficient, at_least, certain, finding, limit, measured, reported
from b12labs.rules.anemia import anemia
from b12labs.rules.b12_status import certain_deficiency
from b12labs.rules.cells import schistocytes, severe_thrombocytopenia, thrombocytopenia
from b12labs.rules.hemolysis import (
    low_haptoglobin,
    raised_indirect_bilirubin,
    raised_ldh,
    raised_reticulocytes,
    reticulocytes_not_raised,
)

# Liver disease lowers haptoglobin and raises bilirubin by itself.
_no_liver_disease = ~reported("liver_disease")
_haptoglobin = low_haptoglobin & _no_liver_disease
_bilirubin = (
    raised_indirect_bilirubin | certain(measured.bilirubin_total > limit.bilirubin_total_raised, "a raised bilirubin")
) & _no_liver_disease
_low = (measured.platelets < limit.platelets_microangiopathy) | (
    (measured.platelets < limit.platelets_with_schistocytes) & schistocytes
)
_two_signs = at_least(
    2,
    raised_ldh,
    raised_reticulocytes,
    schistocytes,
    _haptoglobin,
    raised_indirect_bilirubin & _no_liver_disease,
)
# With severely low platelets one sign is enough, but LDH alone only if it is far above its limit.
_one_sign = (measured.ldh > limit.ldh_raised * 2) | raised_reticulocytes | schistocytes | _haptoglobin | _bilirubin
thrombotic_microangiopathy_pattern = finding(
    "thrombotic_microangiopathy_pattern",
    when=(measured.age >= Coefficient("infant.age"))
    & ((_low & _two_signs) | (severe_thrombocytopenia & ~certain(~anemia, "a hemoglobin that is not low") & _one_sign)),
    says="Low platelets with hemolysis: the pattern of thrombotic microangiopathy (TTP), which B12 deficiency can "
    "imitate.",
    label="a pattern of thrombotic microangiopathy",
    sources=("ustma", "pseudo-tma-2013", "b12labs-design"),
    printed="first",
)
fits_b12_deficiency = finding(
    "fits_b12_deficiency",
    when=certain(thrombotic_microangiopathy_pattern)
    & certain_deficiency
    & certain(reticulocytes_not_raised, "reticulocytes that are not raised")
    & certain(~severe_thrombocytopenia, "platelets of 50 or more")
    & ~schistocytes,
    says="This fits B12 deficiency: B12 is low, reticulocytes are not raised, and no fragmented red cells are "
    "reported. Blood film today, ADAMTS13 if there are fragments, and B12 now.",
    label="low platelets with hemolysis that fit B12 deficiency",
    sources=("pseudo-tma-2013", "b12labs-design"),
    printed="first",
)
possible_ttp = finding(
    "possible_ttp",
    when=certain(thrombotic_microangiopathy_pattern) & ~fits_b12_deficiency,
    says="Possible TTP: ADAMTS13 and hematology now. If B12 is deficient, give it as well, but delay nothing for it.",
    label="possible TTP",
    sources=("ustma", "pseudo-tma-2013"),
    printed="first",
)
possible_hellp = finding(
    "possible_hellp",
    when=certain(thrombotic_microangiopathy_pattern) & (reported("pregnant") | reported("postpartum")),
    says="In pregnancy and after birth HELLP is possible: obstetrics now.",
    label="possible HELLP",
    sources=("ash-education-2015",),
    printed="first",
)
fragments_with_low_platelets = finding(
    "fragments_with_low_platelets",
    when=schistocytes & certain(thrombocytopenia) & ~certain(thrombotic_microangiopathy_pattern),
    says="Red cells are fragmented and platelets are low: consider TTP. LDH, haptoglobin, bilirubin and reticulocytes "
    "today.",
    label="schistocytes with low platelets",
    sources=("ustma", "b12labs-design"),
    printed="first",
)
