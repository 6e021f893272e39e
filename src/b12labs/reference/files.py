"""Readers of the files of `reference_ranges/`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

from b12labs.errors import GuidelineError, ReferenceDataError, did_you_mean
from b12labs.reference.loaded import directory, file_names, text_of
from b12labs.reference.models import (
    CONTEXT_FIELDS,
    Analyte,
    Context,
    FolicAcid,
    Formula,
    Guideline,
    LimitRow,
    PlainWords,
    Regimen,
    Source,
    T,
    Treatment,
    Units,
)
from b12labs.reference.ready import as_ready, name_of, ready

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def read_toml(path: Traversable) -> dict[str, Any]:
    """Read one TOML file; raises `ReferenceDataError`, which names the file, if it is not TOML."""
    return ready(name_of(path), lambda: _read_toml(path))


def _read_toml(path: Traversable) -> dict[str, Any]:
    import tomllib  # needed only if the file itself is read, not its ready content

    try:
        return tomllib.loads(text_of(path))
    except FileNotFoundError:
        raise ReferenceDataError(path.name, "file", "there is no such file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReferenceDataError(path.name, "file", f"expected TOML in UTF-8; {error}") from None


def read_csv(path: Traversable) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file by the names of its header."""
    header, *rows = ready(name_of(path), lambda: csv_rows(path))
    yield from (dict(zip(header, row, strict=True)) for row in rows)


def csv_rows(path: Traversable) -> list[list[str]]:
    """Return the rows of a CSV file, the header first."""
    import csv  # needed only if the file itself is read, not its ready content
    import io

    return [row for row in csv.reader(io.StringIO(text_of(path))) if row]


def validated(kind: type[T], content: object, file: str) -> T:
    """Validate one file's content; raises `ReferenceDataError` for the first fault, with its key."""
    from pydantic import TypeAdapter, ValidationError  # needed only if the file itself is read, not its ready content

    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(str(part) for part in fault["loc"]) or "file"
        raise ReferenceDataError(file, key, f"{fault['msg']}, got {fault['input']!r}") from None


@cache
@as_ready("analytes")
def analytes() -> dict[str, Analyte]:
    """Return every analyte by its key."""
    raw = read_toml(directory() / "analytes.toml")
    content = {key: {"key": key, **_table(value, "analytes.toml", key)} for key, value in raw.items()}
    read = validated(dict[str, Analyte], content, "analytes.toml")
    for analyte in read.values():
        for key in analyte.siblings:
            if key not in read or set(read[key].kinds) & set(analyte.kinds):
                raise ReferenceDataError(
                    "analytes.toml",
                    f"{analyte.key}.siblings",
                    f"expected an analyte of other kinds of unit, got {key!r}",
                )
    return read


