"""Recognize the columns of a long table, one row per result: patient, time, test, value, unit and the rest.

Headers are those of laboratory exports, SDTM LB, OMOP MEASUREMENT and MIMIC. A table is long if it has a test column
and a value column, and no column that is itself an analyte.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from b12labs.errors import ColumnError, checked_several
from b12labs.inputs.fields import PATIENT_NAMES
from b12labs.inputs.tests import recognize_test
from b12labs.inputs.vocabulary import plain
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.header_names import find_field, split_header
from b12labs.site_mapping.headers import bare_operators, not_there
from b12labs.site_mapping.mapping import IGNORE, ROLES, Role, SiteMapping
from b12labs.text import StrPath, as_words

__all__ = ["LongColumns", "completed", "not_long", "recognize_long"]

_HEADERS: dict[Role, tuple[str, ...]] = {
    "patient": (
        "usubjid",
        "person id",
        "subject id",
        "patient id",
        "patient identifier",
        "patient number",
        "patient",
        "subject",
        "mrn",
        "patid",
        "pat id",
        "pat mrn id",
        "patientunitstayid",
    ),
    "time": (
        "lbdtc",
        "measurement datetime",
        "charttime",
        "chart time",
        "collected",
        "collected at",
        "collection time",
        "collection date",
        "collection datetime",
        "drawn",
        "drawn at",
        "draw time",
        "sample time",
        "datetime",
        "time",
        "date",
        "specimen date",
        "specimen time",
        "specimen datetime",
        "specimn taken time",
        "specimen taken time",
        "labresultoffset",
        "observation date",
        "observation datetime",
    ),
    "test": (
        "measurement concept id",
        "itemid",
        "loinc",
        "loinc code",
        "lbloinc",
        "lbtestcd",
        "test code",
        "measurement source value",
        "analyte",
        "analyte name",
        "test",
        "test name",
        "lbtest",
        "component",
        "label",
        "lab loinc",
        "raw lab name",
        "component name",
        "labname",
        "lab name",
        "code",
        "description",
    ),
    "value": (
        "lborres",
        "value source value",
        "value",
        "result",
        "result value",
        "test result",
        "ord value",
        "raw result",
        "labresulttext",
    ),
    "unit": (
        "lborresu",
        "unit source value",
        "valueuom",
        "unit",
        "units",
        "uom",
        "result unit",
        "value unit",
        "reference unit",
        "labmeasurenamesystem",
    ),
    "reference_low": (
        "lbornrlo",
        "range low",
        "reference low",
        "ref low",
        "ref range lower",
        "reference range low",
        "lower limit",
        "normal low",
        "norm range low",
    ),
    "reference_high": (
        "lbornrhi",
        "range high",
        "reference high",
        "ref high",
        "ref range upper",
        "reference range high",
        "upper limit",
        "normal high",
        "norm range high",
    ),
    "flag": (
        "lbnrind",
        "flag",
        "abnormal",
        "abnormal flag",
        "abn ind",
        "result flag",
    ),
    "status": (
        "lbstat",
        "status",
        "result status",
        "observation status",
        "lab status",
    ),
    "specimen": (
        "lbspec",
        "specimen",
        "specimen type",
        "sample type",
        "fluid",
        "specimen source",
    ),
    "operator": (
        "operator",
        "operator concept id",
        "comparator",
        "result modifier",
    ),
    "age": PATIENT_NAMES["age"],
    "age_unit": ("ageu", "age unit", "age units"),
    "sex": (*PATIENT_NAMES["sex"], "gender source value"),
}

#: Columns that are used if the preferred one is blank.
_FALLBACKS: dict[Role, tuple[str, ...]] = {
    "time": ("measurement date", "result date", "result time", "result datetime", "lab date", "lab time"),
    "value": ("value as number", "valuenum", "result num", "labresult"),
    "unit": ("labmeasurenameinterface",),
}
#: CDISC's results in standard units, and those of ADaM: they are used only if there is none as reported.
_STANDARD: dict[Role, tuple[str, ...]] = {
    "time": ("adtm", "adt"),
    "test": ("paramcd", "param"),
    "value": ("lbstresc", "avalc"),
    "unit": ("lbstresu",),
    "reference_low": ("lbstnrlo", "anrlo"),
    "reference_high": ("lbstnrhi", "anrhi"),
    "flag": ("anrind",),
}
_STANDARD_FALLBACKS: dict[Role, tuple[str, ...]] = {"value": ("lbstresn", "aval")}
#: Headers for a test that are common in other tables too: they are used only if there is no other.
_COMMON = ("code", "description")

_ALL = ("test",)


@dataclass(frozen=True)
class LongColumns:
    """The headers of every role in order of preference, the columns carried to the draw, and the unused ones.

    `carried` holds patient and context columns by field. `perhaps_operators` may hold comparators or other words, as a
    `qualifier` does: only the comparators are read.
    """

    roles: dict[Role, tuple[str, ...]]
    carried: dict[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    perhaps_operators: tuple[str, ...] = ()

    def names(self) -> list[str]:
        """Return the headers of the columns that are read, each once."""
        of_roles = [name for names in self.roles.values() for name in names]
        return list(dict.fromkeys([*of_roles, *self.carried.values(), *self.perhaps_operators]))


def recognize_long(headers: Iterable[str], mapping: SiteMapping | StrPath | None = None) -> LongColumns | None:
    """Return the columns of a long table, or None if the table is not long.

    Raises `ColumnError` if two columns could have one role, if the mapping names a missing column, or if there is no
    patient or no time.
    """
    expected = "the names of columns, such as list(table.columns)"
    headers = [str(header) for header in checked_several("headers", headers, expected)]
    mapping = as_mapping(mapping)
    given = {role: mapping.columns[role] for role in ROLES if role in mapping.columns}
    ignored = mapping.columns.get(IGNORE, ())
    headers = [header for header in headers if header not in ignored]
    named = {key: names for key, names in mapping.columns.items() if key not in (*ROLES, IGNORE)}
    found = {role: given.get(role, _named(headers, role)) for role in ROLES}
    if "time" not in given and "time_of_day" not in given:
        found["time"], found["time_of_day"] = _with_time_of_day(found["time"])
    precise = tuple(name for name in found["test"] if plain(name) not in _COMMON)
    found["test"] = found["test"] if "test" in given else precise or found["test"]
    local = mapping.analytes_by_name()
    analyte = any(
        recognize_test(split_header(header)[0]).analyte is not None or header.strip().casefold() in local
        for header in headers
    )
    analyte = analyte or any(recognize_test(key).analyte is not None for key in named)
    if not found["test"] or not found["value"] or (analyte and "test" not in given):
        return None
    for key, names in (*found.items(), *named.items()):
        for name in names:
            _check_there(key, name, headers)
    for role, names in found.items():
        if role not in given:
            _check_one(role, names)
    for role in ("patient", "time"):
        if not found[role] and role not in given:
            raise ColumnError(
                f"{role}: expected a column of a long table, such as {', '.join(_HEADERS[role][:6])}, got "
                f"{', '.join(map(repr, headers[:20]))}. Name it: --column 'your name={role}', "
                f"or [columns] {role} = 'your name' in a mapping",
                code="no_columns",
                field=role,
            )
        if not found[role]:
            raise ColumnError(
                f"columns.{role}: expected a column, got none. A long table needs it", code="no_columns", field=role
            )
    taken = {name for names in found.values() for name in names}
    return _carry(
        found,
        [header for header in headers if header not in taken],
        {name: key for key, names in named.items() for name in names},
    )


def completed(mapping: SiteMapping, columns: Mapping[str, str] | None) -> SiteMapping:
    """Return the mapping, completed with the role or field of some headers of a long table."""
    keys = {header: key if key in ROLES else find_field(key) or key for header, key in (columns or {}).items()}
    told: dict[str, tuple[str, ...]] = {key: (header,) for header, key in keys.items()}
    if IGNORE in told:
        ignored = (header for header, key in keys.items() if key == IGNORE)
        told[IGNORE] = (*mapping.columns.get(IGNORE, ()), *ignored)
    return replace(mapping, columns={**mapping.columns, **told})


def _with_time_of_day(times: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Separate columns of days from columns of the time of day, such as `RESULT_DATE` and `RESULT_TIME`."""
    days = [plain(name).removesuffix("date") for name in times if plain(name).endswith("date")]
    clocks = {plain(name).removesuffix("time"): name for name in times if plain(name).endswith("time")}
    paired = {stem: clocks[stem] for stem in days if stem in clocks}
    rest = tuple(name for name in times if name not in paired.values())
    first = plain(rest[0]).removesuffix("date") if rest else ""
    return rest, (paired[first],) if first in paired else ()


