"""The types of the files of reference_ranges/."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, TypeVar

from b12labs.logic.scalars import ANYTHING
from b12labs.record import Within, each
from b12labs.reference.frozen import Frozen
from b12labs.text import interval

Number = Annotated[float, Within(strict=True)]

NotNegative = Annotated[float, Within(ge=0, strict=True)]

Checked = Literal["source", "secondary", "derived", "unconfirmed", "design"]

Sex = Literal["female", "male"]

Pregnancy = Literal["none", "first", "second", "third"]


Formulary = Literal["uk", "us"]


LaboratoryEnd = Literal["low", "high", "beyond_low", "beyond_high", "above_low", "none"]

T = TypeVar("T")

CONTEXT_FIELDS = ("symptoms", "risk_factors", "medicines", "diagnoses")


class Plausible(Frozen):
    """The range of values, in the analyte's canonical unit, outside which the stated unit is doubted."""

    low: Annotated[float, Within(ge=0, strict=True)]
    high: Number
    source: str
    checked: Checked


class Confirmation(Frozen):
    """Another result that settles a doubt: the value must be `least` to `most` times it, in canonical units."""

    analyte: str
    least: NotNegative
    most: NotNegative


class Doubt(Frozen):
    """The numbers that would be ordinary in a neighboring unit (`reads`), so that they are read in both units.

    They are in one of `units`, or in a unit of the same size. The ends are in the first of `units`; `times` converts
    one reading into the other.
    """

    units: tuple[str, ...]
    above: Number = -1.0
    at_least: Number = 0.0
    below: Number = float("inf")
    at_most: Number = float("inf")
    times: NotNegative
    reads: str = ""
    confirmed_by: Confirmation | None = None
    source: str
    checked: Checked


class MolarMass(Frozen):
    """The molar mass in g/mol by which laboratories convert mass into amount of substance; `of` is the substance."""

    value: Annotated[float, Within(gt=0, strict=True)]
    unit: Literal["g/mol"]
    of: str
    source: str
    checked: Checked


class InChildren(Frozen):
    """A limit below the guideline's age: the lower or the higher of the adult limit and a centile (`beside`)."""

    beside: str
    takes: Literal["lower", "higher"]


class LimitName(Frozen):
    """A limit that a guideline may give: its meaning, and the end of the laboratory's own interval that it matches.

    `otherwise` is the limit used in its place by guidelines that do not distinguish the two.
    """

    means: str
    laboratory: LaboratoryEnd
    in_children: InChildren | None = None
    otherwise: str | None = None


class Analyte(Frozen):
    """One measured quantity: its names, codes, canonical unit, plausible values and limits.

    `qualitative` allows a laboratory to report it as positive or negative. `words` states whether the laboratory's
    "normal" or "high" is always used. `siblings` are the same test in kinds of unit that cannot be converted.
    """

    key: str
    name: str
    label: str
    synonyms: tuple[str, ...]
    loinc: tuple[str, ...]
    unit: str
    kinds: tuple[str, ...]
    usual: tuple[str, ...] = ()
    siblings: tuple[str, ...] = ()
    molar_mass: MolarMass | None = None
    plausible: Plausible
    doubt: Doubt | None = None
    qualitative: bool = False
    words: Literal["always", "where it decides"] = "always"
    limits: dict[str, LimitName] = each(default_factory=dict)

    @property
    def spelled_out(self) -> str:
        """The name if the label abbreviates it (`MMA`, `HoloTC`), else blank."""
        return self.name if any(first.isupper() and second.isupper() for first, second in pairwise(self.label)) else ""


class Unit(Frozen):
    """One unit: its UCUM spelling, its name in pint, its size in SI base units, and the spellings of laboratories."""

    ucum: str
    kind: str
    pint: str
    si: Annotated[float, Within(gt=0, strict=True)]
    spellings: tuple[str, ...]
    per_mass_of_creatinine: bool = False


class RefusedSpelling(Frozen):
    """A spelling that looks like a unit of this kind but is another: refused, with the reason."""

    spelling: str
    kinds: tuple[str, ...]
    why: str


