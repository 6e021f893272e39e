"""How a file of text is laid out: its encoding, what stands between cells, and where its header and first row are.

Only what leaves no doubt is taken by itself: a byte order mark, Excel's `sep=;`, titles above a header whose columns
are recognized, and a row of units under it. Everything else is said with an option.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from b12labs.draws.columns import recognize_long
from b12labs.errors import ColumnError
from b12labs.files.compressed import plain_bytes
from b12labs.inputs.ages import read_age
from b12labs.inputs.several import by_unit
from b12labs.inputs.units import is_unit_of
from b12labs.site_mapping.header_names import split_header, target_of
from b12labs.text import count_of

__all__ = ["Layout", "decoding_hint", "layout_of", "layout_of_rows", "usual_separator"]

#: How many rows at the beginning of a file are looked at.
LOOKED_AT = 40
LOOKED_AT_BYTES = 1 << 18
#: A byte that cannot be decoded is said at once if it stands so near the beginning.
READ_AT_ONCE = 1 << 13
#: The most cells of a line that is a title, and of a table that has none above it.
TITLE_CELLS = 2

_SIGNS = (",", ";", "\t", "|")
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Layout:
    """The columns of a file, and how many of its lines stand before the first row."""

    columns: tuple[str, ...]
    #: Lines of text, or rows of a sheet.
    before: int
    separator: str = ","
    encoding: str = "utf-8"
    #: What was passed over or joined, for the summary.
    notes: tuple[str, ...] = ()


def usual_separator(path: Path) -> str:
    """Return what stands between the cells of a file by its name."""
    name = path.name.lower().removesuffix(".gz").removesuffix(".zst")
    return "\t" if name.endswith((".tsv", ".tab")) else ","


def layout_of(path: Path, *, encoding: str | None = None, skip_lines: int = 0) -> Layout:
    """Look at the beginning of a CSV; raises `ColumnError` where it is empty or cannot be decoded."""
    with path.open("rb") as raw, plain_bytes(path, raw) as held:
        try:
            start = held.read(LOOKED_AT_BYTES)
            encoding = encoding or next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
            if encoding == "utf-8" and _looks_like_utf_16(start):
                raise UnicodeError("zero bytes")
            lines = _lines(start, _with_mark(encoding), whole=len(start) < LOOKED_AT_BYTES)
        except (UnicodeError, LookupError) as error:
            row = max(start[: getattr(error, "start", 0)].count(b"\n") - 1, 0)
            raise ColumnError(
                f"{path}: not readable as CSV in {encoding} after row {row}; {decoding_hint(error, start)}",
                code="unreadable_file",
            ) from None
        except (EOFError, zlib.error, OSError) as error:
            raise ColumnError(f"{path}: not readable as CSV after row 0; {error}", code="unreadable_file") from None
    return _of_lines(path, lines, skip_lines, encoding)


def _lines(start: bytes, encoding: str, *, whole: bool) -> list[str]:
    """Return the first lines. A later byte that cannot be decoded is reported when its row is read."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(start, final=whole)
    except UnicodeDecodeError as error:
        if error.start < READ_AT_ONCE:
            raise
        text = start[: error.start].decode(encoding, errors="ignore")
    return list(islice(io.StringIO(text, newline=""), 10 * LOOKED_AT))


def _with_mark(encoding: str) -> str:
    return "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding


def _looks_like_utf_16(start: bytes) -> bool:
    return any(3 * start[first:400:2].count(0) > len(start[first:400:2]) for first in (0, 1))


def decoding_hint(error: Exception, start: bytes = b"") -> str:
    """Say what a text that cannot be decoded may be written in."""
    if isinstance(error, LookupError):
        return f"{error}; cp1252, utf-16, cp932 and latin-1 are some that are known"
    if _looks_like_utf_16(start):
        return "its bytes look like UTF-16: say it with --encoding utf-16-le (encoding= in Python)"
    return (
        "a byte that is not UTF-8; a CSV of Excel is often in cp1252: say it with --encoding cp1252 (encoding= in "
        "Python), or save as 'CSV UTF-8'"
    )


