"""The times of results in a long table: ISO 8601, other unambiguous spellings of a day, or a site's own format.

`20240301`, `2024/03/01 8:30` and `01-MAR-2024` are read without a format. `03/04/2024` needs one, and `2024-03` is not
a day. The time of day may be in a column of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

from b12labs.draws.cells import DAY, FEW, LongRows, Texts, distinct_cells
from b12labs.site_mapping.mapping import RELATIVE

__all__ = ["as_iso", "read_times"]

_OFFSET = r"(?P<offset>\s?(?:Z|[+-]\d\d:?\d\d))"
_ISO = re.compile(rf"\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?{_OFFSET}?)?", re.ASCII)
_MONTHS = {
    "jan": 1, "january": 1, "feb": 2, "february": 2, "mar": 3, "march": 3, "apr": 4, "april": 4, "may": 5, "jun": 6,
    "june": 6, "jul": 7, "july": 7, "aug": 8, "august": 8, "sep": 9, "sept": 9, "september": 9, "oct": 10,
    "october": 10, "nov": 11, "november": 11, "dec": 12, "december": 12,
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
#: Days with the year first, or with the name of the month.
_DAYS = [
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        r"(?P<y>\d{4})(?P<sign>[-/.])(?P<m>\d{1,2})(?P=sign)(?P<d>\d{1,2})(?!\d)",
        r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日",
        r"(?P<y>(?:19|20|21)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?=$|[T\s]|\d{4}(?:\d\d)?$)",
        rf"(?P<d>\d{{1,2}})[-\s]?(?P<m>{_MONTH})[-\s,]\s*(?P<y>\d{{4}})(?!\d)",
        rf"(?P<d>\d\d)(?P<m>{_MONTH})(?P<y>\d{{4}})(?!\d)",
        rf"(?P<m>{_MONTH})\.?\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})(?!\d)",
    )
]
_CLOCK = re.compile(
    r"[T\s:]*(?P<h>\d{1,2}):?(?P<min>\d\d)(?::?(?P<s>\d\d)(?P<f>\.\d+)?)?\s*(?P<half>[ap]\.?m\.?)?\s*"
    r"(?P<offset>Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE | re.ASCII,
)
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?\s?(?:Z|[+-]\d\d:?\d\d)$")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)

#: The forms of ISO 8601 that systems write. They are read without a library.
_PLAIN = re.compile(
    r"(?:19|20|21)\d\d-\d\d-\d\d"
    r"(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?",
    re.ASCII,
)
_EPOCH, _NO_TIME = datetime(1970, 1, 1), int(np.iinfo(np.int64).min)  # noqa: DTZ001  # without an offset, as most times


class _Times(NamedTuple):
    """Every time: microseconds since 1970, and whether it is read, has an offset, and is a day alone."""

    numbers: Any
    read: Any
    offset: Any
    day: Any


def read_times(read: LongRows, columns: Sequence[Texts], clock: Texts, forms: Sequence[str]) -> None:
    """Read every row's time from the first of several columns that can be read, and leave unreadable rows out.

    A time with an offset is in UTC.
    """
    text = _with_clock(columns[0], clock) if columns else np.full(read.rows, "", dtype=object)
    times = _parsed(text, forms)
    for own in columns[1:]:
        found = _parsed(own, forms)
        better = ((text == "") & (own != "")) | (~times.read & found.read)
        text, times = np.where(better, own, text), _chosen(times, found, better)
    read.text["time"], read.time, read.whole_day = text, times.numbers, times.day
    examples = text[~times.read & (text != "")][:1].tolist()
    given = repr(examples[0]) if examples else "nothing"
    also = f"(or as {' or '.join(map(repr, forms))})" if forms else "(or give time_format in a mapping)"
    expected = (
        f"expected a time with at least the day, year first, such as 2024-03-01 or 2024-03-01T08:30 {also}, got {given}"
    )
    read.leave_out(~times.read, "unreadable_time", "time", expected)
    if times.offset.any():
        of_patient = np.zeros(read.patient.max() + 1, dtype=bool)
        of_patient[read.patient[times.offset]] = True
        why = "other rows of the patient have an offset from UTC, and this one has none"
        read.leave_out(of_patient[read.patient] & ~times.offset, "unreadable_time", "time", why)


def _with_clock(text: Texts, clock: Texts) -> Texts:
    """Add the time of day from its own column to a day without one. A day in that column must be the same."""
    rows = np.flatnonzero((text != "") & (clock != ""))
    if not len(rows):
        return text
    pairs = [*zip(text[rows].tolist(), clock[rows].tolist(), strict=True)]
    joined = {pair: _joined(*pair) for pair in set(pairs)}
    text = text.copy()
    text[rows] = [joined[pair] for pair in pairs]
    return text


def _joined(day: str, clock: str) -> str:
    if ":" in day:
        return day
    whole = clock if _ISO.fullmatch(clock) else as_iso(clock)
    own = day if _ISO.fullmatch(day) else as_iso(day)
    return clock if whole and own and whole[:10] == own[:10] else f"{day} {clock}"


def _parsed(text: Texts, forms: Sequence[str]) -> _Times:
    """Read times: ISO 8601 first, then the site's formats, then other unambiguous spellings."""
    codes, distinct = distinct_cells(text)
    times = _by_iso([day if _ISO.fullmatch(day) else None for day in distinct])
    differs = np.zeros(len(distinct), dtype=bool)
    own = np.zeros(len(distinct), dtype=bool)
    for form in forms:
        numbers, there = _by_form(distinct, form)
        # If two formats read a text differently, it is not read.
        differs |= own & there & (numbers != times.numbers)
        new = there & ~times.read
        own |= new
        midnight = (numbers % DAY == 0) & ("%z" not in form)
        times = _chosen(times, _Times(numbers, there, np.full(len(there), "%z" in form), midnight), new)
    others = _by_iso([None if known else as_iso(day) for day, known in zip(distinct, times.read, strict=True)])
    times = _chosen(times, others, others.read)
    times = times._replace(read=times.read & ~differs)
    return _Times(*(part[codes] for part in times)) if len(distinct) else times


