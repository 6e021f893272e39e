"""Which analyte a text means that says which test a result is: a code of a known system, or a name, read whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from b12labs.errors import nearest
from b12labs.inputs.codes import find_code, split_code
from b12labs.inputs.names import find_test, marker_in, test_names
from b12labs.inputs.words.folding import words

__all__ = ["RecognizedTest", "near_test", "recognize_test"]

#: How alike a name must be to one of an analyte to be called a misspelling of it: lymphocytes are none of erythrocytes.
ALIKE = 0.85
#: Shorter names are abbreviations, and a letter more or less makes them those of another test: NRBC is not RBC.
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class RecognizedTest:
    """What a text says of the test: the key of an analyte, why it is not the near one, or nothing."""

    analyte: str | None = None
    refused: str = ""


@lru_cache(maxsize=8192)
def recognize_test(text: str) -> RecognizedTest:
    """Return what a text means: `2132-9`, `LOINC:2132-9`, `NPU01700` or `Serum vitamin B12 level`."""
    system, code = split_code(text)
    listed = find_code(code, system)
    if listed is not None:
        return RecognizedTest(None, listed.refused) if listed.refused else RecognizedTest(listed.analyte)
    return RecognizedTest() if system else RecognizedTest(find_test(text))


@lru_cache(maxsize=8192)
def near_test(text: str) -> str | None:
    """Return the analyte that a text which is not read may be meant for: misspelled, or named among other words."""
    found = recognize_test(text)
    if found.analyte is not None or found.refused:
        return None
    spelled = words(text)
    if not spelled:
        return marker_in(text)
    joined = "".join(spelled)
    near = nearest(joined, _long_names(), ALIKE) if len(joined) >= _SHORTEST and any(map(str.isalpha, joined)) else None
    if near is None:
        return marker_in(text)
    # Vitamin B6 is another vitamin, and no misspelling of B12; B21 is one.
    same_digits = sorted(filter(str.isdigit, near)) == sorted(filter(str.isdigit, joined))
    analyte, parts = test_names()[near]
    return analyte if same_digits and len(spelled) <= parts else marker_in(text)


@cache
def _long_names() -> tuple[str, ...]:
    return tuple(name for name in test_names() if len(name) >= _SHORTEST)