class Units(Frozen):
    """The closed list of unit spellings."""

    units: tuple[Unit, ...]
    refused: tuple[RefusedSpelling, ...]


class Term(Frozen):
    """One context term (symptom, risk factor, medicine or diagnosis), its synonyms and its groups."""

    key: str
    field: str
    label: str
    synonyms: tuple[str, ...]
    groups: tuple[str, ...]
    codes: tuple[Annotated[str, Within(pattern=r"^(SNOMED CT|ICD-10|ATC|RxNorm) \S+$")], ...] = ()


class Context(Frozen):
    """The context vocabulary: terms by key, meanings of groups, and the terms that an unread word of a field may be."""

    terms: dict[str, Term]
    groups: dict[str, str]
    unread: dict[str, tuple[str, ...]]


class Source(Frozen):
    """One entry of the bibliography."""

    key: str
    short: str
    title: str
    authors: str | None = None
    publisher: str | None = None
    year: int | None = None
    url: str | None = None
    doi: str | None = None


class LimitValue(Frozen):
    """A limit as printed, in its printed unit; `low` and `high` if only an interval is known."""

    value: NotNegative | None = None
    low: NotNegative | None = None
    high: NotNegative | None = None
    unit: str

    def _checked(self) -> LimitValue:
        if (self.value is None) == (self.low is None or self.high is None):
            raise ValueError("expected either value, or both low and high")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("expected low to be no more than high")
        return self

    @property
    def interval(self) -> tuple[float, float]:
        """The lowest and the highest value that the limit can have."""
        if self.value is not None:
            return self.value, self.value
        assert self.low is not None
        assert self.high is not None
        return self.low, self.high

    @property
    def text(self) -> str:
        """The limit in words, with its unit."""
        return f"{interval(*self.interval)} {self.unit}"


class LimitRow(Frozen):
    """One limit for the patients it applies to; age in years, from the first up to, but not including, the second."""

    values: Annotated[tuple[LimitValue, ...], Within(min_length=1)]
    age: tuple[NotNegative, NotNegative] = ANYTHING
    sex: Sex | None = None
    pregnancy: tuple[Pregnancy, ...] | None = None
    source: str
    checked: Checked
    note: str | None = None


class Formula(Frozen):
    """The coefficients of one published formula."""

    title: str
    source: str
    checked: Checked
    coefficients: dict[str, Number]


class Population(Frozen):
    """The patients for whom a guideline is written; its limits apply to no other patients."""

    min_age: Annotated[float, Within(ge=0, strict=True)]
    pregnancy: tuple[Pregnancy, ...] | None = None


class Guideline(Frozen):
    """One file of `guidelines/`: its limits, and the profiles (`uses`) that complete them, in order.

    For the limits of `laboratory_decides` the laboratory's own interval decides. `leaves_out` names in words the
    results and patients that it does not cover.
    """

    key: str
    title: str
    source: str
    checked: Checked
    population: Population
    laboratory_decides: tuple[str, ...]
    uses: tuple[str, ...]
    second_tests: tuple[str, ...]
    formulary: Formulary = "uk"
    leaves_out: str = ""
    limits: dict[str, tuple[LimitRow, ...]] = each(default_factory=dict)


class Regimen(Frozen):
    """One regimen of a formulary, as its source prints it."""

    formulary: Formulary
    route: Literal["intramuscular", "oral"]
    drug: str
    loading: str
    maintenance: str
    review: str
    review_days: int
    review_source: str | None = None
    source: str
    checked: Checked
    neurological: bool | None = None
    cause: str | None = None
    maintenance_source: str | None = None
    maintenance_checked: Checked | None = None


class PlainWords(Frozen):
    """The sentences of the patient's report, by status, urgency and finding."""

    status: dict[str, str]
    urgency: dict[str, str]
    findings: dict[str, str]


class FolicAcid(Frozen):
    """A formulary's dose of folic acid for folate deficiency in adults."""

    formulary: Formulary
    dose: str
    source: str
    checked: Checked


class Treatment(Frozen):
    """The regimens and doses of every formulary."""

    regimens: tuple[Regimen, ...]
    folic_acid: tuple[FolicAcid, ...]
