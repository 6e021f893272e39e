"""HL7 v2 messages split into segments and fields.

Delimiters, escapes, line ends, character sets, and limits of size.

Fields stay as sent until they are read, so that a delimiter inside an escape never splits one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from b12labs.integrations.hl7v2.lines import LINE_END, HL7Error, lines

__all__ = ["MAX_BYTES", "MAX_FIELDS", "MAX_PARTS", "MAX_SEGMENTS", "Delimiters", "HL7Error", "Segment", "split"]

#: The limits of size; an ORU of a large panel has about a hundred segments of about ten fields.
MAX_BYTES, MAX_SEGMENTS, MAX_FIELDS, MAX_PARTS = 2 * 1024 * 1024, 10_000, 500, 1_000
#: The only lines that may come before the first message: headers of a batch.
_HEADERS = ("FHS", "BHS")
_FRAME = "\ufeff\x0b\x1c \t"
_START = re.compile(r"(?:\A|(?<=[\r\n\x0b\ufeff]))[ \t]*(?=MSH[^A-Za-z0-9\s])")
_LETTERS = re.compile(r"(?:[NH]|\.(?:br|ce|fi|nf|(?:sp|sk|in|ti)[+-]?\d*))", re.ASCII)
_HEX = re.compile(r"X((?:[0-9A-Fa-f]{2})+)")
#: Characters of results, times and names: none may be a delimiter.
_WRITTEN = frozenset("<>=.,+-/\"'")
#: HL7 table 0211, and other spellings of the same.
_CHARSETS = {
    **dict.fromkeys(("", "UNICODE UTF-8", "UTF-8", "UTF8"), "utf-8"),
    **dict.fromkeys(("ASCII", "US-ASCII"), "ascii"),
    **{
        spelling.format(part): f"iso8859-{part}"
        for part in (*range(1, 10), 15)
        for spelling in ("8859/{}", "ISO-8859-{}")
    },
    **dict.fromkeys(("WINDOWS-1252", "CP1252"), "cp1252"),
}
_NULL = '""'


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The delimiters that MSH-1 and MSH-2 declare."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: `fields[n]` is its field n as sent, and `fields[0]` its name.

    `charset` is the character set of hexadecimal escapes. `broken` are the fields in which a line ended.
    """

    name: str
    fields: list[str]
    delimiters: Delimiters
    charset: str
    broken: tuple[int, ...] = ()

    def repetitions(self, number: int) -> list[str]:
        """Return the repetitions of a field as sent, at least one.

        The null of HL7 is blank. Raises `HL7Error` if there are too many.
        """
        return self._parts(self.fields[number] if number < len(self.fields) else "", self.delimiters.repetition)

    def components(self, repetition: str) -> list[str]:
        """Return the components of a repetition as texts. Raises `HL7Error` if there are too many."""
        return [self.text(part) for part in self._parts(repetition, self.delimiters.component)]

    def only(self, number: int) -> str:
        """Return the one value of a field. Repetitions that differ stay one text, which is never read as a result."""
        said = list(dict.fromkeys(part for part in self.repetitions(number) if part))
        signs = self.delimiters
        if len(said) > 1:
            return f" {signs.repetition} ".join(part.replace(signs.component, " ") for part in said)
        return said[0] if said else ""

    def part(self, number: int, component: int = 1) -> str:
        """Return a component (numbered from 1) of a field without repetitions, blank if it is not there."""
        parts = self.components(self.only(number))
        return parts[component - 1] if component <= len(parts) else ""

    def subcomponents(self, number: int) -> list[str]:
        """Return the subcomponents of a field's first component as texts."""
        first = self._parts(self.repetitions(number)[0], self.delimiters.component)[0]
        return [self.text(part) for part in self._parts(first, self.delimiters.subcomponent)]

    def text(self, sent: str) -> str:
        """Return a part as text, with its escapes read and without white space around it.

        An unknown escape stays in the text, so that the text is not read as a number.
        """
        mark = self.delimiters.escape
        if mark in sent:
            sent = re.sub(f"{re.escape(mark)}([^{re.escape(mark)}]*){re.escape(mark)}", self._escaped, sent)
        return sent.strip()

    def _escaped(self, found: re.Match[str]) -> str:
        said = found[1]
        signs = self.delimiters
        known = {
            "F": signs.field,
            "S": signs.component,
            "R": signs.repetition,
            "E": signs.escape,
            "T": signs.subcomponent,
            ".br": "\n",
        }
        if said in known:
            return known[said]
        if _LETTERS.fullmatch(said):
            return " " if said.startswith(".") else ""
        code = _HEX.fullmatch(said)
        try:
            return bytes.fromhex(code[1]).decode(self.charset) if code and self.charset else found[0]
        except UnicodeDecodeError:
            return found[0]

    def _parts(self, sent: str, delimiter: str) -> list[str]:
        if delimiter not in sent:
            return ["" if sent == _NULL else sent]
        if sent.count(delimiter) >= MAX_PARTS:
            why = f"{self.name}: expected at most {MAX_PARTS} parts in a field"
            raise HL7Error(why, code="too_large", field=self.name)
        return ["" if part == _NULL else part for part in sent.split(delimiter)]


