"""Make a report from a file, in one streaming run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Unpack

from b12labs.answer.answers import VERDICTS
from b12labs.cohort_report.model import FindingCount, LimitUsed, LongTable, NotUsed, ReportData, SourceUsed
from b12labs.cohort_report.page import as_html
from b12labs.cohort_report.tally import FINDINGS, CohortTally
from b12labs.files.draw_counts import DrawCounts
from b12labs.files.draw_source import DrawSource
from b12labs.files.interpreting import Given, interpret_file
from b12labs.files.made_with import bearing
from b12labs.files.options import FileReadingOptions, RunOptions
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.limits.strata import SEXES
from b12labs.limits.stratified import Limits, limits_of, printed
from b12labs.provenance.model import provenance_of
from b12labs.reasoning.compiled import FINDING_RULES, VERDICT_RULES
from b12labs.reference import LimitRow, analytes, sources
from b12labs.tables.options import takes
from b12labs.text import printable
from b12labs.version import __version__

__all__ = ["CohortReport", "report_file"]

#: Limits are shown for a woman and a man of this age; all others are in the guideline files.
SHOWN_AGE = 40.0
#: The most reasons that are named for unused results of a long table.
REASONS = 20


class CohortReport(ReportData):
    """The report on a file of laboratory results; its size does not grow with the rows."""

    def to_html(self) -> str:
        """Return the report as one self-contained HTML page: no script, and no request when it is opened."""
        return as_html(self)


class ReportOptions(FileReadingOptions, total=False):
    """How the input of a report is read, and its guideline. `interpret_file` documents each option."""

    guideline: str
    part_rows: int


@takes(ReportOptions, RunOptions)
def report_file(
    given: Given,
    *,
    identifier: str | None = None,
    progress: Callable[[int, float], None] | None = None,
    **options: Unpack[ReportOptions],
) -> CohortReport:
    """Report on a file, a folder, a pattern or several files, in bounded memory and in one pass over the rows.

    `identifier` names the column whose cells are shown beside the row numbers of the worklist. Without it the report
    has no identifier. The other options and the errors raised are those of `interpret_file`.
    """
    tally = CohortTally(identifier)
    done = interpret_file(given, findings=FINDINGS, progress=progress, tally=tally, **options)
    limits, source = limits_of(options.get("guideline", DEFAULT_GUIDELINE)), done.source
    counts = source.counts if isinstance(source, DrawSource) else None
    found = [
        FindingCount(
            code=code, label=FINDING_RULES[code].label, statement=FINDING_RULES[code].says, rows=tally.findings[code]
        )
        for code in FINDINGS
        if tally.findings[code]
    ]
    used = list(_limits(limits, tally.analytes))
    cited = [limits.guideline.source, *(key for profile in limits.profiles for key in [profile.source])]
    cited += [key for _, row in _rows(limits, tally.analytes) for key in [row.source]]
    cited += [key for code in VERDICTS for key in VERDICT_RULES[code].sources]
    cited += [key for count in found for key in FINDING_RULES[count.code].sources]
    return CohortReport(
        input=printable(Path(source.name).name),
        files=len(source.files),
        made=datetime.now(UTC).date().isoformat(),
        version=__version__,
        guideline=limits.guideline.key,
        guideline_title=limits.guideline.title,
        what="draw" if counts else "row",
        totals=done.totals,
        urgency=dict(tally.words["urgency"]),
        treatment_route=dict(tally.words["treatment_route"]),
        anemia_grade=dict(tally.words["anemia_grade"]),
        next_tests=dict(tally.next_tests.most_common()),
        by_age_and_sex=tally.by_age_and_sex(),
        findings=sorted(found, key=lambda count: -count.rows),
        identifier=identifier or "",
        worklist=tally.worklist.entries(limits),
        analytes=list(tally.analytes.values()),
        age_unknown=tally.age_unknown,
        sex_unknown=tally.sex_unknown,
        unused_columns=list(done.unused),
        files_not_read=source.passed_over,
        long_table=_long_table(counts) if counts else None,
        limits=used,
        sources=[_source(key) for key in dict.fromkeys(cited) if key in sources()],
        provenance=provenance_of(limits, bearing(RunOptions(**options))),
    )


def _long_table(counts: DrawCounts) -> LongTable:
    kinds = sorted(counts.most_frequent, key=lambda kind: kind.used)
    reasons = [
        NotUsed(code=kind.problem.code, message=kind.problem.message, rows=kind.rows) for kind in kinds[:REASONS]
    ]
    more = [kind.rows for kind in kinds[REASONS:]]
    return LongTable(
        results=counts.results,
        used=counts.used,
        draws=counts.draws,
        reasons=reasons,
        more_reasons=len(more),
        more_rows=sum(more),
    )


def _rows(limits: Limits, keys: Iterable[str]) -> list[tuple[str, LimitRow]]:
    """Return the limits of some analytes that apply to a woman or a man, as pairs of the limit's name and row."""
    return [
        (name, row)
        for key in keys
        for name in analytes()[key].limits
        for sex in SEXES[:2]
        for row in [_row(limits, name, sex)]
        if row
    ]


def _row(limits: Limits, name: str, sex: str | None) -> LimitRow | None:
    band = limits.strata.band(SHOWN_AGE, SHOWN_AGE)
    match = limits.row(name, band, sex or "", "none")
    return match[1] if match else None


def _limits(limits: Limits, keys: Iterable[str]) -> Iterable[LimitUsed]:
    for key in keys:
        for name, about in analytes()[key].limits.items():
            rows = [_row(limits, name, sex) for sex in SEXES[:2]]
            if not any(rows):
                continue
            woman, man = (_printed(key, row) for row in rows)
            row = rows[0] or rows[1]
            assert row is not None
            short = sources()[row.source].short if row.source in sources() else row.source
            own = "; the laboratory's own interval comes first" if limits.laboratory_decides(name) else ""
            yield LimitUsed(
                analyte=analytes()[key].label,
                means=about.means + own,
                woman=woman,
                man=man,
                source=short,
                checked=row.checked,
            )


def _printed(key: str, row: LimitRow | None) -> str:
    if row is None:
        return ""
    shown = (printed(key, row.values, substance=substance) for substance in (False, True))
    return " or ".join(dict.fromkeys(value.text for value in shown))


def _source(key: str) -> SourceUsed:
    source = sources()[key]
    where = ", ".join(str(part) for part in (source.authors, source.publisher, source.year) if part)
    return SourceUsed(
        key=key, short=source.short, title=source.title, where=f"{where}{'; doi ' + source.doi if source.doi else ''}"
    )
