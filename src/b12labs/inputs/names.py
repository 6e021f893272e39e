"""Analytes of the names of tests, in the languages of `reference_ranges/names/`.

A name is read whole. Every word must be understood, alone or joined with its neighbors (`M CHC`, `ビタミンB12`), and
together the words must name one analyte. So `Serum vitamin B12 level` is B12. `Hemoglobin A1c`, `尿WBC` and `ΔHb` name
no analyte: a word that is not understood may mean another test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from b12labs.inputs.words.folding import Lexicon, covers, lexicon_of, together, words
from b12labs.reference import analytes
from b12labs.reference.names import name_patterns, name_words, refused_names
from b12labs.text import remembered

__all__ = ["find_test", "marker_in", "meanings_in", "test_names"]

#: Signs that question or deny a name.
_DOUBTS = re.compile(r"[?!~？！]|^\s*[-–—−‐‑]|[-–—−‐‑]\s*$")
#: The specimen that Nordic, Finnish, Czech and Dutch laboratories write before a name (`P-`, `fS-`, `Erc(B)-`, `B—`)
#: or after it (`, S-`, `;B`, `[S]`), and the abbreviation in English (`S. creatinine`).
_BEFORE = re.compile(
    r"\s*(?:[*^]\s*)?(?P<timing>[fcdkv]?)(?P<specimen>p/s|s/p|erc\(b\)|sy|pt|sr|li|[spbeulf])"
    r"\s*(?:[-–—‐‑−]+|\.(?=\s*\S)|\s(?=\s*[-–]))\s*",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[,;]\s*([spb])\s*(?:[-–—]\s*)?$|(?<!\s)\s*[\[(]([spb])[\])]\s*$", re.IGNORECASE)
_SPECIMENS = {
    "s": "in_serum", "sr": "in_serum", "p/s": "in_serum", "s/p": "in_serum", "p": "in_plasma", "b": "in_whole_blood",
    "e": "in_erythrocytes", "erc(b)": "in_erythrocytes", "l": "in_leukocytes", "u": "in_urine", "pt": "in_patient",
    "li": "in_csf", "f": "in_stool", "sy": "in_synovial_fluid",
}  # fmt: skip
#: `= ? mmol/L` ends the name of an NPU code; `stofk.` and similar words give its kind.
_NPU_UNIT = re.compile(r"(?<!\s)\s*=\s*\?.{0,40}$")
#: A method's detection limit, as LOINC writes it: `by Detection limit <= 0.005 mIU/L`.
_DETECTION = re.compile(r"(?<!\s)\s+by detection limit\s*(?:<=|=|≤)\s*[\d.]{1,8}\s*[\w/]{0,12}\s*$", re.IGNORECASE)
_AGAIN = re.compile(r"(?=.*\)\s*\Z)(.*\w)\s*\(\s*(\w.*)\)\s*", re.DOTALL)
#: The most words of a marker's name.
_MARKER_WORDS = 8
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@remembered(8192, too_long=None)
def find_test(name: str) -> str | None:
    """Return the key of the analyte that a name means, or None if it means none or several."""
    name = _DETECTION.sub("", _NPU_UNIT.sub("", name))
    spelled = words(name)
    if not spelled or _DOUBTS.search(_AFTER.sub("", name)):
        return None
    own = test_names().get(together(spelled))
    if own is not None:
        return own[0]
    if together(spelled) in _refused():
        return None
    found = {key for meant in meanings_in(name) for key in _analytes_of(meant)} or _said_twice(name)
    return found.pop() if len(found) == 1 else None


def _said_twice(name: str) -> set[str]:
    """Return the analyte of a name that repeats it in brackets with its specimen: `Folat (P-Folat)`."""
    twice = _AGAIN.fullmatch(name)
    one, other = (find_test(twice[1]), find_test(twice[2])) if twice else (None, None)
    return {one} if one is not None and one == other else set()


def meanings_in(name: str) -> set[frozenset[str]]:
    """Return the joint meanings of a name's words, one for each reading in which all of them are understood."""
    readings: set[frozenset[str]] = set()
    for text, specimen in _parted(name):
        spelled = words(_CAMEL.sub(" ", text))
        if spelled:
            readings |= {meant | specimen for meant in covers(spelled, _lexicon())}
    return readings


@cache
def _refused() -> frozenset[str]:
    return frozenset(together(words(name) or ()) for name in refused_names())


@cache
def _lexicon() -> Lexicon:
    return lexicon_of(name_words())


def _parted(name: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield a name unchanged, and without the letters of its specimen, with that specimen."""
    yield name, frozenset()
    before, after = _BEFORE.match(name), _AFTER.search(name)
    if before:
        yield name[before.end() :], frozenset({_SPECIMENS[before["specimen"].casefold()]})
    if after:
        yield name[: after.start()], frozenset({_SPECIMENS[(after[1] or after[2]).casefold()]})


def _analytes_of(meant: frozenset[str]) -> Iterator[str]:
    for pattern in name_patterns():
        if any(name <= meant and meant - name <= pattern.beside for name in pattern.names):
            yield pattern.analyte


#: The analytes whose silent omission would look like a normal result.
_MARKERS = ("b12", "holotc", "mma", "homocysteine")
#: Beginnings of words for them, in the languages that write them so.
_STEMS = {
    "methylmalon": "mma", "metylmalon": "mma", "metilmalon": "mma", "metyylimalon": "mma", "homocyst": "homocysteine",
    "homocist": "homocysteine", "omocist": "homocysteine", "homokyst": "homocysteine", "holotransco": "holotc",
    "holotransko": "holotc", "cobalamin": "b12", "kobalamin": "b12", "vitaminb12": "b12",
}  # fmt: skip


def marker_in(name: str) -> str | None:
    """Return the B12 marker that a name mentions among words that are not understood, or None."""
    known = "".join(sign if words(sign) else " " for sign in name)
    spelled = words(known) or ()
    for start in range(len(spelled)):
        for end in range(start + 1, min(start + _MARKER_WORDS, len(spelled)) + 1):
            joined = together(spelled[start:end])
            for means in _lexicon().get(joined, ()):
                if means in _MARKERS:
                    return means
            for stem, marker in _STEMS.items():
                if joined.startswith(stem):
                    return marker
    return None


@cache
def test_names() -> dict[str, tuple[str, int]]:
    """Return the analyte and the number of words of every name in analytes.toml, by its joined words."""
    listed: dict[str, tuple[str, int]] = {}
    for analyte in analytes().values():
        for name in (analyte.key, analyte.name, analyte.label, *analyte.synonyms):
            spelled = words(name) or ()
            listed.setdefault(together(spelled), (analyte.key, len(spelled)))
    return listed