def split(message: str | bytes) -> list[Segment]:
    """Split a text of one or more messages, one after the other, into segments; every message begins with its MSH.

    CR, LF and CRLF end a segment. A line that does not look like a segment continues the one before. Bytes are read in
    the character set of MSH-18, or UTF-8 if it is blank. Raises `HL7Error`.
    """
    if not isinstance(message, str | bytes):
        raise HL7Error(f"message: expected a text or bytes, got {type(message).__name__}", code="not_a_message")
    if len(message) > MAX_BYTES:
        raise HL7Error(f"message: expected at most {MAX_BYTES:,} bytes, got {len(message):,}", code="too_large")
    # Every supported character set includes ASCII, so each MSH is found before its character set is known.
    text = message if isinstance(message, str) else message.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    starts = [found.end() for found in _START.finditer(text)]
    before = [line.strip(_FRAME) for line in LINE_END.split(text[: starts[0]])] if starts else ["none"]
    if not all(not line or line.startswith(_HEADERS) for line in before):
        raise HL7Error(
            "message: expected MSH and its delimiters at the beginning, such as MSH|^~\\&|",
            code="not_a_message",
            field="MSH",
        )
    segments: list[Segment] = []
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        part = text[start:end]
        segments.extend(_segments(part if isinstance(message, str) else part.encode("latin-1")))
        if len(segments) > MAX_SEGMENTS:
            raise HL7Error(f"message: expected at most {MAX_SEGMENTS:,} segments", code="too_large")
    return segments


def _segments(message: str | bytes) -> Iterator[Segment]:
    """Split one message, which begins with MSH."""
    head = LINE_END.split(message if isinstance(message, str) else message.decode("latin-1"))[0]
    delimiters = _delimiters(head)
    declared = next(islice(head.split(delimiters.field), 17, None), "")
    declared = declared.split(delimiters.repetition)[0].strip().upper()
    charset = _CHARSETS.get(declared, "")
    text = message if isinstance(message, str) else _decoded(message, charset)
    if not text.isascii():
        _check_whole(text)
    for place, (line, broken) in enumerate(lines(text.strip(f"{_FRAME}\r\n"), delimiters.field), start=1):
        if line.count(delimiters.field) > MAX_FIELDS:
            raise HL7Error(f"segment {place}: expected at most {MAX_FIELDS} fields", code="too_large")
        name, *fields = line.split(delimiters.field)
        first = [name, delimiters.field] if name == "MSH" else [name]
        yield Segment(name, [*first, *fields], delimiters, charset, broken)


def _delimiters(head: str) -> Delimiters:
    """Return the delimiters; the fifth character of MSH-2 marks truncated text, and is read as text here."""
    sign = head[3]
    signs = head[4:].partition(sign)[0]
    fit = all(
        one.isascii() and one.isprintable() and not one.isalnum() and one not in _WRITTEN and one != " "
        for one in sign + signs
    )
    if len(signs) not in (4, 5) or len({sign, *signs}) != len(signs) + 1 or not fit:
        raise HL7Error(
            "MSH-2: expected four or five different delimiters that do not occur in results, such as MSH|^~\\&|",
            code="delimiters",
            field="MSH-2",
        )
    return Delimiters(sign, *signs[:4])


def _decoded(message: bytes, charset: str) -> str:
    if not charset:
        raise HL7Error(
            "MSH-18: expected a known character set. Decode the message, and pass the text",
            code="unknown_charset",
            field="MSH-18",
        )
    try:
        return message.decode(charset)
    except UnicodeDecodeError as error:
        raise HL7Error(
            f"MSH-18: byte {error.start} is not valid in {charset}. Decode the message, and pass the text",
            code="undecodable",
            field="MSH-18",
        ) from None


def _check_whole(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise HL7Error(
            "message: expected text, got half a surrogate pair. Pass the bytes", code="undecodable"
        ) from None
