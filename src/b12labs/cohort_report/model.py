"""The content of a cohort report: counts, a bounded worklist, method and sources; never all rows."""

from __future__ import annotations

from b12labs.provenance.model import Provenance
from b12labs.record import each
from b12labs.reference.frozen import Kept
from b12labs.tables.counts.totals import Totals

__all__ = [
    "AnalyteQuality",
    "FindingCount",
    "LimitUsed",
    "LongTable",
    "NotUsed",
    "ReportData",
    "SourceUsed",
    "StatusBand",
    "WorklistEntry",
]


class AnalyteQuality(Kept):
    """The numbers of results of one analyte.

    `measured` counts results as numbers and in words; `censored` counts the numbers with < or >.
    """

    analyte: str
    label: str
    measured: int = 0
    censored: int = 0
    words: int = 0
    #: Rows whose cell could not be used, with its reason as a problem, and rows without a result.
    unusable: int = 0
    missing: int = 0
    #: The number of cells with a number by unit, as spelled; "" if there is no unit.
    units: dict[str, int] = each(default_factory=dict)


class StatusBand(Kept):
    """The counts of each status in one sex and age band."""

    sex: str
    age: str
    status: dict[str, int]


class FindingCount(Kept):
    """The number of rows in which a finding holds."""

    code: str
    label: str
    statement: str
    rows: int


class WorklistEntry(Kept):
    """One row to look at: its urgency, the reasons, and the values that decided it."""

    row: int
    #: The cell of the identifier column, or blank if the user named none.
    identifier: str = ""
    urgency: str
    status: str
    because: list[str]
    decided_by: list[str]
    next_tests: list[str]
    problems: list[str] = each(default_factory=list)


class NotUsed(Kept):
    """A reason why results of a long table were not used, or another problem of them."""

    code: str
    message: str
    rows: int


class LongTable(Kept):
    """The counts of a long table: results, used results, draws, and the most frequent reasons for unused results."""

    results: int
    used: int
    draws: int
    reasons: list[NotUsed]
    #: The number of further reasons, and of their rows.
    more_reasons: int
    more_rows: int


class LimitUsed(Kept):
    """One limit of the guideline as printed, for a woman and a man of 40; blank if there is none."""

    analyte: str
    means: str
    woman: str
    man: str
    source: str
    checked: str


class SourceUsed(Kept):
    """One entry of the bibliography."""

    key: str
    short: str
    title: str
    where: str


class ReportData(Kept):
    """The report on a file of laboratory results; its size does not grow with the rows."""

    input: str
    files: int
    made: str
    version: str
    guideline: str
    guideline_title: str
    #: The kind of the interpreted rows: `row`, or `draw` for a long table.
    what: str
    totals: Totals
    urgency: dict[str, int]
    treatment_route: dict[str, int]
    anemia_grade: dict[str, int]
    #: The number of rows that need each test next.
    next_tests: dict[str, int]
    by_age_and_sex: list[StatusBand]
    findings: list[FindingCount]
    identifier: str = ""
    worklist: list[WorklistEntry]
    analytes: list[AnalyteQuality]
    age_unknown: int
    sex_unknown: int
    unused_columns: list[str]
    files_not_read: list[str]
    long_table: LongTable | None
    limits: list[LimitUsed]
    sources: list[SourceUsed]
    #: The rules, numbers and options that it was made with; a report of 0.1.0 has none.
    provenance: Provenance | None = None
