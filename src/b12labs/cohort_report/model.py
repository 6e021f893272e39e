"""What a cohort report holds: counts, a bounded worklist, and how it was decided; never all rows."""

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
    """How often one analyte was measured.

    `measured` counts results in numbers (of which `censored` as < or >) and in words.
    """

    analyte: str
    label: str
    measured: int = 0
    censored: int = 0
    words: int = 0
    #: Rows whose cell could not be used, with a problem that says why, and rows where nothing was measured.
    unusable: int = 0
    missing: int = 0
    #: How many cells with a number are in which unit, as it is spelled; "" where none is said.
    units: dict[str, int] = each(default_factory=dict)


class StatusBand(Kept):
    """How many of one sex and band of age have which status."""

    sex: str
    age: str
    status: dict[str, int]


class FindingCount(Kept):
    """In how many rows a finding holds."""

    code: str
    label: str
    statement: str
    rows: int


class WorklistEntry(Kept):
    """One row to look at: how soon and why, and the values that decided it."""

    row: int
    #: The cell of the column that the user named, else nothing.
    identifier: str = ""
    urgency: str
    status: str
    because: list[str]
    decided_by: list[str]
    next_tests: list[str]
    problems: list[str] = each(default_factory=list)


class NotUsed(Kept):
    """Why some results of a long table were not used, or what else was noted of them."""

    code: str
    message: str
    rows: int


class LongTable(Kept):
    """Of a long table, how many results were used in how many draws, and the most frequent reasons of the others."""

    results: int
    used: int
    draws: int
    reasons: list[NotUsed]
    #: How many more reasons there are, and in how many rows.
    more_reasons: int
    more_rows: int


class LimitUsed(Kept):
    """One limit of the guideline as printed, for a woman and a man of 40; nothing where it gives none."""

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
    """A file of laboratory results in sum; bounded, however many rows there are."""

    input: str
    files: int
    made: str
    version: str
    guideline: str
    guideline_title: str
    #: What the interpreted rows are: `row`, or of a long table `draw`.
    what: str
    totals: Totals
    urgency: dict[str, int]
    treatment_route: dict[str, int]
    anemia_grade: dict[str, int]
    #: How many rows ask for which test next.
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
    #: Which rules, numbers and options it was made with; a report of 0.1.0 does not say it.
    provenance: Provenance | None = None
