"""A cohort report as one HTML page: no script, no request when it is opened, every string of the input escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import resources

from b12labs.answer.answers import COUNTED, VERDICTS
from b12labs.answer.words import NOTE, STATUS_LABELS
from b12labs.cohort_report.model import AnalyteQuality, ReportData, WorklistEntry
from b12labs.cohort_report.worklist import LISTED, URGENCIES
from b12labs.display.markup import Markup, bar, element, item_list, joined, key, table, text
from b12labs.display.palette import DARK, LIGHT, STATUS_COLORS, Theme
from b12labs.reasoning.compiled import VERDICT_RULES, status_statement
from b12labs.reference import analytes
from b12labs.reference.unit_labels import with_labels
from b12labs.text import as_words, count_of, percent

__all__ = ["as_html"]

#: The most lines of tables and lists whose length depends on the input.
SHOWN = 60
UNITS_SHOWN = 8
SHARES = "Shares, in the order of the columns"


def as_html(report: ReportData) -> str:
    """Return the report as one HTML page."""
    sections: list[tuple[str, str, Callable[[ReportData], Iterator[str]]]] = [
        ("found", "What was found", _found),
        ("first", "Whom to look at first", _first),
        ("quality", "Data quality", _quality),
        ("method", "Method and sources", _method),
    ]
    menu = "".join(f'<li><a href="#{name}">{title}</a></li>' for name, title, _ in sections)
    body = "\n".join(
        f'<section id="{name}" aria-labelledby="{name}-title">\n<h2 id="{name}-title">{title}</h2>\n'
        + "\n".join(make(report))
        + "\n</section>"
        for name, title, make in sections
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Vitamin B12 report: {text(report.input)}</title>
<style>
{_style()}
</style>
</head>
<body>
<header>
<h1>Vitamin B12 report: <span class="given">{text(report.input)}</span></h1>
<p>{_about(report)}</p>
<nav aria-label="Sections"><ul>{menu}</ul></nav>
</header>
<main>
{_tiles(report)}
{body}
</main>
<footer><p>{NOTE} This page holds patients' results: protect it like the file it was made from.</p>
{_made_with(report)}</footer>
</body>
</html>
"""


def _style() -> str:
    def colors(theme: Theme) -> str:
        return "".join(f"--{name}:{value};" for name, value in vars(theme).items())

    statuses = "".join(f".{status}{{fill:{color};background:{color}}}" for status, color in STATUS_COLORS.items())
    own = (resources.files("b12labs.cohort_report") / "page.css").read_text(encoding="utf-8")
    dark = f":root{{{colors(DARK)}}}"
    return f":root{{{colors(LIGHT)}}}\n@media screen and (prefers-color-scheme:dark){{{dark}}}\n{statuses}\n{own}"


def _about(report: ReportData) -> Markup:
    files = f" in {report.files:,} files" if report.files > 1 else ""
    return Markup(
        f"{count_of(report.totals.rows, report.what)}{files}, interpreted by {text(report.guideline_title)}. "
        f"Made on {text(report.made)} by {text(str(report.provenance or f'b12labs {report.version}'))}."
    )


def _made_with(report: ReportData) -> Markup:
    """Return the fingerprint of the rules and the guideline, in small print."""
    if report.provenance is None:
        return Markup("")
    said = report.provenance
    hashes = {
        "rules": said.rules_hash,
        "sentences": said.sentences_hash,
        f"guideline {said.guideline}": said.guideline_hash,
    }
    listed = "; ".join(f"{name} {value}" for name, value in hashes.items())
    return Markup(f"<p><small>{text(listed)}</small></p>")


#: For a whole file: some rows have no result, and in others it could not be used.
_NOT_ASSESSED = "No marker of B12 status was measured, or the results could not be used."


def _tiles(report: ReportData) -> Markup:
    """Return the number of rows of each urgency, the most urgent first, with its meaning."""
    verdict = VERDICT_RULES["urgency"]
    tiles = ""
    for word, sentence in verdict.sentences.items():
        count = report.urgency.get(word, 0)
        kind = f"tile {word}" if count else "tile"
        tiles += f'<li class="{kind}"><b>{count:,}</b> <span>{word}</span> <small>{text(sentence)}</small></li>'
    return Markup(f'<ul class="tiles" aria-label="How many, by urgency">{tiles}</ul>')


