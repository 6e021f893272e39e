"""A unit by its parts: prefix, base, per, volume; symbols and words, in the forms that laboratories print.

`10⁹/L`, `Tsd./µl`, `千/μL`, `nanograms per milliliter`, `ｐｇ／ｍｌ` and `{cells}/uL` are understood by their parts. A
spelling with a part that is not understood is not read, so a unit that is cut short or misprinted stays unknown. The
closed list of units.toml, with its look-alikes, takes precedence.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["is_ambiguous", "is_per_mass", "size_of"]

_LONGEST = 60
#: A micro sign is a prefix, not a `U` for units.
_PREFIX_ALONE = re.compile(r"\s*[µμ]\s*[/／]")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
#: Signs that other scripts use for a part; longer ones first.
_SIGNS = (
    ("百万", "10^6"), ("百", "10^2"), ("千", "10^3"), ("万", "10^4"), ("モル", "mol"), ("単位", "U"), ("分", "min"),
    ("個", "cells"), ("×", "x"), ("µ", "u"), ("μ", "u"), ("℃", "C"), ("°C", "C"), ("゜C", "C"), ("゜", "C"),
    ("㎡", "m2"), ("㎖", "ml"), ("㎗", "dl"), ("㎍", "ug"), ("㎎", "mg"),
    ("・", "."), ("･", "."), ("·", "."), ("⋅", "."), ("\\S\\", "^"),
)  # fmt: skip
#: Parts in Cyrillic letters; longer ones first. A spelling with a remaining Cyrillic letter is not read.
_CYRILLIC = (
    ("моль", "mol"), ("МЕ", "IU"), ("Ед", "U"), ("ед", "U"), ("тыс", "thou"), ("млрд", "billion"), ("млн", "million"),
    ("клеток", "cells"), ("мин", "min"), ("мкм", "um"), ("мк", "u"), ("мм", "mm"), ("дл", "dL"), ("мл", "mL"),
    ("фл", "fL"), ("н", "n"), ("п", "p"), ("м", "m"), ("г", "g"), ("Г", "G"), ("Т", "T"), ("л", "L"),
)  # fmt: skip
#: Words for parts; they are matched whole, in any case.
_WORDS = {
    "femto": "f", "pico": "p", "piko": "p", "nano": "n", "micro": "u", "mikro": "u", "milli": "m",
    "deci": "d",
}  # fmt: skip


def _sizes(*spellings: tuple[float, str]) -> dict[str, float]:
    """Return the size of every spelling, from the spellings of each size."""
    return {spelling: size for size, of_size in spellings for spelling in of_size.split()}


_PREFIX = {
    "": 1.0,
    **_sizes(
        (1e-15, "f"),
        (1e-12, "p"),
        (1e-9, "n"),
        (1e-6, "u mc mic"),
        (1e-3, "m"),
        (1e-1, "d"),
        (1e3, "k"),
    ),
}
#: Volumes in cubic meters.
_VOLUMES = _sizes(
    (1e-3, "l dm3"),
    (1e-4, "dl decil 100ml"),
    (1e-5, "cl"),
    (1e-6, "ml millil cm3 cc"),
    (1e-9, "ul mcl microl mikrol mm3 mm^3 mm*3 mm**3 cumm cmm cu.mm"),
    (1e-12, "nl"),
    (1e-15, "pl"),
    (1e-18, "fl um3 um^3"),
)
#: Numbers before a volume, in words.
_NUMBERS = _sizes(
    (1e2, "hundred"),
    (1e3, "k th thou thous thousand thousands tsd tausend tys tis milliers miles bin migliaia"),
    (1e5, "lakh lakhs lac lacs"),
    (1e6, "mio mill mln million millions millones milhões milhoes milioni miljoen milyon mpt"),
    (1e9, "billion billions mrd miljard milliards giga gpt"),
    (1e12, "trillion tera tpt"),
)
_FRACTIONS = _sizes(
    (1.0, "l/l dl/dl ml/ml osuus suhde"),
    (
        0.01,
        "% vol% %vol %vol. %(vol) %(v/v) volume% percent procent prozent prosent porcentaje %cv cv% /100rbc /100rbcs",
    ),
    (0.001, "o/oo promille permille /1000rbc"),
)
#: The objects that are counted; they add nothing to the size of the unit.
_COUNTED = (
    r"(?:cells?|zellen|cel|leukocytes|leu|leuko|ery|erys|rbcs?|wbcs?|plts?|thrombo|particles|partikel|count|#|nr|no)"
)
_POWER = re.compile(
    r"[x*.]?(?:10(?:(?:\*\*|exp|[*^ex])\(?\+?(?P<power>\d{1,2})\)?|\((?P<held>\d{1,2})\))|e0?(?P<alone>\d{1,2}))",
    re.IGNORECASE,
)
_PLAIN_NUMBER = re.compile(r"x?1,?(?P<zeros>0{2,6}|0{3},0{3})")
#: The cell in units per cell.
_CELL = r"(?:\{?cells?\}?|rbcs?|zelle|ery|erythrozyt)"
_CREATININE = r"(?:\{?creat(?:inine)?\}?|crea|krea|cre|cr|kreatinin)\.?"
#: A volume as a factor, as in `pmol.L-1`.
_INVERSE = re.compile(r"\.?((?:[munp]|d|c)?l)(?:\^|\*\*)?-1$", re.IGNORECASE)
_RATIO = re.compile(rf"(?P<top>[a-zA-Z]+)/(?P<below>[a-zA-Z]+?)[.*]?(?P<of>{_CREATININE})", re.IGNORECASE)
_MIL = re.compile(r"x?mil\.?/[a-z0-9^*]{1,6}", re.IGNORECASE)
#: A number in braces (`{10*3}/uL`) may be part of the unit, so it is not removed as an annotation.
_ANNOTATION = re.compile(
    r"\.?\{(?!1[._]73|creat|AU\}|au\}|\d|x\d|k\}|thou|mill|mio|giga|tera)[^{}]{0,30}\}", re.IGNORECASE
)
_RATE = re.compile(
    r"ml[/.]min[/.]?[\[({]?1[.,_]73(?:_?m2|m(?:\^|\*{1,2})2|qm|sq\.?m|squaremet(?:er|re)s?)(?:bsa|kof)?[\])}]?",
    re.IGNORECASE,
)
_ENZYME = re.compile(r"(?:u|iu|\[iu\]|e|ie|ui|units?)/l(?:[/.]?37C)?", re.IGNORECASE)
_ARBITRARY = re.compile(r"(?:u|au|\{au\}|\[arb'u\]|ru|yks|units?)/ml", re.IGNORECASE)


def size_of(kind: str, spelling: str) -> float | None:
    """Return the size of a spelling in SI base units as a unit of a kind, or None if it is not one."""
    if len(spelling) > _LONGEST or _PREFIX_ALONE.match(spelling):
        return None
    text = _normal(spelling)
    read = _READERS.get(kind)
    return read(text) if read and text else None


def is_per_mass(spelling: str) -> bool:
    """Return whether a ratio to creatinine is to its mass (`ug/g creatinine`), not to its amount of substance."""
    found = _RATIO.fullmatch(_normal(spelling))
    return found is not None and _amount(found["below"], r"grams?|g|G") is not None


def is_ambiguous(spelling: str) -> bool:
    """Return whether a count is in `mil`: a thousand in Spanish and Portuguese, and a million elsewhere."""
    return _MIL.fullmatch(_normal(spelling)) is not None


def _normal(spelling: str) -> str:
    """Return a spelling in plain signs, without blanks and without annotations that have no meaning."""
    text = _SUPERSCRIPT.sub(lambda found: "^" + found[0].translate(_SUPERSCRIPTS), spelling.strip())
    text = unicodedata.normalize("NFKC", text)
    for sign, plain in _SIGNS:
        text = text.replace(sign, plain)
    text = _in_latin(_bare(text))
    text = re.sub(r"\b10\s+(?=\d)", "10^", text)
    text = re.sub(r"(?<!\s)\s+per\s+|\bpro\s+", "/", text, flags=re.IGNORECASE)
    text = re.sub(r"\s+", "", text)
    # An annotation in braces names the object that is counted or measured, not the size of the unit.
    text = _ANNOTATION.sub("", text)
    text = text.removesuffix(".") if re.search(r"[A-Za-z\d]\.$", text) else text
    return _INVERSE.sub(r"/\1", text)


def _bare(text: str) -> str:
    """Take off the brackets or quotation marks around a whole spelling: `[pg/mL]`."""
    inside = re.fullmatch(r"\((.+)\)|\[([^\[\]]+/[^\[\]]+)\]|\"(.+)\"|'(.+)'", text)
    return next((part for part in inside.groups() if part), text) if inside else text


def _in_latin(text: str) -> str:
    for part, latin in _CYRILLIC if re.search("[а-яА-Я]", text) else ():
        text = text.replace(part, latin)
    return text


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
    # M is mega, but it is milli in a spelling in capitals (MG/DL).
    if prefix == "M" and not upper:
        return None
    return _PREFIX.get(_WORDS.get(prefix.casefold(), prefix.casefold()))


def _concentration(text: str, bases: str, scale: float) -> float | None:
    top, slash, below = text.partition("/")
    volume = _volume(below) if slash else None
    amount = _amount(top, bases) if volume else None
    return None if amount is None or volume is None else amount * scale / volume


def _mass(text: str) -> float | None:
    return _concentration(re.sub(r"^([a-z]?g)Hb/", r"\1/", text), r"gram(?:s|m|mes?)?|gms?|gr|g|G", 1e-3)


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
        return float(10 ** plain["zeros"].count("0"))
    if text in ("G", "T"):
        return 1e9 if text == "G" else 1e12
    return _NUMBERS.get(text.casefold().removeprefix("x").rstrip("."))


def _fraction(text: str) -> float | None:
    return _FRACTIONS.get(text.casefold())


def _cell_volume(text: str) -> float | None:
    top = re.sub(rf"/{_CELL}$", "", text, flags=re.IGNORECASE).casefold()
    return (
        1e-18 if re.fullmatch(r"fl|um(?:\^|\*{1,2})?3|femtolit(?:er|re)s?|cu(?:bic|\.)?(?:microns?|um)", top) else None
    )


def _cell_mass(text: str) -> float | None:
    top = re.sub(rf"/?{_CELL}$", "", text, flags=re.IGNORECASE).casefold()
    return 1e-15 if top in ("pg", "picogram", "picograms", "pikogramm") else None


def _cell_amount(text: str) -> float | None:
    top = re.sub(rf"/{_CELL}$", "", text, flags=re.IGNORECASE)
    return 1e-15 if top.casefold() in ("fmol", "femtomol", "femtomole", "femtomoles") else None


def _activity(text: str) -> float | None:
    """Return the size of a hormone's unit in mIU/L."""
    found = re.fullmatch(r"(m|u|mc|micro)(?:\[iu\]|iu|ui|ie|u|e)/(ml|l)", text, re.IGNORECASE)
    if found is None or found[1] == "M":
        return None
    return (1.0 if found[1].casefold() == "m" else 1e-3) * (1e3 if found[2].casefold() == "ml" else 1.0)


def _catalytic(text: str) -> float | None:
    if _ENZYME.fullmatch(text):
        return 1e-6 / 60 / 1e-3
    if re.fullmatch(r"umol/\(?s[*.]l\)?", text, re.IGNORECASE):
        return 1e-3
    return _concentration(text, r"katals?|kat|KAT", 1.0)


def _rate(text: str) -> float | None:
    return 1e-6 / 60 if _RATE.fullmatch(text) else None


def _ratio(text: str) -> float | None:
    found = _RATIO.fullmatch(text)
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
    "amount": _cell_amount,
    "hormone_activity": _activity,
    "catalytic_concentration": _catalytic,
    "filtration_rate": _rate,
    "ratio_to_creatinine": _ratio,
    "arbitrary_concentration": _arbitrary,
}
