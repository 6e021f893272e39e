"""The options of tables, in one place: every function that interprets tables takes these names and checks them here."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypedDict, TypeVar, cast, get_type_hints

from b12labs.errors import B12LabsError, PanelError, checked_texts, checked_word, did_you_mean
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.options import COLUMNS_EXPECTED, UNITS_EXPECTED, UnreportedContext, unreported_truth
from b12labs.inputs.variation import OwnVariation
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.limits.stratified import Limits, limits_of
from b12labs.logic.language import FALSE, TruthValue
from b12labs.reasoning.compiled import FINDING_RULES
from b12labs.reasoning.widening import widths
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.mapping import SiteMapping
from b12labs.text import StrPath

__all__ = [
    "CheckedOptions",
    "Findings",
    "QuestionOptions",
    "ReadingOptions",
    "TableOptions",
    "checked_options",
    "takes",
]

Findings = bool | Sequence[str]
F = TypeVar("F", bound=Callable[..., Any])


class ReadingOptions(TypedDict, total=False):
    """How the cells of a table are read. `interpret_frame` documents each option."""

    units: dict[str, str] | None
    columns: dict[str, str] | None
    decimal: Decimal | None
    mapping: SiteMapping | StrPath | None


class QuestionOptions(TypedDict, total=False):
    """The questions about every row. `interpret_frame` documents each option."""

    guideline: str
    findings: Findings
    unreported_context: UnreportedContext
    certainty: bool | OwnVariation


class TableOptions(ReadingOptions, QuestionOptions, total=False):
    """The options of `interpret_frame` and of every integration, for your own function that passes them on.

    >>> import pandas as pd
    >>> from typing import Unpack
    >>> from b12labs import TableOptions, interpret_frame
    >>> def statuses(table: pd.DataFrame, **options: Unpack[TableOptions]) -> list[str]:
    ...     return interpret_frame(table, **options)["status"].tolist()
    >>> statuses(pd.DataFrame({"b12": [110.0]}), units={"b12": "pmol/L"}, guideline="norway")
    ['indeterminate']
    """


@dataclass(frozen=True)
class CheckedOptions:
    """Checked options: the questions about every row, and how its cells are read."""

    limits: Limits
    #: The codes of findings that also get a column.
    findings: tuple[str, ...] = ()
    unreported: TruthValue = FALSE
    #: The factor by which each analyte's results vary, if certainty is asked for.
    factors: Mapping[str, float] | None = None
    units: dict[str, str] | None = None
    columns: dict[str, str] | None = None
    decimal: Decimal = "."
    #: The site's own names and codes.
    site: SiteMapping = field(default_factory=SiteMapping)


def checked_options(
    *,
    guideline: str = DEFAULT_GUIDELINE,
    units: dict[str, str] | None = None,
    columns: dict[str, str] | None = None,
    decimal: Decimal | None = None,
    mapping: SiteMapping | StrPath | None = None,
    findings: Findings = False,
    unreported_context: UnreportedContext = "absent",
    certainty: bool | OwnVariation = False,
) -> CheckedOptions:
    """Check options before any row is read. Raises `B12LabsError`."""
    checked_word("decimal", decimal, Decimal | None)
    site = as_mapping(mapping)
    return CheckedOptions(
        limits_of(guideline),
        _codes(findings),
        unreported_truth(unreported_context),
        _factors(certainty),
        checked_texts("units", units, UNITS_EXPECTED),
        checked_texts("columns", columns, COLUMNS_EXPECTED),
        decimal or site.decimal or ".",
        site,
    )


def takes(options: type, checks: Callable[..., Any] = checked_options) -> Callable[[F], F]:
    """Give a function with `**options: Unpack[...]` a signature that names them, for `help()` and notebooks.

    `checks` has the defaults. An unknown option raises a `TypeError` that names the nearest one.
    """

    def decorated(function: F) -> F:
        signature, kinds = inspect.signature(function), get_type_hints(checks)
        own = [part for part in signature.parameters.values() if part.kind is not part.VAR_KEYWORD]
        more = [
            part.replace(annotation=kinds[name])
            for name, part in inspect.signature(checks).parameters.items()
            if name in options.__annotations__
        ]
        shown = signature.replace(parameters=[*own, *more])

        @wraps(function)
        def call(*given: Any, **named: Any) -> Any:
            for name in named:
                if name not in shown.parameters:
                    hint = did_you_mean(name, shown.parameters)
                    raise TypeError(f"{function.__name__}() has no option {name!r}{hint}")
            return function(*given, **named)

        call.__signature__ = shown  # type: ignore[attr-defined]  # inspect reads this attribute
        return cast("F", call)

    return decorated


def _codes(findings: Findings) -> tuple[str, ...]:
    """Return the codes of the findings that are asked for. Raises `B12LabsError` for an unknown code."""
    if isinstance(findings, bool):
        return tuple(FINDING_RULES) if findings else ()
    codes = [findings] if isinstance(findings, str) or not isinstance(findings, Iterable) else list(findings)
    for code in codes:
        if code not in FINDING_RULES:
            known = f"; known: {', '.join(FINDING_RULES)}"
            raise B12LabsError(
                f"findings: {code!r} is not a finding{did_you_mean(code, FINDING_RULES) or known}",
                code="unknown_finding",
                field="findings",
            )
    return tuple(codes)


def _factors(certainty: bool | OwnVariation) -> Mapping[str, float] | None:
    """Return the factors by which results vary, from the given CVs, else the published ones; None if not asked for."""
    if isinstance(certainty, bool):
        return widths(None) if certainty else None
    if not isinstance(certainty, Mapping):
        expected = "True, False, or CVs in percent by analyte, such as {'b12': 12}"
        raise PanelError(
            f"certainty: expected {expected}, got {certainty!r:.80}", code="unreadable_variation", field="certainty"
        )
    return widths(certainty)
