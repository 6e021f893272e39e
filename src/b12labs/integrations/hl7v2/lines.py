"""The lines of a message as segments.

A line that looks like a segment is read as that segment, or the message is refused.

Senders put blanks, quotes or marks around the name of a segment. If such a line were joined to the field before, it
would hide a result, or give the results of one patient to another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from b12labs.errors import B12LabsError

__all__ = ["KNOWN", "LINE_END", "HL7Error", "lines"]

LINE_END = re.compile(r"\r\n|\r|\n")
#: Segments of messages of results; a site's own segments begin with Z.
KNOWN = frozenset(
    name
    for group in (
        "MSH PID OBR OBX SPM NTE DSC FHS BHS BTS FTS SFT UAC PD1 PRT NK1 ARV GSP GSR GSC PV1 PV2 ORC TQ1 TQ2",
        "CTD FT1 CTI PRB ROL AL1 DG1 GT1 IN1 IN2 IN3 SAC INV SID RXA RXC RXD RXE RXG RXO RXR",
    )
    for name in group.split()
)
#: A name with blanks in it (`P ID`), and digits that look like its letters (`0BX`).
_LONGEST_NAME, _LOOK_ALIKES = 5, str.maketrans("01", "OI")
_LOOKS_LIKE = {name.translate(_LOOK_ALIKES): name for name in KNOWN}
_NAME = re.compile(r"\s*([A-Za-z][A-Za-z0-9]{2})(\s*)")
#: The first letters of a line, after characters and numbers that are not part of a name.
_FIRST_WORD = re.compile(r"[\W\d_]*([A-Za-z][A-Za-z0-9]{2})(?P<more>[A-Za-z0-9]?)")
#: Invisible characters that Python does not treat as blanks.
_INVISIBLE = str.maketrans(dict.fromkeys("\ufeff\u200b\u200c\u200d\u2060\u00ad\0", " "))


class HL7Error(B12LabsError):
    """A text that cannot be read as messages of results.

    The message names the place and the expected content, and repeats nothing of the text.
    """


def lines(text: str, sign: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield every segment of a message as one text, with the numbers of the fields in which a line of it ended.

    `sign` is the field separator. A line that does not look like a segment continues the segment before. Raises
    `HL7Error`.
    """
    parts: list[str] = []
    broken: dict[int, None] = {}
    field = 0
    for place, line in enumerate(LINE_END.split(text), start=1):
        start = _beginning(line, sign, place)
        if start is None:
            if line.strip():
                broken[field] = None
                parts.append(line)
                field += line.count(sign)
            continue
        if parts:
            yield "\n".join(parts), tuple(broken)
        parts, broken = [start], {}
        field = start.count(sign) + start.startswith("MSH")
    yield "\n".join(parts), tuple(broken)


def _beginning(line: str, sign: str, place: int) -> str | None:
    """Return the first line of a segment without the blanks around its name, or None if it continues a segment."""
    plain = line.translate(_INVISIBLE)
    first = _FIRST_WORD.match(plain)
    inside = _inside(sign).search(plain, first.end() if first else 0)
    if inside is not None:
        why = f"line {place}: expected {inside[0][:3]}{sign} on a line of its own, got it within another segment"
        raise HL7Error(why, code="segment_name", field=inside[0][:3])
    found = _NAME.match(plain)
    after = "" if found is None else plain[found.end() :][:1]
    own = found is not None and (after == sign or (not after and found[1].isupper()))
    if found is not None and own and (found[1] != "MSH" or place == 1):
        if not found[1].isupper():
            raise HL7Error(f"line {place}: expected the name of a segment in capitals", code="segment_name")
        if found[1] not in KNOWN:
            _refuse_near(found[1], sign, place)
        return found[1] + line[found.end() :]
    name = "" if first is None else first[1] if first["more"] else first[1].upper()
    if name in KNOWN and sign in plain:
        raise HL7Error(
            f"line {place}: expected {name}{sign} at the beginning, got other characters before or after the name",
            code="segment_name",
            field=name,
        )
    if sign in plain:
        _refuse_near(re.sub(r"\W", "", plain.partition(sign)[0][:_LONGEST_NAME]), sign, place)
    return None


def _refuse_near(name: str, sign: str, place: int) -> None:
    """Refuse a name that looks like that of a known segment."""
    meant = _LOOKS_LIKE.get(name.translate(_LOOK_ALIKES))
    if meant is not None:
        raise HL7Error(f"line {place}: expected {meant}{sign}", code="segment_name", field=meant)


@cache
def _inside(sign: str) -> re.Pattern[str]:
    """Return the pattern of a segment's beginning: its name and number, a value's type, or a message's delimiters."""
    bar = re.escape(sign)
    return re.compile(
        rf"(?<!{bar})(?:PID|OBR|SPM){bar}\d*{bar}|OBX{bar}\d*{bar}[A-Z]{{2,3}}{bar}|MSH{bar}[^A-Za-z0-9\s]{{4,5}}{bar}"
    )