def _found(report: ReportData) -> Iterator[str]:
    totals, what = report.totals, report.what
    rows = [
        (
            label,
            f"{totals.status.get(word, 0):,}",
            percent(totals.status.get(word, 0), totals.rows),
            bar([(word, totals.status.get(word, 0))], totals.rows),
            _NOT_ASSESSED if word == "not_assessed" else status_statement(word),
        )
        for word, label in STATUS_LABELS.items()
    ]
    yield table(
        f"B12 status, by {report.guideline}",
        ("Status", f"{what}s".capitalize(), "Share", "To scale", "Meaning"),
        rows,
        numbers=(1, 2),
        kind="bars",
    )
    if report.by_age_and_sex:
        yield _ages(report)
    counted = [(truth.summed, *_truth(report, code)) for code, truth in COUNTED.items()]
    yield table(
        "Answers; without the results for a question, the answer is “cannot tell”, not “no”",
        ("Question", SHARES, "Yes", "Cannot tell", "No"),
        counted,
        numbers=(2, 3, 4),
        keys=("yes", "unknown", "no"),
    )
    grades = [(grade, report.anemia_grade.get(grade, 0)) for grade in ("severe", "moderate", "mild")]
    yield f"<p>Grade of anemia: {', '.join(f'{count:,} {grade}' for grade, count in grades)}.</p>"
    if report.findings:
        found = [
            (
                _capital(count.label),
                f"{count.rows:,}",
                percent(count.rows, totals.rows),
                bar([("plain", count.rows)], totals.rows),
                count.statement,
            )
            for count in report.findings
        ]
        yield table(
            "Other findings",
            ("Finding", f"{what}s".capitalize(), "Share", "To scale", "Meaning"),
            found,
            numbers=(1, 2),
            kind="bars",
        )
    tests = [
        (_named(test), f"{count:,}", percent(count, totals.rows), bar([("plain", count)], totals.rows))
        for test, count in list(report.next_tests.items())[:12]
    ]
    if tests:
        yield table(
            "Tests that would settle open questions",
            ("Test", f"{what}s".capitalize(), "Share", "To scale"),
            tests,
            numbers=(1, 2),
            kind="bars short",
        )
    order = [outcome for outcome in VERDICT_RULES["treatment_route"].outcomes if outcome in report.treatment_route]
    order.append(VERDICTS["treatment_route"].undecided)
    routes = "; ".join(f"{as_words(word)} {report.treatment_route.get(word, 0):,}" for word in dict.fromkeys(order))
    yield f"<p>Treatment route suggested: {text(routes)}.</p>"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _truth(report: ReportData, code: str) -> tuple[object, ...]:
    no, unknown, yes = report.totals.truths[code]
    return (
        bar([("yes", yes), ("unknown", unknown), ("no", no)], report.totals.rows),
        f"{yes:,}",
        f"{unknown:,}",
        f"{no:,}",
    )


def _ages(report: ReportData) -> Markup:
    rows = []
    for band in report.by_age_and_sex:
        whole = sum(band.status.values())
        counts = [band.status.get(word, 0) for word in STATUS_LABELS]
        drawn = bar(zip(STATUS_LABELS, counts, strict=True), whole)
        rows.append((f"{band.sex.capitalize()}, {band.age}", f"{whole:,}", drawn, *(f"{count:,}" for count in counts)))
    headers = ("Sex, age in years", "All", SHARES, *STATUS_LABELS.values())
    return table(
        f"Status by sex and age, by {report.guideline}",
        headers,
        rows,
        numbers=(1, 3, 4, 5, 6, 7),
        keys=list(STATUS_LABELS),
    )


def _first(report: ReportData) -> Iterator[str]:
    what = report.what
    waiting = {urgency: report.urgency.get(urgency, 0) for urgency in URGENCIES}
    if not report.worklist:
        yield f"<p>No {what} is an emergency, urgent or to be treated promptly.</p>"
        return
    listed = (
        f"The first {len(report.worklist)} of {sum(waiting.values()):,} are listed"
        if sum(waiting.values()) > LISTED
        else "All are listed"
    )
    whose = (
        f"Names are from the column “{text(report.identifier)}”."
        if report.identifier
        else "The report names no patient."
    )
    start = "1 is the first row under the header" if what == "row" else "1 is the first draw in the output of b12labs"
    yield (
        f"<p>{listed}, the most urgent first, then in the order of the file. {what.capitalize()} {start}. {whose}</p>"
    )
    for urgency in URGENCIES:
        entries = [entry for entry in report.worklist if entry.urgency == urgency]
        if not entries:
            continue
        of = f" of {waiting[urgency]:,}" if waiting[urgency] > len(entries) else ""
        headers = [what.capitalize(), "Status", "Why", "Values that decided", "Next tests"]
        if report.identifier:
            headers.insert(1, "Name")
        yield table(
            f"{urgency.capitalize()}: {len(entries)}{of}",
            headers,
            [_entry(entry, report) for entry in entries],
            kind=f"worklist {urgency}{' named' if report.identifier else ''}",
        )


def _entry(entry: WorklistEntry, report: ReportData) -> list[object]:
    status = Markup(f"{key(entry.status)}{STATUS_LABELS[entry.status]}")
    why = item_list([*entry.because, *(f"Problem: {message}" for message in entry.problems[:3])])
    cells: list[object] = [entry.row, status, why, item_list(entry.decided_by), ", ".join(entry.next_tests)]
    if report.identifier:
        cells.insert(1, entry.identifier)
    return cells


