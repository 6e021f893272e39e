"""Units as a journal prints them: `10*9/L` as `×10⁹/L`, `umol/L` as `µmol/L`."""

from __future__ import annotations

import re

__all__ = ["unit_label", "with_labels"]

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
#: The parts of a UCUM unit that are printed in another way: a power of ten, the micro sign, and names in brackets.
_TEN_TO_A_POWER = re.compile(r"(?:[x×X] ?)?10[*^](\d{1,2})(?=/)")
_MICRO = re.compile(r"(?<![A-Za-zµ])u(?=(?:g|mol|L|kat)(?![A-Za-z]))")
_NAMED = {
    " {index}": "",
    "{index}": "",
    "{1.73_m2}": "1.73 m²",
    "1.73m2": "1.73 m²",
    "{creat}": " creatinine",
    "m[IU]": "mIU",
    "[ppth]": "‰",
}


def unit_label(ucum: str) -> str:
    """Return the printed label of a UCUM unit; blank for the unit of an index."""
    return with_labels(ucum)


def with_labels(text: str) -> str:
    """Return a value, limit or sentence of this library with the printed labels of its units.

    >>> with_labels("3.9 10*9/L"), with_labels("above 0.75 umol/L")
    ('3.9 ×10⁹/L', 'above 0.75 µmol/L')

    """
    for named, label in _NAMED.items():
        if named in text:
            text = text.replace(named, label)
    if "10" in text:
        text = _TEN_TO_A_POWER.sub(lambda power: f"×10{power[1].translate(_SUPERSCRIPTS)}", text)
    return _MICRO.sub("µ", text) if "u" in text else text
