"""What an audit says: shares, reasons, and the texts that were not understood.

It holds no value, name, number of a patient or date. A text is shown if three rows or more have it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from b12labs.errors import checked_word
from b12labs.export_audit.tally import BLAMES, NO_FAULT, NO_RESULT, USED, Kind

__all__ = ["Audit", "AuditLine"]


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A text of the export, with the rows that have it.

    `also` is the name beside a code. `analyte` is what a test is read as, or whose unit it is. `near` is the nearest
    guess where the text is not understood. `reasons` count its rows that were not used.
    """

    kind: Kind
    text: str
    rows: int
    used: int
    reasons: dict[str, int]
    also: str = ""
    analyte: str = ""
    near: str = ""

    @property
    def blamed(self) -> int:
        """How many results were not used because of this text."""
        return sum(count for code, count in self.reasons.items() if code in BLAMES[self.kind])

    @property
    def is_understood(self) -> bool:
        """Whether nothing is wrong with the text: it is read, or names a test that is not an analyte."""
        return not any(code in BLAMES[self.kind] - NO_FAULT for code in self.reasons)


@dataclass(frozen=True)
class Audit:
    """What was read of an export.

    `outcomes` counts its results by what became of them: `used`, `no_result` (a blank), `not_an_analyte` (another
    test), or the code of the problem. `lines` are its texts, `rare` counts those that fewer than three rows have (texts
    and rows, by kind). `columns` is from what to headers, `unused_columns` from header to the analyte that it may be.
    `besides` counts problems that are of no result.
    """

    inputs: tuple[str, ...]
    outcomes: dict[str, int]
    lines: tuple[AuditLine, ...] = ()
    rare: dict[str, tuple[int, int]] = field(default_factory=dict)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unused_columns: dict[str, str] = field(default_factory=dict)
    besides: dict[str, int] = field(default_factory=dict)
    not_understood_of_patients: int = 0

    @property
    def results(self) -> int:
        """How many results there are: rows of a long table, cells of a wide one, observations of messages."""
        return sum(self.outcomes.values())

    @property
    def used(self) -> int:
        """How many results are read and used."""
        return self.outcomes.get(USED, 0)

    @property
    def missing(self) -> int:
        """How many hold no result."""
        return sum(self.outcomes.get(code, 0) for code in NO_RESULT)

    @property
    def other_tests(self) -> int:
        """How many are of a test that is not an analyte."""
        return self.outcomes.get("not_an_analyte", 0)

    @property
    def not_used(self) -> dict[str, int]:
        """The results that were sent and not used, by reason, the most frequent first."""
        lost = {
            code: count for code, count in self.outcomes.items() if code not in (USED, "not_an_analyte", *NO_RESULT)
        }
        return dict(sorted(lost.items(), key=lambda pair: -pair[1]))

    @property
    def not_understood(self) -> int:
        """How many results were not used because something of them is not understood."""
        return sum(count for code, count in self.not_used.items() if code not in NO_FAULT)

    @property
    def is_complete(self) -> bool:
        """Whether everything was understood: nothing is left to say in a site mapping."""
        return not (self.not_understood or self.not_understood_of_patients or any(self.unused_columns.values()))

    def of_kind(self, kind: Kind, *, understood: bool) -> list[AuditLine]:
        """Return the texts of a kind that were understood, or were not, the most frequent first."""
        checked_word("kind", kind, Kind)
        found = [line for line in self.lines if line.kind == kind and line.is_understood == understood]
        return sorted(found, key=lambda line: (-line.rows, line.text))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dictionaries, lists, words and numbers, ready for JSON."""
        return {
            "inputs": list(self.inputs),
            "results": self.results,
            "used": self.used,
            "not_used": self.not_used,
            "other_tests": self.other_tests,
            "missing": self.missing,
            "not_understood": self.not_understood,
            "complete": self.is_complete,
            "columns": {what: list(headers) for what, headers in self.columns.items()},
            "unused_columns": self.unused_columns,
            "lines": [asdict(line) for line in self.lines],
            "rare": {kind: {"texts": texts, "rows": rows} for kind, (texts, rows) in self.rare.items()},
            "besides": self.besides,
        }

    def to_mapping(self) -> str:
        """Return a site mapping to fill in, as text of a TOML file."""
        from b12labs.export_audit.mapping_file import mapping_to_fill_in

        return mapping_to_fill_in(self)

    def __str__(self) -> str:
        from b12labs.export_audit.showing import as_text

        return as_text(self)

    def to_html(self) -> str:
        """Return what a notebook shows, as HTML."""
        return self._repr_html_()

    def _repr_html_(self) -> str:
        from b12labs.export_audit.showing import as_html

        return as_html(self)
