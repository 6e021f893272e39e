"""A unit by its parts: prefix, base, per, volume; symbols and words, in the forms that laboratories print.

`10⁹/L`, `Tsd./µl`, `千/μL`, `nanograms per milliliter`, `ｐｇ／ｍｌ` and `{cells}/uL` are understood by
their parts. A spelling of which any part is not understood is not read, so that a unit that was cut short or misprinted
stays unknown. The closed list of units.toml, with its look-alikes, comes first.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["size_of"]

_LONGEST = 60
#: A micro sign is a prefix, and is no `U` for units.
_PREFIX_ALONE = re.compile(r"\s*[µμ]\s*[/／]")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
#: Signs that other scripts use for a part; longer ones first.
_SIGNS = (
    ("百万", "10^6"), ("百", "10^2"), ("千", "10^3"), ("万", "10^4"), ("モル", "mol"), ("単位", "U"), ("分", "min"),
    ("個", "cells"), ("×", "x"), ("µ", "u"), ("μ", "u"), ("℃", "C"), ("°C", "C"), ("゜C", "C"), ("゜", "C"),
    ("㎡", "m2"), ("㎎", "mg"), ("・", "."), ("･", "."), ("·", "."), ("⋅", "."), ("\\S\\", "^"),
)  # fmt: skip
#: Words for parts; they are matched whole, in any case.
_WORDS = {
    "femto": "f", "pico": "p", "nano": "n", "micro": "u", "mikro": "u", "milli": "m", "centi": "c", "deci": "d",
}  # fmt: skip
_PREFIX = {
    "f": 1e-15, "p": 1e-12, "n": 1e-9, "u": 1e-6, "mc": 1e-6, "mic": 1e-6, "micro": 1e-6, "mikro": 1e-6, "m": 1e-3,
    "c": 1e-2, "d": 1e-1, "": 1.0, "k": 1e3,
}  # fmt: skip
#: Volumes in cubic meters.
_VOLUMES = {
    "l": 1e-3, "dl": 1e-4, "cl": 1e-5, "ml": 1e-6, "ul": 1e-9, "mcl": 1e-9, "nl": 1e-12, "pl": 1e-15, "fl": 1e-18,
    "mm3": 1e-9, "mm^3": 1e-9, "mm*3": 1e-9, "cumm": 1e-9, "cmm": 1e-9, "um3": 1e-18, "um^3": 1e-18, "100ml": 1e-4,
    "microl": 1e-9, "mikrol": 1e-9, "millil": 1e-6, "decil": 1e-4, "cm3": 1e-6, "dm3": 1e-3,
}  # fmt: skip
#: Numbers before a volume, in words.
_NUMBERS = {
    "k": 1e3, "thou": 1e3, "thousand": 1e3, "thousands": 1e3, "tsd": 1e3, "tausend": 1e3,
    "mio": 1e6, "mill": 1e6, "million": 1e6, "millions": 1e6, "billion": 1e9, "billions": 1e9, "trillion": 1e12,
    "giga": 1e9, "tera": 1e12, "gpt": 1e9, "tpt": 1e12, "mpt": 1e6, "hundred": 1e2,
}  # fmt: skip
#: What is counted; it says no more than that it is a number.
_COUNTED = (
    r"(?:cells?|zellen|cel|leukocytes|leu|leuko|ery|erys|rbcs?|wbcs?|plts?|thrombo|particles|partikel|count|#|nr|no)"
)
_POWER = re.compile(
    r"[x*.]?(?:10(?:(?:\*\*|[*^ex])\(?(?P<power>\d{1,2})\)?|\((?P<held>\d{1,2})\))|e0?(?P<alone>\d{1,2}))",
    re.IGNORECASE,
)
_PLAIN_NUMBER = re.compile(r"x?1(?P<zeros>0{2,6})")
_CREATININE = r"(?:\{?creat(?:inine)?\}?|crea|krea|cre|cr|kreatinin)\.?"
_RATE = re.compile(r"ml[/.]min[/.]?[\[({]?1[.,_]73(?:_m2|m2|m\^2|m\*2|qm|sqm)[\])}]?", re.IGNORECASE)
_ENZYME = re.compile(r"(?:u|iu|\[iu\]|e|ie|ui|units?)/l(?:[/.]?37C)?", re.IGNORECASE)
_ARBITRARY = re.compile(r"(?:u|au|\{au\}|\[arb'u\]|ru|yks|units?)/ml", re.IGNORECASE)


def size_of(kind: str, spelling: str) -> float | None:
    """Return the size in SI base units of a spelling as a unit of a kind, or None if it is not one."""
    if len(spelling) > _LONGEST or _PREFIX_ALONE.match(spelling):
        return None
    text = _normal(spelling)
    read = _READERS.get(kind)
    return read(text) if read and text else None


def _normal(spelling: str) -> str:
    """Return a spelling in plain signs, without blanks and without annotations that carry no meaning."""
    text = _SUPERSCRIPT.sub(lambda found: "^" + found[0].translate(_SUPERSCRIPTS), spelling.strip())
    text = unicodedata.normalize("NFKC", text)
    for sign, plain in _SIGNS:
        text = text.replace(sign, plain)
    text = re.sub(r"\b10\s+(?=\d)", "10^", text)
    text = re.sub(r"\s+per\s+|\bpro\s+", "/", text, flags=re.IGNORECASE)
    text = re.sub(r"\s+", "", text)
    # An annotation in braces says what is counted or measured, and nothing of its size.
    text = re.sub(r"\.?\{(?!1[._]73|creat|AU\}|au\})[^{}]{0,30}\}", "", text)
    text = text.removesuffix(".") if re.search(r"[A-Za-z]\.$", text) else text
    return re.sub(r"\.L-1$", "/L", text)


def _volume(text: str) -> float | None:
    known = _VOLUMES.get(text.casefold())
    if known is not None:
        return known
    word = re.fullmatch(r"(femto|pico|nano|micro|mikro|milli|deci)?(liters?|litres?)", text.casefold())
    return None if word is None else _PREFIX[_WORDS.get(word[1] or "", "")] * 1e-3


def _amount(text: str, bases: str) -> float | None:
    """Return the size of `ng`, `nanograms` or `NMOL` in its base (gram, mole, katal)."""
    long, upper = "femto|pico|nano|micro|mikro|milli|mic|mc", text.isupper()
    found = re.fullmatch(rf"(?P<prefix>{long}|[fpnumckFPNUM]?)(?P<base>{bases})", text)
    if found is None:
        short = "[fpnumk]?" if upper else "[fpnuk]?"
        found = re.fullmatch(rf"(?P<prefix>{long}|{short})(?P<base>{bases})", text.casefold())
    if found is None:
        return None
    prefix = found["prefix"]
    # M is mega as written; a whole spelling in capitals (MG/DL) writes milli so.
    if prefix == "M" and not upper:
        return None
    return _PREFIX.get(_WORDS.get(prefix.casefold(), prefix.casefold()))


def _concentration(text: str, bases: str, scale: float) -> float | None:
    top, slash, below = text.partition("/")
    volume = _volume(below) if slash else None
    amount = _amount(top, bases) if volume else None
    return None if amount is None or volume is None else amount * scale / volume


def _mass(text: str) -> float | None:
    return _concentration(re.sub(r"^([a-z]?g)Hb/", r"\1/", text), r"grams?|gm|g|G", 1e-3)


def _substance(text: str) -> float | None:
    return _concentration(text, r"moles?|mol|MOL|Mol", 1.0)


def _count(text: str) -> float | None:
    top, slash, below = text.partition("/")
    volume = _volume(below) if slash else None
    if volume is None:
        return None
    top = re.sub(rf"\.?{_COUNTED}$", "", top, flags=re.IGNORECASE)
    number = _number(top)
    return None if number is None else number / volume


def _number(text: str) -> float | None:
    if text in ("", "x", "1"):
        return 1.0
    power = _POWER.fullmatch(text)
    if power is not None:
        return float(10 ** int(power["power"] or power["held"] or power["alone"]))
    plain = _PLAIN_NUMBER.fullmatch(text.casefold())
    if plain is not None:
        return float(10 ** len(plain["zeros"]))
    if text in ("G", "T"):
        return 1e9 if text == "G" else 1e12
    return _NUMBERS.get(text.casefold().removeprefix("x").rstrip("."))


def _fraction(text: str) -> float | None:
    words = {
        "%": 0.01, "vol%": 0.01, "volume%": 0.01, "percent": 0.01, "l/l": 1.0, "ml/ml": 1.0, "o/oo": 0.001,
        "promille": 0.001, "permille": 0.001, "osuus": 1.0, "suhde": 1.0, "dl/dl": 1.0,
    }  # fmt: skip
    return words.get(text.casefold())


def _cell_volume(text: str) -> float | None:
    return 1e-18 if text.casefold() in ("fl", "um3", "um^3", "femtoliter", "femtoliters", "cubicmicron") else None


def _cell_mass(text: str) -> float | None:
    top = re.sub(r"/?(?:cell|rbc|\{?cell\}?)$", "", text, flags=re.IGNORECASE)
    return 1e-15 if top.casefold() in ("pg", "picogram", "picograms") else None


def _catalytic(text: str) -> float | None:
    if _ENZYME.fullmatch(text):
        return 1e-6 / 60 / 1e-3
    if re.fullmatch(r"umol/\(?s[*.]l\)?", text, re.IGNORECASE):
        return 1e-3
    return _concentration(text, r"katals?|kat|KAT", 1.0)


def _rate(text: str) -> float | None:
    return 1e-6 / 60 if _RATE.fullmatch(text) else None


def _ratio(text: str) -> float | None:
    found = re.fullmatch(rf"(?P<top>[a-zA-Z]+)/(?P<below>[a-zA-Z]+?)[.*]?(?P<of>{_CREATININE})", text, re.IGNORECASE)
    if found is None:
        return None
    for bases in (r"moles?|mol|MOL|M", r"grams?|g|G"):
        top, below = _amount(found["top"], bases), _amount(found["below"], bases)
        if top is not None and below is not None:
            return top / below
    return None


def _arbitrary(text: str) -> float | None:
    return 1.0 if _ARBITRARY.fullmatch(text) else None


_READERS = {
    "mass_concentration": _mass,
    "substance_concentration": _substance,
    "number_concentration": _count,
    "fraction": _fraction,
    "volume": _cell_volume,
    "mass": _cell_mass,
    "catalytic_concentration": _catalytic,
    "filtration_rate": _rate,
    "ratio_to_creatinine": _ratio,
    "arbitrary_concentration": _arbitrary,
}
