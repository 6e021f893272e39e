"""Reads `reference_ranges/` into validated, typed objects: analytes, units, context terms, guidelines, sources.

The files are what clinicians own; nothing here holds a number. Each is read once, at first use. A malformed file raises
`ReferenceDataError` with the file, the key and what was expected.
"""

from __future__ import annotations

import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from b12labs.errors import GuidelineError, ReferenceDataError, nearest

Number = Annotated[float, Field(strict=True)]
NotNegative = Annotated[float, Field(ge=0, strict=True)]
Checked = Literal["source", "secondary", "derived", "unconfirmed", "design"]
Sex = Literal["female", "male"]
Pregnancy = Literal["none", "first", "second", "third"]
LaboratoryEnd = Literal["low", "high", "beyond_low", "beyond_high", "none"]

T = TypeVar("T")

CONTEXT_FIELDS = ("symptoms", "risk_factors", "medicines", "diagnoses")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Plausible(_Strict):
    """The values, in the analyte's canonical unit, outside which the stated unit is doubted."""

    low: Annotated[float, Field(ge=0, strict=True)]
    high: Number
    source: str
    checked: Checked


class MolarMass(_Strict):
    """The molar mass in g/mol by which laboratories turn mass into amount of substance, and of what it is the mass."""

    value: Annotated[float, Field(gt=0, strict=True)]
    unit: Literal["g/mol"]
    of: str
    source: str
    checked: Checked


class LimitName(_Strict):
    """A limit that a guideline may give: what it means, and the end of the laboratory's own interval it corresponds to."""

    means: str
    laboratory: LaboratoryEnd


class Analyte(_Strict):
    """One measured quantity: names, codes, canonical unit, plausible values, the limits it may have.

    `qualitative` says that a laboratory may report it as positive or negative.
    """

    key: str
    name: str
    label: str
    synonyms: tuple[str, ...]
    loinc: tuple[str, ...]
    unit: str
    kinds: tuple[str, ...]
    usual: tuple[str, ...] = ()
    molar_mass: MolarMass | None = None
    plausible: Plausible
    qualitative: bool = False
    limits: dict[str, LimitName] = {}

    @property
    def spelled_out(self) -> str:
        """The name where the label abbreviates it (`MMA`, `HoloTC`); else nothing."""
        return self.name if any(first.isupper() and second.isupper() for first, second in pairwise(self.label)) else ""


class Unit(_Strict):
    """One unit of the closed list: its UCUM spelling, how pint writes it, its size in SI base units, and what laboratories print for it."""

    ucum: str
    kind: str
    pint: str
    si: Annotated[float, Field(gt=0, strict=True)]
    spellings: tuple[str, ...]
    per_mass_of_creatinine: bool = False


class RefusedSpelling(_Strict):
    """A spelling that looks like a unit of this kind and is another: refused, with the reason."""

    spelling: str
    kinds: tuple[str, ...]
    why: str


class Units(_Strict):
    """The closed list of unit spellings."""

    units: tuple[Unit, ...]
    refused: tuple[RefusedSpelling, ...]


class Term(_Strict):
    """One context term: a symptom, risk factor, medicine or diagnosis, its synonyms and the groups the rules ask for."""

    key: str
    field: str
    label: str
    synonyms: tuple[str, ...]
    groups: tuple[str, ...]
    codes: tuple[Annotated[str, Field(pattern=r"^(SNOMED CT|ICD-10|ATC|RxNorm) \S+$")], ...] = ()


class Context(_Strict):
    """The context vocabulary: terms by key, and what each group means."""

    terms: dict[str, Term]
    groups: dict[str, str]


class Source(_Strict):
    """One entry of the bibliography."""

    key: str
    short: str
    title: str
    authors: str | None = None
    publisher: str | None = None
    year: int | None = None
    url: str | None = None
    doi: str | None = None


class LimitValue(_Strict):
    """A limit as printed, in the unit in which it was printed; `low` and `high` where only an interval is known."""

    value: NotNegative | None = None
    low: NotNegative | None = None
    high: NotNegative | None = None
    unit: str

    @model_validator(mode="after")
    def _one_form(self) -> LimitValue:
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


class LimitRow(_Strict):
    """One limit for the patients it applies to; age in years, from the first up to but not including the second."""

    values: Annotated[tuple[LimitValue, ...], Field(min_length=1)]
    age: tuple[Number, Number] = (0.0, float("inf"))
    sex: Sex | None = None
    pregnancy: tuple[Pregnancy, ...] | None = None
    source: str
    checked: Checked
    note: str | None = None