def _table(value: object, file: str, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ReferenceDataError(file, key, f"expected a table, got {value!r}")
    return value


@cache
@as_ready("units")
def units() -> Units:
    """Return the units, with the closed list of their spellings."""
    raw = read_toml(directory() / "units.toml")
    refused = raw.pop("refused", [])
    listed = [
        {"kind": kind, "ucum": ucum, **_table(entry, "units.toml", f"{kind}.{ucum}")}
        for kind, entries in raw.items()
        for ucum, entry in _table(entries, "units.toml", kind).items()
    ]
    return validated(Units, {"units": listed, "refused": refused}, "units.toml")


@cache
@as_ready("context")
def context() -> Context:
    """Return the context vocabulary."""
    raw = read_toml(directory() / "context.toml")
    groups, unread = raw.pop("groups", {}), raw.pop("unread", {})
    terms = {
        key: {"key": key, "field": field, **_table(entry, "context.toml", f"{field}.{key}")}
        for field in raw
        for key, entry in _table(raw[field], "context.toml", field).items()
    }
    read = validated(Context, {"terms": terms, "groups": groups, "unread": unread}, "context.toml")
    for term in read.terms.values():
        if term.field not in CONTEXT_FIELDS:
            raise ReferenceDataError("context.toml", term.field, f"expected one of {', '.join(CONTEXT_FIELDS)}")
        for group in term.groups:
            if group not in read.groups:
                raise ReferenceDataError(
                    "context.toml", f"{term.key}.groups", f"expected keys of [groups]; got {group!r}"
                )
    for field, names in read.unread.items():
        for name in names:
            if name not in read.terms and name.removeprefix("group:") not in read.groups:
                raise ReferenceDataError("context.toml", f"unread.{field}", f"expected terms and groups, got {name!r}")
    return read


@cache
@as_ready("sources")
def sources() -> dict[str, Source]:
    """Return the bibliography by key."""
    raw = read_toml(directory() / "sources.toml")
    content = {key: {"key": key, **_table(value, "sources.toml", key)} for key, value in raw.items()}
    return validated(dict[str, Source], content, "sources.toml")


@cache
@as_ready("formulas")
def formulas() -> dict[str, Formula]:
    """Return the formulas by name."""
    return validated(dict[str, Formula], read_toml(directory() / "formulas.toml"), "formulas.toml")


@cache
def coefficient(name: str) -> float:
    """Return a coefficient by `formula.name`, or an analyte's plausible limit by `plausible.ANALYTE.low` or `.high`."""
    formula, _, key = name.partition(".")
    if formula == "plausible":
        analyte, _, end = key.partition(".")
        return float(getattr(analytes()[analyte].plausible, end))
    return formulas()[formula].coefficients[key]


@cache
@as_ready("plain_words")
def plain_words() -> PlainWords:
    """Return the sentences of the patient's report."""
    return validated(PlainWords, read_toml(directory() / "plain.toml"), "plain.toml")


@cache
@as_ready("treatment")
def treatment() -> Treatment:
    """Return the doses of every formulary."""
    return validated(Treatment, read_toml(directory() / "treatment.toml"), "treatment.toml")


def regimens() -> tuple[Regimen, ...]:
    """Return the regimens of all formularies, the more specific first."""
    return treatment().regimens


def folic_acid(formulary: str) -> FolicAcid:
    """Return a formulary's dose of folic acid."""
    return next(dose for dose in treatment().folic_acid if dose.formulary == formulary)


@cache
def profile_keys() -> tuple[str, ...]:
    """Return the keys of all files of `guidelines/`; the key of a file in a folder is like `anemia/who-2024`."""
    files = file_names(directory().joinpath("guidelines"))
    return tuple(sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml")))


@cache
def guideline_keys() -> tuple[str, ...]:
    """Return the keys of the guidelines that can be chosen: those whose `uses` name the profiles that complete them."""
    return tuple(key for key in profile_keys() if load_profile(key).uses)


def guideline(key: str) -> Guideline:
    """Return a guideline by key.

    Raises `GuidelineError`, with the nearest match, if no guideline of that key can be chosen.
    """
    if key not in profile_keys() or not load_profile(key).uses:
        known = guideline_keys()
        hint = did_you_mean(key, known) or "."
        raise GuidelineError(
            f"guideline: expected the key of a guideline, got {key!r}{hint} Known: {', '.join(known)}",
            code="unknown_guideline",
            field="guideline",
        )
    return load_profile(key)


@cache
def load_profile(key: str) -> Guideline:
    """Return one file of `guidelines/`, whether it can be chosen or only completes others.

    Raises `ReferenceDataError` if the key in the file differs from its name: a record would cite a guideline that
    cannot be chosen.
    """
    return ready(f"guidelines/{key}", lambda: _load_profile(key))


def _load_profile(key: str) -> Guideline:
    read = read_guideline(directory().joinpath("guidelines", *f"{key}.toml".split("/")))
    if read.key != key:
        raise ReferenceDataError(
            f"guidelines/{key}.toml", "guideline.key", f"expected the name of the file, {key!r}, got {read.key!r}"
        )
    return read


def read_guideline(path: Traversable) -> Guideline:
    """Read and validate one guideline file.

    A limit row inherits `source` and `checked` from the guideline, and its population's age and pregnancy as bounds.
    Raises `ReferenceDataError` for an unknown limit, unit, source or profile, and for rows that overlap.
    """
    file = path.name
    raw = read_toml(path)
    head = _table(raw.get("guideline"), file, "guideline")
    limits: dict[str, list[dict[str, Any]]] = {}
    for name, rows in _table(raw.get("limits", {}), file, "limits").items():
        if not isinstance(rows, list):
            raise ReferenceDataError(file, f"limits.{name}", f"expected rows, written [[limits.{name}]]")
        limits[name] = [
            {"source": head.get("source"), "checked": head.get("checked"), **_table(row, file, f"limits.{name}")}
            for row in rows
        ]
    unknown = set(raw) - {"guideline", "limits"}
    if unknown:
        raise ReferenceDataError(file, sorted(unknown)[0], "expected only [guideline] and [[limits.NAME]]")
    read = validated(Guideline, {**head, "limits": limits}, file)
    _check_guideline(read, file)
    return read


def _check_guideline(read: Guideline, file: str) -> None:
    names = limit_names()
    for name in (*read.limits, *read.laboratory_decides):
        if name not in names:
            raise ReferenceDataError(
                file,
                f"limits.{name}",
                f"expected the name of a limit of analytes.toml{did_you_mean(name, names)}",
            )
    cited = [read.source, *(row.source for rows in read.limits.values() for row in rows)]
    for key in cited:
        if key not in sources():
            raise ReferenceDataError(file, "source", f"expected a key of sources.toml, got {key!r}")
    for other in read.uses:
        if other not in profile_keys():
            raise ReferenceDataError(file, "uses", f"expected the key of a guideline, got {other!r}")
    for name, rows in read.limits.items():
        if any(_overlap(first, second) for first, second in combinations(rows, 2)):
            raise ReferenceDataError(
                file,
                f"limits.{name}",
                "expected one row per patient, got two that overlap in age, sex and pregnancy",
            )
        kinds = analytes()[names[name]].kinds
        listed = {unit.ucum for unit in units().units if unit.kind in kinds}
        for value in (value for row in rows for value in row.values):
            if value.unit not in listed:
                raise ReferenceDataError(
                    file,
                    f"limits.{name}.unit",
                    f"expected one of {', '.join(sorted(listed))}, got {value.unit!r}",
                )


def _overlap(first: LimitRow, second: LimitRow) -> bool:
    ages = first.age[0] < second.age[1] and second.age[0] < first.age[1]
    sexes = first.sex is None or second.sex is None or first.sex == second.sex
    states = first.pregnancy is None or second.pregnancy is None or bool(set(first.pregnancy) & set(second.pregnancy))
    return ages and sexes and states


@cache
def limit_names() -> dict[str, str]:
    """Return the analyte's key for every limit name."""
    return {name: analyte.key for analyte in analytes().values() for name in analyte.limits}