def not_long(headers: list[str]) -> ColumnError:
    """Return the error for a table without a recognized column of tests or of values."""
    found = {role: _named([str(header) for header in headers], role) for role in ("test", "value")}
    said = [f"{role}: {', '.join(map(repr, names)) or 'no column'}" for role, names in found.items()]
    missing = next((role for role, names in found.items() if not names), "test")
    return ColumnError(
        f"the table is not long: expected a column of tests and one of values, and no column of an analyte, got "
        f"{'; '.join(said)}. Name them: columns={{'your name': {missing!r}}}, or --column 'your name={missing}'. "
        "interpret_frame reads a table with one column per analyte",
        code="not_long",
        field=missing,
    )


def _check_there(key: str, name: str, headers: list[str]) -> None:
    if name not in headers:
        raise ColumnError(f"columns.{key}: {not_there(name, headers)}", code="unknown_column", field=name)
    if headers.count(name) > 1:
        raise ColumnError(f"column {name!r} appears more than once", code="two_columns", field=name)


def _named(headers: list[str], role: Role) -> tuple[str, ...]:
    """Return the columns of a role, in order of preference."""
    told = {plain(header) for header in headers}
    names = (*_HEADERS.get(role, ()), *_FALLBACKS.get(role, ()))
    if not told & {*names, "lborres"}:  # a result as reported has its own unit, interval and flag
        names = (*_STANDARD.get(role, ()), *_STANDARD_FALLBACKS.get(role, ()))
    return tuple(
        sorted((header for header in headers if plain(header) in names), key=lambda header: names.index(plain(header)))
    )