def _of_lines(path: Path, lines: list[str], skip_lines: int, encoding: str) -> Layout:
    rest = lines[skip_lines:]
    said = next((line for line in rest if line.strip()), "")
    told = _SEP.fullmatch(said)
    skipped = skip_lines + (rest.index(said) + 1 if told else 0)
    usual = usual_separator(path)
    signs = (told[1],) if told else (usual, *(sign for sign in _SIGNS if sign != usual))
    rows = {sign: list(_rows(lines[skipped:], sign)) for sign in signs}
    first = rows[signs[0]]
    if not any(any(row) for row, _ in first):
        raise ColumnError(f"{path}: the file is empty; expected a header line and rows", code="empty_file")
    found = next((sign for sign in signs if _is_header([row for row, _ in rows[sign]])), None)
    if found is None:
        found = _dividing(signs, {sign: len(next(row for row, _ in rows[sign] if row)) for sign in signs})
    layout = layout_of_rows([row for row, _ in rows[found]], places=[end for _, end in rows[found]])
    return Layout(layout.columns, skipped + layout.before, found, encoding, layout.notes)


def _rows(lines: list[str], sign: str) -> Iterator[tuple[list[str], int]]:
    """Yield the first rows that are not empty, each with how many lines it ends after."""
    reader = csv.reader(lines, delimiter=sign)
    found = 0
    try:
        for row in reader:
            if row:
                found += 1
                yield row, reader.line_num
            if found == LOOKED_AT:
                return
    except csv.Error:  # said where the file is read
        return


def _dividing(signs: Sequence[str], widths: dict[str, int]) -> str:
    """Return the usual sign, or the only one that divides the header."""
    others = [sign for sign in signs[1:] if widths[sign] > 1]
    return others[0] if widths[signs[0]] == 1 and len(others) == 1 else signs[0]


def layout_of_rows(rows: list[list[str]], places: list[int] | None = None) -> Layout:
    """Find the header among the first rows, and units under it. `places` says after how many lines a row ends."""
    ends = places or list(range(1, len(rows) + 1))
    place = _header_place(rows)
    names, notes = _named_once(rows[place]), [f"{count_of(place, 'line')} above the header passed over"] * (place > 0)
    units = _units_under(names, rows[place + 1]) if len(rows) > place + 1 else {}
    if units:
        names = [f"{name} [{units[name]}]" if name in units else name for name in names]
        notes.append("the row under the header read as units")
        place += 1
    return Layout(tuple(names), ends[place], notes=tuple(notes))


def _header_place(rows: list[list[str]]) -> int:
    """Return which row is the header: the first, or one that is recognized below lines of a cell or two."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    if filled[0] > TITLE_CELLS:
        return 0
    wide = next((place for place, count in enumerate(filled) if count > TITLE_CELLS), 0)
    return wide if wide and _is_recognized(rows[wide]) else 0


def _is_header(rows: list[list[str]]) -> bool:
    return bool(rows) and _is_recognized(rows[_header_place(rows)])


def _is_recognized(row: list[str]) -> bool:
    cells = [cell for cell in row if cell.strip()]
    if any((found := target_of(*split_header(cell))) and found[0] == "analyte" for cell in cells):
        return True
    try:
        return recognize_long(list(dict.fromkeys(cells))) is not None
    except ColumnError:  # it is long, and something of it must be said
        return True


def _named_once(header: list[str]) -> list[str]:
    """Return the names of columns; those without a name are told apart by blanks, which no one sees."""
    blanks = 0
    names: list[str] = []
    for name in header:
        names.append(name if name.strip() else " " * blanks)
        blanks += not name.strip()
    return names


def _units_under(names: list[str], row: list[str]) -> dict[str, str]:
    """Return the units in the row under a header, by column; none if it is a row of results."""
    units: dict[str, str] = {}
    for name, cell in zip(names, row, strict=False):
        text = cell.strip().strip("[]()").strip()
        target = target_of(*split_header(name))
        if not text or (target and target[0] == "analyte" and split_header(name)[1]):
            continue
        if target and target[0] == "analyte":
            if not re.search(r"[^\W\d]|%", text) or not is_unit_of(by_unit(target[1], text), text):
                return {}
            units[name] = text
        elif target == ("patient", "age") and _is_age_unit(text):
            units[name] = text
        elif any(map(str.isdigit, text)):
            return {}
    return units if any(target_of(*split_header(name)) != ("patient", "age") for name in units) else {}


def _is_age_unit(text: str) -> bool:
    try:
        return read_age("1", text) is not None
    except ValueError:
        return False
