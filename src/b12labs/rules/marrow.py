"""Whether marrow disease is possible: blasts, very low cells, or low cells without another explanation."""

from b12labs.logic.language import certain, finding, limit, measured
from b12labs.rules.adequacy import b12_certainly_adequate
from b12labs.rules.cells import (
    blasts,
    moderate_neutropenia,
    moderate_thrombocytopenia,
    severe_neutropenia,
    two_low_lines,
    very_low_platelets,
)
from b12labs.rules.iron_and_folate import certainly_adequate_folate
from b12labs.rules.quantities import adjusted_hemoglobin

film_today = finding(
    "film_today",
    when=blasts | certain(severe_neutropenia) | very_low_platelets,
    says="Blood film and hematology today, whatever B12 shows: there are blasts, or neutrophils are below 0.5, or "
    "platelets below 30. Marrow disease is possible.",
    label="blasts, or cells so low that a film is needed today",
    sources=("north-bristol", "b12labs-design"),
    printed="first",
)
low_cells_unexplained = certain(two_low_lines) & b12_certainly_adequate & certainly_adequate_folate
_more_than_mild = (
    certain(measured.wbc < limit.wbc_moderate, "white cells below 3.0")
    | certain(moderate_neutropenia, "neutrophils below 1.0")
    | certain(moderate_thrombocytopenia, "platelets below 100")
    | certain(adjusted_hemoglobin < limit.hemoglobin_mild, "a hemoglobin below 100")
)
unexplained_cytopenias = finding(
    "unexplained_cytopenias",
    when=low_cells_unexplained & _more_than_mild,
    says="At least two cell lines are low, and B12 and folate are adequate: marrow disease is possible. Blood film and "
    "hematology. B12 does not explain it.",
    label="low cells that B12 and folate do not explain",
    sources=("hematology-texts", "b12labs-design"),
    printed="first",
)
mild_cytopenias = finding(
    "mild_cytopenias",
    when=low_cells_unexplained & ~_more_than_mild & ~film_today,
    says="At least two cell lines are slightly low, and B12 and folate are adequate: repeat the count with a blood "
    "film.",
    label="slightly low cells that B12 and folate do not explain",
    sources=("b12labs-design",),
    printed="first",
)
film_of_low_cells = finding(
    "film_of_low_cells",
    when=certain(two_low_lines) & ~film_today & ~low_cells_unexplained,
    says="At least two cell lines are low: a blood film shows which causes to consider.",
    label="low cells that need a blood film",
    sources=("hematology-texts", "b12labs-design"),
    printed="also",
)
marrow_disease_possible = finding(
    "marrow_disease_possible",
    when=film_today | unexplained_cytopenias,
    says="Marrow disease is possible.",
    label="possible marrow disease",
    sources=("hematology-texts", "b12labs-design"),
)