def _check_one(role: Role, names: tuple[str, ...]) -> None:
    """Refuse two columns of one role if neither is a known fallback of the other."""
    second = (*_FALLBACKS.get(role, ()), *_STANDARD_FALLBACKS.get(role, ()))
    first = [name for name in names if plain(name) not in second]
    if len(first) > 1 and role not in _ALL:
        raise ColumnError(
            f"{role}: expected one column, got {first[0]!r} and {first[1]!r}. Name the {as_words(role)}: "
            f"--column {first[0] + '=' + role!r}, or [columns] {role} = {first[0]!r} in a mapping",
            code="two_columns",
            field=first[1],
        )


def _carry(found: dict[Role, tuple[str, ...]], rest: list[str], named: dict[str, str]) -> LongColumns:
    carried: dict[str, str] = {}
    unused: list[str] = []
    for header in rest:
        key = named.get(header, find_field(header))
        said = header not in named and key in named.values()
        if key is None or said or any(key == role and names for role, names in found.items()):
            unused.append(header)
        elif key in carried:
            raise ColumnError(
                f"{key}: expected one column, got {carried[key]!r} and {header!r}. Name it: --column "
                f"{header + '=' + key!r}",
                code="two_columns",
                field=header,
            )
        else:
            carried[key] = header
    perhaps = bare_operators(unused)
    return LongColumns(found, carried, tuple(header for header in unused if header not in perhaps), perhaps)
