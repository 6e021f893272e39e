"""Whether there is anemia, and how severe: hemoglobin by age, sex, pregnancy, elevation and smoking."""

from b12labs.logic.language import Case, Otherwise, Verdict, finding, limit
from b12labs.rules.quantities import adjusted_hemoglobin

anemia = finding(
    "anemia",
    when=adjusted_hemoglobin < limit.hemoglobin_low,
    says="Hemoglobin is below the limit for age, sex and pregnancy: anemia.",
)
moderate_anemia = finding(
    "moderate_anemia",
    when=adjusted_hemoglobin < limit.hemoglobin_moderate,
    says="Anemia is at least moderate.",
    label="moderate or severe anemia",
)
severe_anemia = finding(
    "severe_anemia",
    when=adjusted_hemoglobin < limit.hemoglobin_severe,
    says="Anemia is severe.",
)
# In pregnancy WHO calls anemia severe only below 70; the rules act earlier.
very_low_hemoglobin = finding(
    "very_low_hemoglobin",
    when=severe_anemia | (adjusted_hemoglobin < limit.hemoglobin_very_low),
    says="Anemia is severe by WHO criteria, or hemoglobin is below 80 g/L in an adult.",
    label="severe anemia, or hemoglobin below 80 g/L",
    sources=("b12labs-design",),
)

anemia_grade = Verdict(
    "anemia_grade",
    (
        Case("severe", severe_anemia, "Anemia is severe."),
        Case("moderate", moderate_anemia, "Anemia is moderate."),
        Case("mild", anemia, "Anemia is mild."),
    ),
    Otherwise("none", "There is no anemia."),
    sources=("who-2024",),
)