class Formula(_Strict):
    """The coefficients of one published formula."""

    title: str
    source: str
    checked: Checked
    coefficients: dict[str, Number]


class Population(_Strict):
    """Whom a guideline is written for; its limits apply to nobody else."""

    min_age: Annotated[float, Field(ge=0, strict=True)]
    pregnancy: tuple[Pregnancy, ...] | None = None


class Guideline(_Strict):
    """One file of `guidelines/`: its limits, whose interval decides, and the profiles asked for the limits it lacks."""

    key: str
    title: str
    source: str
    checked: Checked
    population: Population
    laboratory_decides: tuple[str, ...]
    uses: tuple[str, ...]
    second_tests: tuple[str, ...]
    formulary: Literal["uk", "us"] = "uk"
    limits: dict[str, tuple[LimitRow, ...]] = {}


def directory() -> Path:
    """Return the folder of the reference data: inside the installed package, or at the top of a source checkout."""
    here = Path(__file__).resolve()
    for candidate in (here.parent / "reference_ranges", here.parents[2] / "reference_ranges"):
        if candidate.is_dir():
            return candidate
    raise ReferenceDataError("reference_ranges", "folder", "expected beside the package or at the top of the checkout, and is in neither")


def read_toml(path: Path) -> dict[str, Any]:
    """Read one TOML file; raises `ReferenceDataError` that names the file where it is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReferenceDataError(path.name, "file", "expected, and is not there") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReferenceDataError(path.name, "file", f"expected TOML in UTF-8; {error}") from None


def validated(adapter: TypeAdapter[T], content: object, file: str) -> T:
    """Validate one file's content; the first fault is reported by its key."""
    try:
        return adapter.validate_python(content)
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(str(part) for part in fault["loc"]) or "file"
        raise ReferenceDataError(file, key, f"{fault['msg']}, and {fault['input']!r} was given") from None


@cache
def analytes() -> dict[str, Analyte]:
    """Return every analyte by its key."""
    raw = read_toml(directory() / "analytes.toml")
    content = {key: {"key": key, **_table(value, "analytes.toml", key)} for key, value in raw.items()}
    return validated(TypeAdapter(dict[str, Analyte]), content, "analytes.toml")


