"""Writes `panel_values.py`: the keywords of `interpret()` as a type, so that editors complete and checkers refuse."""

from b12labs.inputs.fields import PATIENT_FIELDS
from b12labs.reference import CONTEXT_FIELDS, analytes, context

NAME = "src/b12labs/patient/panel_values.py"
HEAD = '''\
"""The values of one patient by name, as types: editors complete the names, and type checkers refuse others.

Written by `make generated`, from the analytes and context terms of `reference_ranges/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypedDict

from b12labs.inputs.measurement import Measurement

__all__ = ["ContextValues", "PanelValues"]


class Quantity(Protocol):
    """A number with its unit, such as a pint Quantity."""

    @property
    def magnitude(self) -> Any:
        """The number."""

    @property
    def units(self) -> Any:
        """The unit."""


ResultGiven = str | float | tuple[Any, ...] | list[Any] | Mapping[str, Any] | Measurement | Quantity | None
Words = str | Iterable[str] | None
YesNo = bool | int | str | None


class ContextValues(TypedDict, total=False):
    """A patient's values besides results; `screen` takes them too."""

'''
#: What each field of a patient holds, as Python types.
PATIENT = {
    "age": "str | float | None",
    "sex": "str | None",
    "pregnant": "YesNo",
    "trimester": "str | int | None",
    "gestational_weeks": "str | float | None",
    "elevation": "str | float | None",
}
RESULTS = '''

class PanelValues(ContextValues, total=False):
    """The keywords of `interpret()`, for your own function that passes them on.

    >>> from typing import Unpack
    >>> from b12labs import PanelValues, interpret
    >>> def status(**values: Unpack[PanelValues]) -> str:
    ...     return interpret(**values).status
    >>> status(b12="145 pg/mL", age=67)
    'deficient'
    """

'''


def panel_values():
    """Return the text of the module."""
    fields = {name: PATIENT[name] for name in PATIENT_FIELDS} | dict.fromkeys(CONTEXT_FIELDS, "Words")
    fields |= dict.fromkeys(context().terms, "YesNo")
    results = [f"    {name}: ResultGiven\n" for name in analytes()]
    return HEAD + "".join(f"    {name}: {kind}\n" for name, kind in fields.items()) + RESULTS + "".join(results)
