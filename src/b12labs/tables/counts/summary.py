"""summarize(): a table of interpretations at a glance: counts, the most urgent rows, open questions, problems."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from b12labs.answer.answers import COUNTED
from b12labs.answer.words import NOTE, STATUS_LABELS
from b12labs.display.images import with_images
from b12labs.display.markup import Markup, element, joined
from b12labs.display.notebook import verdict_mark
from b12labs.display.palette import LIGHT, STATUS_COLORS
from b12labs.display.style import style
from b12labs.errors import ColumnError
from b12labs.inputs.options import Images
from b12labs.reference import analytes
from b12labs.tables.counts.totals import URGENCIES, parts_of, status_line, truth_line, truth_words
from b12labs.tables.given import headers_of
from b12labs.tables.outputs import OUTPUT_COLUMNS
from b12labs.text import WIDTH, as_words, count_of, is_missing, percent, shortened

__all__ = ["Summary", "ToLookAt", "is_interpreted", "summarize"]

#: The most rows of the worklist, and the most kinds of test and of problem.
SHOWN = 10


#: The most characters of a row's label.
LONGEST = 60

_YES, _NO = ("True", "true"), ("False", "false")


@dataclass(frozen=True)
class ToLookAt:
    """One row to look at first: its label in the table's index (its place from 0 without an index), and the reasons."""

    row: str
    urgency: str
    status: str
    because: str
    treatment_route: str
    next_tests: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """The summary of a table of interpretations.

    `status` counts rows by status, `truths` rows with yes, no and cannot tell, `urgency` rows by urgency. `worklist`
    holds the first rows to look at, the more urgent first. `next_tests` counts, by the name of a test, the rows in
    which it would settle a question. `problems` counts the rows with each problem, by field and kind; `problem_rows`
    counts the rows with any.
    """

    rows: int
    status: dict[str, int]
    truths: dict[str, dict[str, int]]
    urgency: dict[str, int]
    worklist: tuple[ToLookAt, ...]
    next_tests: dict[str, int]
    problem_rows: int
    problems: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dictionaries, lists, words and numbers, ready for JSON."""
        return {
            **asdict(self),
            "worklist": [{**asdict(each), "next_tests": list(each.next_tests)} for each in self.worklist],
        }

    def __str__(self) -> str:
        lines = [_title(self), ""]
        lines += [status_line(status, count, self.rows) for status, count in self.status.items()]
        lines += ["", *(truth_line(code, **counts) for code, counts in self.truths.items())]
        if self.worklist:
            lines += ["", f"Look first at, by index ({_urgent_words(self)})"]
            for each in self.worklist:
                lines += textwrap.wrap(
                    f"{each.row}: {each.urgency}, {each.because}",
                    WIDTH,
                    initial_indent="  ",
                    subsequent_indent="      ",
                )
        lines += _listed("Tests that would settle open questions", self.next_tests)
        lines += _listed(f"Problems in {count_of(self.problem_rows, 'row')}", self.problems)
        return "\n".join(lines)

    def to_html(self, *, images: Images = "inline") -> str:
        """Return the notebook's view as HTML. With `images="data"`, its pictures survive where HTML is sanitized."""
        return with_images(self._repr_html_(), images)

    def _repr_html_(self) -> str:
        parts = [style(), element("h3", _title(self)), _status_table(self)]
        truths = (
            joined(element("b", truth.summed), f": {truth_words(**self.truths[code])}. ")
            for code, truth in COUNTED.items()
        )
        parts.append(element("p", *truths))
        if self.worklist:
            parts += [
                element("h4", "Look first at"),
                element("p", f"{_urgent_words(self)}.", class_="b12-muted"),
                _worklist(self),
            ]
        parts += _counted("Tests that would settle open questions", "Test", self.next_tests)
        left_out = element("p", "The values concerned were left out; the rest of each row was interpreted.")
        parts += _counted(
            f"Problems in {count_of(self.problem_rows, 'row')}", "Field and problem", self.problems, left_out
        )
        parts.append(element("p", element("small", NOTE)))
        return element("section", *parts, class_="b12labs", aria_label="Summary of B12 interpretations")


