"""The layout of a text file: its encoding, its separator, and the lines of its header and first row.

Only unambiguous signs are used without an option: a byte order mark, Excel's `sep=;`, titles above a header with
recognized columns, and a row of units under it. Everything else needs an option.
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

#: The number of rows, and of bytes, that are read at the beginning of a file.
LOOKED_AT = 40
LOOKED_AT_BYTES = 1 << 18
#: A byte that cannot be decoded is reported at once if it is this near the beginning.
READ_AT_ONCE = 1 << 13
#: The most cells of a title line. A first line with more cells is the header.
TITLE_CELLS = 2

_SIGNS = (",", ";", "\t", "|")
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Layout:
    """The columns of a file, and the number of lines before its first row."""

    columns: tuple[str, ...]
    #: Lines of text, or rows of a sheet.
    before: int
    separator: str = ","
    encoding: str = "utf-8"
    #: Lines that were skipped or joined, in words for the summary.
    notes: tuple[str, ...] = ()


def usual_separator(path: Path) -> str:
    """Return the separator of a file's cells, by its name."""
    name = path.name.lower().removesuffix(".gz").removesuffix(".zst")
    return "\t" if name.endswith((".tsv", ".tab")) else ","


def layout_of(path: Path, *, encoding: str | None = None, skip_lines: int = 0) -> Layout:
    """Return the layout of a CSV from its beginning. Raises `ColumnError` if it is empty or cannot be decoded."""
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
    """Return a hint at the encoding of a text that cannot be decoded."""
    if isinstance(error, LookupError):
        return f"{error}. Known are, for example, cp1252, utf-16, cp932 and latin-1"
    if _looks_like_utf_16(start):
        return "its bytes look like UTF-16. Use --encoding utf-16-le (encoding= in Python)"
    return (
        "a byte that is not UTF-8. A CSV from Excel is often in cp1252: use --encoding cp1252 (encoding= in "
        "Python), or save it as 'CSV UTF-8'"
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
        raise ColumnError(f"{path}: expected a header line and rows, got an empty file", code="empty_file")
    found = next((sign for sign in signs if _is_header([row for row, _ in rows[sign]])), None)
    if found is None:
        found = _dividing(signs, {sign: len(next(row for row, _ in rows[sign] if row)) for sign in signs})
    layout = layout_of_rows([row for row, _ in rows[found]], places=[end for _, end in rows[found]])
    return Layout(layout.columns, skipped + layout.before, found, encoding, layout.notes)


def _rows(lines: list[str], sign: str) -> Iterator[tuple[list[str], int]]:
    """Yield the first rows that are not empty, each with the number of lines to its end."""
    reader = csv.reader(lines, delimiter=sign)
    found = 0
    try:
        for row in reader:
            if row:
                found += 1
                yield row, reader.line_num
            if found == LOOKED_AT:
                return
    except csv.Error:  # raised again when the file is read
        return


def _dividing(signs: Sequence[str], widths: dict[str, int]) -> str:
    """Return the usual separator, or the only other one that divides the header."""
    others = [sign for sign in signs[1:] if widths[sign] > 1]
    return others[0] if widths[signs[0]] == 1 and len(others) == 1 else signs[0]


def layout_of_rows(rows: list[list[str]], places: list[int] | None = None) -> Layout:
    """Find the header among the first rows, and units under it. `places` holds the lines to each row's end."""
    ends = places or list(range(1, len(rows) + 1))
    place = _header_place(rows)
    names, notes = _named_once(rows[place]), [f"{count_of(place, 'line')} above the header skipped"] * (place > 0)
    units = _units_under(names, rows[place + 1]) if len(rows) > place + 1 else {}
    if units:
        names = [f"{name} [{units[name]}]" if name in units else name for name in names]
        notes.append("the row under the header was read as units")
        place += 1
    return Layout(tuple(names), ends[place], notes=tuple(notes))


def _header_place(rows: list[list[str]]) -> int:
    """Return the place of the header: the first row, or a recognized one below lines of one or two cells."""
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
    except ColumnError:  # it is long, but needs an option
        return True


def _named_once(header: list[str]) -> list[str]:
    """Return the names of columns. Nameless columns get different numbers of blanks as names."""
    blanks = 0
    names: list[str] = []
    for name in header:
        names.append(name if name.strip() else " " * blanks)
        blanks += not name.strip()
    return names


def _units_under(names: list[str], row: list[str]) -> dict[str, str]:
    """Return the units in the row under a header, by column; empty if it is a row of results."""
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
