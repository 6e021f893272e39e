"""The options of a run over files, in one place: for reading the input, for the questions, and for the output.

A run that was stopped continues only with the same options; `RunOptions.identity` includes all of them.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, TypedDict

from b12labs.errors import checked_option, checked_texts, checked_word
from b12labs.inputs.numbers import Decimal
from b12labs.inputs.options import COLUMNS_EXPECTED, UNITS_EXPECTED, UnreportedContext
from b12labs.inputs.variation import OwnVariation
from b12labs.limits.default import DEFAULT_GUIDELINE
from b12labs.provenance.fingerprint import fingerprint
from b12labs.site_mapping.file import as_mapping
from b12labs.site_mapping.mapping import SiteMapping, is_window
from b12labs.tables.options import CheckedOptions, Findings, QuestionOptions, checked_options
from b12labs.text import StrPath
from b12labs.version import __version__

__all__ = ["FileOptions", "FileReading", "FileReadingOptions", "RunOptions"]

PART_ROWS = 131_072


class FileReadingOptions(TypedDict, total=False):
    """How an input is read. `interpret_file` documents each option."""

    units: dict[str, str] | None
    columns: dict[str, str] | None
    decimal: Decimal | None
    mapping: SiteMapping | StrPath | None
    window_hours: float | None
    use_preliminary: bool
    encoding: str | None
    skip_lines: int
    sheet: str | None


class FileOptions(FileReadingOptions, QuestionOptions, total=False):
    """The options of a run over files. `interpret_file` documents each option."""

    raw_text: bool
    strict: bool
    part_rows: int


@dataclass(frozen=True, kw_only=True)
class FileReading:
    """How an input is read."""

    units: dict[str, str] | None = None
    columns: dict[str, str] | None = None
    decimal: Decimal | None = None
    mapping: SiteMapping | StrPath | None = None
    window_hours: float | None = None
    use_preliminary: bool = False
    encoding: str | None = None
    skip_lines: int = 0
    sheet: str | None = None

    _SWITCHES: ClassVar[tuple[str, ...]] = ("use_preliminary",)

    def __post_init__(self) -> None:
        checked_word("decimal", self.decimal, Decimal | None)
        checked_texts("units", self.units, UNITS_EXPECTED)
        checked_texts("columns", self.columns, COLUMNS_EXPECTED)
        hours = self.window_hours
        checked_option("window_hours", hours, "a number of hours, 0 or more", holds=hours is None or is_window(hours))
        for name in self._SWITCHES:
            value = getattr(self, name)
            checked_option(name, value, "True or False", holds=isinstance(value, bool))
        object.__setattr__(self, "mapping", as_mapping(self.mapping))

    @property
    def layout(self) -> dict[str, Any]:
        """The layout of the files, as arguments of `find_source`."""
        return {"encoding": self.encoding, "skip_lines": self.skip_lines, "sheet": self.sheet}

    @property
    def site(self) -> SiteMapping:
        """The site's own names and codes."""
        return as_mapping(self.mapping)

    @property
    def decimal_sign(self) -> Decimal:
        """The decimal sign of the input's numbers: the option's, else the mapping's, else a point."""
        return self.decimal or self.site.decimal or "."


@dataclass(frozen=True, kw_only=True)
class RunOptions(FileReading):
    """All options of a run over files."""

    output: Path | None = None
    problems: Path | None = None
    guideline: str = DEFAULT_GUIDELINE
    findings: Findings = False
    unreported_context: UnreportedContext = "absent"
    certainty: bool | OwnVariation = False
    raw_text: bool = False
    strict: bool = False
    part_rows: int = PART_ROWS

    _SWITCHES: ClassVar[tuple[str, ...]] = ("use_preliminary", "raw_text", "strict")

    def __post_init__(self) -> None:
        super().__post_init__()
        rows = self.part_rows
        is_count = isinstance(rows, int) and not isinstance(rows, bool) and rows > 0
        checked_option("part_rows", rows, "a number of rows, 1 or more", holds=is_count)

    def checked(self) -> CheckedOptions:
        """Return the checked options for every row. Raises `B12LabsError` for an option that cannot be used."""
        return checked_options(
            guideline=self.guideline,
            findings=self.findings,
            unreported_context=self.unreported_context,
            certainty=self.certainty,
            decimal=self.decimal_sign,
        )

    def identity(self) -> dict[str, Any]:
        """Return the properties that two runs must share if one is to continue the other.

        They include a guideline file by its content, and an output by its name, since its folder may be moved. Rules,
        numbers and sentences are included because they may be edited in place.
        """
        made = fingerprint()
        own_variation = self.certainty if isinstance(self.certainty, bool) else dict(self.certainty)
        return {
            **asdict(replace(self, certainty=own_variation, decimal=self.decimal_sign)),
            "output": self.output.name if self.output else "",
            "problems": self.problems.name if self.problems else "",
            "guideline_file": _digest(self.guideline),
            "version": __version__,
            "rules": made.rules,
            "sentences": made.sentences,
            "writer": _arrow_version(),
        }


def _digest(guideline: str) -> str:
    path = Path(guideline)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _arrow_version() -> str:
    try:
        import pyarrow
    except ImportError:
        return "none"
    return str(pyarrow.__version__)
