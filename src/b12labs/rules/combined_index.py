"""The combined index 4cB12, and its bounds if a marker is missing.

    4cB12 = log10(holoTC x B12 / (MMA x homocysteine)) - 3.79 / (1 + (age / 230)^2.6)

If a marker is missing, the index is the interval over that marker's plausible range. A class is given only if the whole
interval lies in it. The published equations for two and three markers are not used. The index is for adults of 20 years
and over who are not pregnant.
"""

from b12labs.logic.language import (
    Case,
    Coefficient,
    Inferred,
    Measured,
    Otherwise,
    Quantity,
    Verdict,
    between,
    choose,
    finding,
    log10,
    measured,
    quantity,
    reported,
)

PMOL_PER_PG = Coefficient("unit.b12.pmol/L")


def _or_plausible(marker: Measured) -> Quantity:
    plausible = between(Coefficient(f"plausible.{marker.key}.low"), Coefficient(f"plausible.{marker.key}.high"))
    return Inferred(marker, plausible, ask=marker.key)


_b12, _holotc = _or_plausible(measured.b12) * PMOL_PER_PG, _or_plausible(measured.holotc)
_mma, _homocysteine = _or_plausible(measured.mma), _or_plausible(measured.homocysteine)
_age_factor = Coefficient("cb12.scale") / (
    quantity(1) + (measured.age / Coefficient("cb12.years")) ** Coefficient("cb12.power")
)
combined_index = log10(_holotc * _b12 / (_mma * _homocysteine)) - _age_factor

combined_index_valid = finding(
    "combined_index_valid",
    when=(measured.age >= Coefficient("cb12.min_age")) & ~reported("pregnant"),
    says="The combined index is valid for adults of 20 years and over who are not pregnant.",
    sources=("fedosov-2010",),
)
_index = choose(combined_index_valid, combined_index, between(quantity(-100), quantity(100)))

combined_index_class = Verdict(
    "combined_index_class",
    (
        Case(
            "probable_deficiency",
            _index < Coefficient("cb12_bands.possible"),
            "The combined index makes deficiency probable.",
        ),
        Case(
            "possible_deficiency",
            _index < Coefficient("cb12_bands.low"),
            "The combined index makes deficiency possible.",
        ),
        Case("low", _index < Coefficient("cb12_bands.adequate"), "The combined index is low."),
        Case("adequate", _index <= Coefficient("cb12_bands.elevated"), "The combined index is adequate."),
    ),
    Otherwise("elevated", "The combined index is elevated."),
    sources=("fedosov-2010",),
)

#: The limitations of the index, printed with it.
CAVEATS = (
    "Reduced kidney function lowers it; no correction is published.",
    "Low folate raises homocysteine, and so lowers it.",
    "One false marker (antibody interference, an injection, haptocorrin deficiency, nitrous oxide) shifts the whole "
    "index.",
    "Its formula and age factor are unconfirmed; the classes are those of one laboratory.",
)