def is_interpreted(table: Any) -> bool:
    """Return whether a table has the columns of an interpretation."""
    names: Iterable[Any] = table.column_names if hasattr(table, "column_names") else getattr(table, "columns", ())
    columns = set(map(str, names))
    return all(name in columns or f"b12labs_{name}" in columns for name in OUTPUT_COLUMNS)


def summarize(table: Any) -> Summary:
    """Summarize a table that `interpret_frame` returned, alone or with other columns.

    Parameters
    ----------
    table
        A pandas or polars DataFrame or a pyarrow Table with the columns `OUTPUT_COLUMNS`, or with `b12labs_` before
        their names. A notebook shows the summary as a table with bars; `%load_ext b12labs` shows it above every such
        table.

    Raises `ColumnError` with the name of the first column that is missing, repeated, or has other content.

    >>> import pandas as pd
    >>> from b12labs import interpret_frame, summarize
    >>> summarize(interpret_frame(pd.DataFrame({"B12 [pg/mL]": ["145", "<150", "250", None]}))).status["deficient"]
    2

    """
    import narwhals as nw

    headers = headers_of(table)
    names = {name: _name_of(name, headers) for name in OUTPUT_COLUMNS}
    # Other columns may be repeated, which narwhals refuses.
    frame = nw.from_native(table[list(names.values())] if hasattr(table, "iloc") else table, eager_only=True)
    columns = {name: frame[header] for name, header in names.items()}
    found = {name: _counts(columns[name]) for name in ("status", "urgency", "next_tests", "problems", *COUNTED)}
    for word in found["status"]:
        if word not in STATUS_LABELS:
            raise ColumnError(
                f"status: expected a status of an interpretation, got {word!r}", code="not_interpreted", field="status"
            )
    return Summary(
        rows=len(frame),
        status={status: found["status"].get(status, 0) for status in STATUS_LABELS},
        truths={code: _truths(found[code]) for code in COUNTED},
        urgency={
            word: count
            for word, count in sorted(found["urgency"].items(), key=lambda pair: _rank(pair[0]))
            if word and count
        },
        worklist=_to_look_at(table, columns),
        next_tests={_label(key): count for key, count in parts_of(found["next_tests"].items()).most_common()},
        problem_rows=sum(count for text, count in found["problems"].items() if text),
        problems={as_words(said): count for said, count in parts_of(found["problems"].items()).most_common()},
    )


def _name_of(name: str, columns: list[str]) -> str:
    for candidate in (f"b12labs_{name}", name):
        if columns.count(candidate) > 1:
            raise ColumnError(f"{candidate}: expected one column, got several", code="two_columns", field=candidate)
        if candidate in columns:
            return candidate
    raise ColumnError(
        f"{name}: expected a column with this name, as in the tables that interpret_frame returns, got none",
        code="not_interpreted",
        field=name,
    )


def _counts(column: Any) -> dict[str, int]:
    """Return the number of rows with each value as text, empty if missing."""
    counted: Counter[str] = Counter()
    pairs = column.value_counts(name="rows")
    for value, count in zip(pairs[column.name].to_list(), pairs["rows"].to_list(), strict=True):
        counted["" if is_missing(value) else str(value)] += count
    return dict(counted)


def _truths(counts: dict[str, int]) -> dict[str, int]:
    yes, no = (sum(counts.get(word, 0) for word in words) for words in (_YES, _NO))
    return {"yes": yes, "no": no, "cannot_tell": sum(counts.values()) - yes - no}


def _label(key: str) -> str:
    return analytes()[key].label if key in analytes() else key


def _rank(urgency: str) -> int:
    return (*URGENCIES, "prompt", "routine", urgency).index(urgency)


def _to_look_at(table: Any, columns: dict[str, Any]) -> tuple[ToLookAt, ...]:
    """Return the first rows of each urgency, the more urgent first."""
    import numpy as np

    urgency = columns["urgency"]
    rows: list[int] = []
    for word in URGENCIES:
        rows += np.flatnonzero((urgency == word).fill_null(value=False).to_numpy())[: SHOWN - len(rows)].tolist()
    index = getattr(table, "index", None)
    found = []
    for row in rows:
        cells = {name: "" if is_missing(cell := column[row]) else str(cell) for name, column in columns.items()}
        tests = tuple(_label(key) for key in cells["next_tests"].split("; ") if key)
        label = shortened(str(row if index is None else index[row]), LONGEST)
        found.append(
            ToLookAt(label, cells["urgency"], cells["status"], _because(cells), cells["treatment_route"], tests)
        )
    return tuple(found)


