"""The code of a user without b12labs: pint converts every result, pydantic checks the row."""

from __future__ import annotations

from typing import Any, Literal

import pint
from pydantic import BaseModel, Field

registry: Any = pint.UnitRegistry()

#: The units that pint misreads or does not read, in its own spelling.
PINT = {"10*9/L": "1/nL", "10*12/L": "1/pL", "%": "percent"}
#: The unit of each field of `Row`, and the molar mass in g/mol if mass is converted into amount of substance.
WANTED: dict[str, tuple[str, float | None]] = {
    "b12": ("pmol/L", 1355.37),
    "holotc": ("pmol/L", None),
    "mma": ("umol/L", 118.09),
    "homocysteine": ("umol/L", 135.18),
    "folate": ("nmol/L", 441.4),
    "hemoglobin": ("g/L", None),
    "hematocrit": ("percent", None),
    "rbc": ("1/pL", None),
    "mcv": ("fL", None),
    "rdw": ("percent", None),
    "wbc": ("1/nL", None),
    "neutrophils": ("1/nL", None),
    "platelets": ("1/nL", None),
    "ferritin": ("ug/L", None),
    "creatinine": ("umol/L", 113.12),
    "ldh": ("U/L", None),
}


class Row(BaseModel):
    """One row with its results in the units of `WANTED`."""

    age: int = Field(ge=0, le=130)
    sex: Literal["F", "M"]
    b12: float | None = Field(default=None, ge=0)
    holotc: float | None = Field(default=None, ge=0)
    mma: float | None = Field(default=None, ge=0)
    homocysteine: float | None = Field(default=None, ge=0)
    folate: float | None = Field(default=None, ge=0)
    hemoglobin: float | None = Field(default=None, ge=0)
    hematocrit: float | None = Field(default=None, ge=0)
    rbc: float | None = Field(default=None, ge=0)
    mcv: float | None = Field(default=None, ge=0)
    rdw: float | None = Field(default=None, ge=0)
    wbc: float | None = Field(default=None, ge=0)
    neutrophils: float | None = Field(default=None, ge=0)
    platelets: float | None = Field(default=None, ge=0)
    ferritin: float | None = Field(default=None, ge=0)
    creatinine: float | None = Field(default=None, ge=0)
    ldh: float | None = Field(default=None, ge=0)
    censored: list[str] = []
    metformin: bool
    proton_pump_inhibitor: bool
    nitrous_oxide: bool
    vegan_diet: bool
    bariatric_surgery: bool
    autoimmune_gastritis: bool
    paresthesia: bool
    fatigue: bool


def read_row(row: Any) -> Row:
    """Read a row of texts such as `312 pg/mL` and `<150 pg/mL`, from a dictionary or a pandas Series.

    A missing cell is None or NaN.
    """
    values = {name: row[name] for name in Row.model_fields if name not in WANTED and name != "censored"}
    censored = []
    for name, (unit, molar_mass) in WANTED.items():
        cell = row[name]
        if not isinstance(cell, str):
            continue
        if cell.startswith("<"):
            censored.append(name)
        number, _, given = cell.lstrip("<").partition(" ")
        quantity = registry.Quantity(f"{number} {PINT.get(given, given)}")
        if molar_mass is None:
            values[name] = quantity.to(unit).magnitude
        else:
            values[name] = quantity.to(unit, "chemistry", mw=registry.Quantity(molar_mass, "g/mol")).magnitude
    return Row(censored=censored, **values)