def _chosen(times: _Times, others: _Times, better: Any) -> _Times:
    return _Times(*(np.where(better, new, old) for new, old in zip(others, times, strict=True)))


def _by_iso(days: list[str | None]) -> _Times:
    numbers, read = _of_plain(days) or _of_any(days)
    matches = [_ISO.fullmatch(day) if day else None for day in days]
    offset = np.array([match is not None and match["offset"] is not None for match in matches], dtype=bool)
    stated = np.array([_MIDNIGHT.search(day or "") is not None for day in days], dtype=bool)
    return _Times(numbers, read, offset, stated | ((numbers % DAY == 0) & ~offset))


def _of_plain(days: list[str | None]) -> tuple[Any, Any] | None:
    """Return the microseconds of plain times, and whether each is a time; None if one has another form."""
    if len(days) > FEW:
        return None
    found: list[int | None] = []
    for day in days:
        if day is not None and not _PLAIN.fullmatch(day):
            return None
        found.append(None if day is None else _microseconds(day))
    return _numbered(found)


def _numbered(found: list[int | None]) -> tuple[Any, Any]:
    read = np.array([number is not None for number in found], dtype=bool)
    return np.array([_NO_TIME if number is None else number for number in found], dtype=np.int64), read


def _microseconds(day: str) -> int | None:
    try:
        time = datetime.fromisoformat(day)
    except ValueError:  # such as 30 February
        return None
    return (time - _EPOCH.replace(tzinfo=time.tzinfo and UTC)) // timedelta(microseconds=1)


def _of_any(days: list[str | None]) -> tuple[Any, Any]:
    if find_spec("pandas") is None:  # in a browser, a rare form is reported, not read
        return _numbered([_microseconds(day) if day is not None and _PLAIN.fullmatch(day) else None for day in days])
    import pandas

    times = pandas.to_datetime(pandas.Series(days, dtype=object), format="ISO8601", errors="coerce", utc=True)
    numbers = times.dt.tz_localize(None).to_numpy().astype("datetime64[us]").astype(np.int64)
    return numbers, ~np.asarray(times.isna(), dtype=bool)


def _by_form(distinct: list[str], form: str) -> tuple[Any, Any]:
    """Return times in a site's own format, or as a number of minutes, hours or days, and whether each is one."""
    import pandas

    if form in RELATIVE:
        there = [_NUMBER.fullmatch(text) is not None for text in distinct]
        counted = [float(text) * RELATIVE[form] if known else 0 for text, known in zip(distinct, there, strict=True)]
        return np.array(counted, dtype=np.float64).astype(np.int64), np.array(there, dtype=bool)
    times = pandas.to_datetime(pandas.Series(distinct, dtype=object), format=form, errors="coerce", utc=True)
    numbers = times.dt.tz_localize(None).to_numpy().astype("datetime64[us]").astype(np.int64)
    return numbers, ~np.asarray(times.isna(), dtype=bool)


def as_iso(text: str) -> str | None:
    """Return an unambiguous time in ISO 8601, or None for any other text."""
    for pattern in _DAYS:
        found = pattern.match(text)
        if found is None:
            continue
        month = found["m"].casefold()
        day = f"{found['y']}-{_MONTHS.get(month) or int(month):02}-{int(found['d']):02}"
        rest = text[found.end() :].strip()
        return day if not rest else _clock(day, text[found.end() :])
    return None


def _clock(day: str, text: str) -> str | None:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hours, half = int(found["h"]), (found["half"] or "").casefold()[:1]
    if half and not 1 <= hours <= 12:
        return None
    hours = hours % 12 + 12 * (half == "p") if half else hours
    seconds = f":{found['s']}{found['f'] or ''}" if found["s"] else ""
    return f"{day}T{hours:02}:{found['min']}{seconds}{(found['offset'] or '').upper()}"