def _quality(report: ReportData) -> Iterator[str]:
    totals, what = report.totals, report.what
    rows = [
        (
            _named(quality.analyte),
            f"{quality.censored:,}",
            _units(quality),
            bar([("read", quality.measured), ("unusable", quality.unusable), ("no", quality.missing)], totals.rows),
            f"{quality.measured:,}",
            f"{quality.unusable:,}",
            f"{quality.missing:,}",
        )
        for quality in report.analytes
    ]
    yield table(
        "Results by analyte",
        ("Analyte", "Censored (< or >)", "Units seen", SHARES, "Read", "Not usable", "Not measured"),
        rows,
        numbers=(1, 4, 5, 6),
        keys=("read", "unusable", "no"),
    )
    rows_of = count_of(totals.rows, what)
    yield (
        f"<p>Age is not known in {report.age_unknown:,} and sex in {report.sex_unknown:,} of {rows_of}; limits "
        f"that depend on them stay open.</p>"
    )
    if totals.problems:
        kinds = sorted(totals.problems, key=lambda kind: -kind.rows)
        found = [
            (
                kind.field,
                as_words(kind.code),
                f"{kind.rows:,}",
                ", ".join(map(str, kind.first)) + (", …" if kind.rows > len(kind.first) else ""),
                kind.example,
            )
            for kind in kinds[:SHOWN]
        ]
        caption = (
            f"Problems, in {count_of(totals.problem_rows, what)}; the values concerned were left out, the rest was "
            f"interpreted"
        )
        yield table(caption, ("Field", "Problem", f"{what}s".capitalize(), "First", "For example"), found, numbers=(2,))
        if len(kinds) > SHOWN:
            yield f"<p>And {count_of(len(kinds) - SHOWN, 'more kind')} of problem.</p>"
    else:
        yield f"<p>No problems: every {'cell' if what == 'row' else 'result of every draw'} was read.</p>"
    if report.long_table:
        long = report.long_table
        reasons = [(as_words(reason.code), f"{reason.rows:,}", reason.message) for reason in long.reasons]
        if long.more_reasons:
            reasons.append((f"{long.more_reasons:,} more", f"{long.more_rows:,}", ""))
        caption = (
            f"A long table: {long.used:,} of {long.results:,} results used, in {count_of(long.draws, 'draw')}; "
            f"problems of the results"
        )
        yield table(caption, ("Problem", "Results", "For example"), reasons, numbers=(1,))
    notes = []
    if report.unused_columns:
        notes.append(f"Columns not used: {_some(report.unused_columns)}")
    if report.files_not_read:
        notes.append(f"Files that are not tables, not read: {_some(report.files_not_read)}")
    yield item_list(map(Markup, notes))


def _some(names: list[str]) -> Markup:
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return Markup(", ".join(text(name, 60) for name in names[:SHOWN]) + more)


def _named(key: str) -> Markup:
    """Return an analyte's label, and its full name if the label is an abbreviation."""
    analyte = analytes()[key]
    return joined(analyte.label, element("small", analyte.spelled_out) if analyte.spelled_out else "")


def _units(quality: AnalyteQuality) -> Markup:
    kinds = sorted(quality.units.items(), key=lambda pair: -pair[1])
    said = [f"{text(unit, 40) if unit else 'no unit'} ({count:,})" for unit, count in kinds[:UNITS_SHOWN]]
    if len(kinds) > UNITS_SHOWN:
        said.append(f"{sum(count for _, count in kinds[UNITS_SHOWN:]):,} in other spellings")
    return Markup(", ".join(said))


def _method(report: ReportData) -> Iterator[str]:
    yield (
        f"<p>Every {report.what} was interpreted by {text(report.guideline_title)}, with the same rules as one patient "
        "(<code>b12labs rules</code> lists them). A result is an interval, and a missing result may be any value. An "
        "answer is yes, no or cannot tell: a missing result is never taken for normal. Symptoms, medicines and "
        "diagnoses that are not mentioned are taken as absent. A result that cannot be read, or is not plausible in "
        "its unit, is reported as a problem and never repaired.</p>"
    )
    limits = [
        (
            limit.analyte,
            limit.means,
            with_labels(limit.woman),
            with_labels(limit.man),
            f"{limit.source} [{limit.checked}]",
        )
        for limit in report.limits
    ]
    if limits:
        yield table(
            "Limits for adults of 40 years; for children, in old age and in pregnancy, the guideline may have others",
            ("Analyte", "Limit", "Woman", "Man", "Source"),
            limits,
        )
    yield "<h3>Sources</h3>"
    yield item_list(
        [
            Markup(f"<b>{text(source.short)}</b>: {text(source.title, 400)} {text(source.where, 400)}")
            for source in report.sources
        ],
        "sources",
    )
    yield (
        "<p>Brackets show how a limit was checked. <code>secondary</code> and <code>unconfirmed</code> limits were "
        "not read in their source.</p>"
    )