def _because(cells: dict[str, str]) -> str:
    """Return the status and the findings of a row in words. An anemia is named once, with its grade."""
    said = [STATUS_LABELS[cells["status"]].lower()] if cells["status"] in STATUS_LABELS else []
    held = [truth for code, truth in COUNTED.items() if cells[code] in _YES and truth.label not in said]
    holding = [truth.counted_as or truth.label for truth in held]
    if "megaloblastic anemia" in holding and "anemia" in holding:
        holding.remove("anemia")
    grade = f" ({cells['anemia_grade']})" if cells["anemia_grade"] not in ("", "none") else ""
    said += [f"{label}{grade}" if label.endswith("anemia") else label for label in holding]
    return ", ".join(said)


def _title(summary: Summary) -> str:
    return f"{count_of(summary.rows, 'row')} interpreted"


def _urgent_words(summary: Summary) -> str:
    counts = [f"{summary.urgency[word]:,} {word}" for word in URGENCIES if summary.urgency.get(word)]
    every = sum(summary.urgency.get(word, 0) for word in URGENCIES)
    shown = f"; the first {len(summary.worklist)} are shown" if every > len(summary.worklist) else ""
    return f"{', '.join(counts)}{shown}"


def _listed(title: str, counts: dict[str, int]) -> list[str]:
    lines = [f"  {said:<40} {count_of(count, 'row')}" for said, count in list(counts.items())[:SHOWN]]
    more = [f"  and {len(counts) - SHOWN} more"] if len(counts) > SHOWN else []
    return ["", title, *lines, *more] if lines else []


def _head(*names: str) -> Markup:
    cells = (element("th", name, scope="col", **({"class_": "b12-count"} if name == "Rows" else {})) for name in names)
    return element("thead", element("tr", *cells))


def _status_table(summary: Summary) -> Markup:
    rows = [
        element(
            "tr",
            element("td", verdict_mark(status, size=18), " ", STATUS_LABELS[status]),
            element("td", f"{count:,}", class_="b12-count"),
            element(
                "td",
                _bar(count, summary.rows, STATUS_COLORS[status]),
                f" {percent(count, summary.rows)}",
                class_="b12-bar",
            ),
        )
        for status, count in summary.status.items()
    ]
    return element("table", _head("Status", "Rows", "Share of all rows"), element("tbody", *rows))


def _bar(count: int, rows: int, color: str) -> Markup:
    width = round(100 * count / rows, 2) if rows else 0
    return Markup(
        f'<svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true"><rect class="b12-frame" '
        f'width="100" height="14" fill="none" '
        f'stroke="{LIGHT.line}"/><rect width="{width}" height="14" fill="{color}"/></svg>'
    )


def _worklist(summary: Summary) -> Markup:
    names = ("Index", "Urgency", "Because", "Treatment route", "Next")
    rows = [
        element("tr", *(element("td", cell, data_label=name) for name, cell in zip(names, _cells(each), strict=True)))
        for each in summary.worklist
    ]
    return element("table", _head(*names), element("tbody", *rows), class_="b12-wide")


def _cells(each: ToLookAt) -> tuple[str, ...]:
    known = (element("span", as_words(text), class_="b12-whole") for text in (each.urgency, each.treatment_route))
    return each.row, next(known), each.because, next(known), ", ".join(each.next_tests)


def _counted(title: str, what: str, counts: dict[str, int], *more: str) -> list[Markup]:
    """Return a collapsed table of counts."""
    if not counts:
        return []
    rows = [
        element("tr", element("td", said), element("td", f"{count:,}", class_="b12-count"))
        for said, count in list(counts.items())[:SHOWN]
    ]
    others = [element("p", f"and {len(counts) - SHOWN} more", class_="b12-muted")] if len(counts) > SHOWN else []
    table = element("table", _head(what, "Rows"), element("tbody", *rows), class_="b12-few")
    return [element("details", element("summary", title), table, *others, *more)]