def _table(value: object, file: str, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ReferenceDataError(file, key, f"a table was expected, and {value!r} was given")
    return value


@cache
def units() -> Units:
    """Return the closed list of unit spellings."""
    raw = read_toml(directory() / "units.toml")
    refused = raw.pop("refused", [])
    listed = [
        {"kind": kind, "ucum": ucum, **_table(entry, "units.toml", f"{kind}.{ucum}")}
        for kind, entries in raw.items()
        for ucum, entry in _table(entries, "units.toml", kind).items()
    ]
    return validated(TypeAdapter(Units), {"units": listed, "refused": refused}, "units.toml")


@cache
def context() -> Context:
    """Return the context vocabulary."""
    raw = read_toml(directory() / "context.toml")
    groups = raw.pop("groups", {})
    terms = {
        key: {"key": key, "field": field, **_table(entry, "context.toml", f"{field}.{key}")}
        for field in raw
        for key, entry in _table(raw[field], "context.toml", field).items()
    }
    read = validated(TypeAdapter(Context), {"terms": terms, "groups": groups}, "context.toml")
    for term in read.terms.values():
        if term.field not in CONTEXT_FIELDS:
            raise ReferenceDataError("context.toml", term.field, f"one of {', '.join(CONTEXT_FIELDS)} was expected")
        for group in term.groups:
            if group not in read.groups:
                raise ReferenceDataError("context.toml", f"{term.key}.groups", f"{group!r} is not under [groups]")
    return read


@cache
def sources() -> dict[str, Source]:
    """Return the bibliography by key."""
    raw = read_toml(directory() / "sources.toml")
    content = {key: {"key": key, **_table(value, "sources.toml", key)} for key, value in raw.items()}
    return validated(TypeAdapter(dict[str, Source]), content, "sources.toml")


@cache
def formulas() -> dict[str, Formula]:
    """Return the formulas by name."""
    return validated(TypeAdapter(dict[str, Formula]), read_toml(directory() / "formulas.toml"), "formulas.toml")


@cache
def coefficient(name: str) -> float:
    """Return a coefficient by `formula.name`, or an analyte's plausible limit by `plausible.ANALYTE.low` or `.high`."""
    formula, _, key = name.partition(".")
    if formula == "plausible":
        analyte, _, end = key.partition(".")
        return float(getattr(analytes()[analyte].plausible, end))
    return formulas()[formula].coefficients[key]


class Regimen(_Strict):
    """One regimen of a formulary, as its source prints it."""

    formulary: Literal["uk", "us"]
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


class PlainWords(_Strict):
    """What the patient's report says, by status, urgency and finding."""

    status: dict[str, str]
    urgency: dict[str, str]
    findings: dict[str, str]


class _Regimens(_Strict):
    regimens: tuple[Regimen, ...]


@cache
def plain_words() -> PlainWords:
    """Return the sentences of the patient's report."""
    return validated(TypeAdapter(PlainWords), read_toml(directory() / "plain.toml"), "plain.toml")


@cache
def regimens() -> tuple[Regimen, ...]:
    """Return the regimens of all formularies, the more particular first."""
    return validated(TypeAdapter(_Regimens), read_toml(directory() / "treatment.toml"), "treatment.toml").regimens


@cache
def profile_keys() -> tuple[str, ...]:
    """Return the keys of all files of `guidelines/`, `anemia/who-2024` for a file in a folder."""
    folder = directory() / "guidelines"
    return tuple(sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.toml")))


@cache
def guideline_keys() -> tuple[str, ...]:
    """Return the keys of the guidelines that can be chosen: those that say which profiles complete them."""
    return tuple(key for key in profile_keys() if load_profile(key).uses)


def guideline(key: str) -> Guideline:
    """Return a guideline by key; raises `GuidelineError` with the nearest match where none of that key can be chosen."""
    if key not in profile_keys() or not load_profile(key).uses:
        known = guideline_keys()
        near = nearest(key, known)
        hint = f" Did you mean {near!r}?" if near else ""
        raise GuidelineError(f"{key!r} is not a guideline.{hint} Known: {', '.join(known)}", code="unknown_guideline", field="guideline")
    return load_profile(key)


@cache
def load_profile(key: str) -> Guideline:
    """Return one file of `guidelines/`, whether it can be chosen or only completes others."""
    return read_guideline(directory() / "guidelines" / f"{key}.toml")


def read_guideline(path: Path) -> Guideline:
    """Read and validate one guideline file.

    A limit row inherits `source` and `checked` from the guideline, and its population's age and pregnancy as bounds.
    Raises `ReferenceDataError` for an unknown limit, analyte unit, source or profile.
    """
    file = path.name
    raw = read_toml(path)
    head = _table(raw.get("guideline"), file, "guideline")
    limits: dict[str, list[dict[str, Any]]] = {}
    for name, rows in _table(raw.get("limits", {}), file, "limits").items():
        if not isinstance(rows, list):
            raise ReferenceDataError(file, f"limits.{name}", f"rows were expected, written [[limits.{name}]]")
        limits[name] = [{"source": head.get("source"), "checked": head.get("checked"), **_table(row, file, f"limits.{name}")} for row in rows]
    unknown = set(raw) - {"guideline", "limits"}
    if unknown:
        raise ReferenceDataError(file, sorted(unknown)[0], "only [guideline] and [[limits.NAME]] are expected")
    read = validated(TypeAdapter(Guideline), {**head, "limits": limits}, file)
    _check_guideline(read, file)
    return read


def _check_guideline(read: Guideline, file: str) -> None:
    names = limit_names()
    for name in (*read.limits, *read.laboratory_decides):
        if name not in names:
            near = nearest(name, names)
            raise ReferenceDataError(
                file, f"limits.{name}", "the name of a limit of analytes.toml was expected" + (f"; did you mean {near!r}?" if near else "")
            )
    cited = [read.source, *(row.source for rows in read.limits.values() for row in rows)]
    for key in cited:
        if key not in sources():
            raise ReferenceDataError(file, "source", f"a key of sources.toml was expected, and {key!r} was given")
    for other in read.uses:
        if other not in profile_keys():
            raise ReferenceDataError(file, "uses", f"the key of a guideline was expected, and {other!r} was given")
    for name, rows in read.limits.items():
        kinds = analytes()[names[name]].kinds
        listed = {unit.ucum for unit in units().units if unit.kind in kinds}
        for value in (value for row in rows for value in row.values):
            if value.unit not in listed:
                raise ReferenceDataError(
                    file, f"limits.{name}.unit", f"one of {', '.join(sorted(listed))} was expected, and {value.unit!r} was given"
                )


@cache
def limit_names() -> dict[str, str]:
    """Return the analyte's key for every limit name."""
    return {name: analyte.key for analyte in analytes().values() for name in analyte.limits}
