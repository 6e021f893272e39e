"""The files of reference_ranges/ as types."""

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
    """The values, in the analyte's canonical unit, outside which the stated unit is doubted."""

    low: Annotated[float, Within(ge=0, strict=True)]
    high: Number
    source: str
    checked: Checked


class Confirmation(Frozen):
    """Another result that settles a doubt: the value is `least` to `most` times as much, in canonical units."""

    analyte: str
    least: NotNegative
    most: NotNegative


class Doubt(Frozen):
    """The numbers that would be ordinary in a neighboring unit, `reads`, and are read as both.

    In `units` and those of their sizes; the ends are in the first of them, `times` makes of the one reading the other.
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
    """The molar mass in g/mol by which laboratories turn mass into amount of substance, and of what it is the mass."""

    value: Annotated[float, Within(gt=0, strict=True)]
    unit: Literal["g/mol"]
    of: str
    source: str
    checked: Checked


class InChildren(Frozen):
    """What a limit is under the guideline's age: the lower or the higher of the adults' and another, a centile."""

    beside: str
    takes: Literal["lower", "higher"]


class LimitName(Frozen):
    """A limit that a guideline may give.

    What it means, and the end of the laboratory's own interval it corresponds to. `otherwise` is the limit that stands
    for it in guidelines that do not make the difference.
    """

    means: str
    laboratory: LaboratoryEnd
    in_children: InChildren | None = None
    otherwise: str | None = None


class Analyte(Frozen):
    """One measured quantity: names, codes, canonical unit, plausible values, the limits it may have.

    `qualitative` says that a laboratory may report it as positive or negative; `words`, whether its "normal" or "high"
    always counts. `siblings` are the same test in kinds of unit that are not converted into those of this analyte.
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
        """The name where the label abbreviates it (`MMA`, `HoloTC`); else nothing."""
        return self.name if any(first.isupper() and second.isupper() for first, second in pairwise(self.label)) else ""


class Unit(Frozen):
    """One unit of the closed list.

    Its UCUM spelling, how pint writes it, its size in SI base units, and what laboratories print for it.
    """

    ucum: str
    kind: str
    pint: str
    si: Annotated[float, Within(gt=0, strict=True)]
    spellings: tuple[str, ...]
    per_mass_of_creatinine: bool = False


class RefusedSpelling(Frozen):
    """A spelling that looks like a unit of this kind and is another: refused, with the reason."""

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
    """The context vocabulary: terms by key, what each group means, and what an unread word of a field may have been."""

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
    """A limit as printed, in the unit in which it was printed; `low` and `high` where only an interval is known."""

    value: NotNegative | None = None
    low: NotNegative | None = None
    high: NotNegative | None = None
    unit: str

    def _checked(self) -> LimitValue:
        if (self.value is None) == (self.low is None or self.high is None):
            raise ValueError("give either value, or both low and high")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low is to be no more than high")
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
    """One limit for the patients it applies to; age in years, from the first up to but not including the second."""

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
    """Whom a guideline is written for; its limits apply to nobody else."""

    min_age: Annotated[float, Within(ge=0, strict=True)]
    pregnancy: tuple[Pregnancy, ...] | None = None


class Guideline(Frozen):
    """One file of `guidelines/`: its limits, whose interval decides, and the profiles asked for the limits it lacks.

    `leaves_out` says in words what it does not cover.
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
    """What the patient's report says, by status, urgency and finding."""

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
