"""The result of an audit: shares, reasons, and the texts that were not understood.

It holds no value or date, and no name or number of a patient. A text is shown if at least three rows have it.
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

    `also` is the name beside a code. `analyte` is the analyte of a test or a unit. `near` is the nearest guess if the
    text is not understood. `reasons` count its rows that were not used.
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
        """The number of results not used because of this text."""
        return sum(count for code, count in self.reasons.items() if code in BLAMES[self.kind])

    @property
    def is_understood(self) -> bool:
        """Whether the text is understood: it is read, or names a test that is not an analyte."""
        return not any(code in BLAMES[self.kind] - NO_FAULT for code in self.reasons)


@dataclass(frozen=True)
class Audit:
    """The outcomes of an export's results.

    `outcomes` counts its results by outcome: `used`, `no_result` (a blank), `not_an_analyte` (another test), or the
    code of the problem. `lines` are its texts; `rare` counts the texts that fewer than three rows have (texts and rows,
    by kind). `columns` lists the headers by meaning, and `unused_columns` the analyte that a header may mean. `besides`
    counts problems outside results.
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
        """The number of results: rows of a long table, cells of a wide one, observations of messages."""
        return sum(self.outcomes.values())

    @property
    def used(self) -> int:
        """The number of results that are read and used."""
        return self.outcomes.get(USED, 0)

    @property
    def missing(self) -> int:
        """The number of places without a result."""
        return sum(self.outcomes.get(code, 0) for code in NO_RESULT)

    @property
    def other_tests(self) -> int:
        """The number of results of tests that are not analytes."""
        return self.outcomes.get("not_an_analyte", 0)

    @property
    def not_used(self) -> dict[str, int]:
        """The number of results that were sent and not used, by reason, the most frequent first."""
        lost = {
            code: count for code, count in self.outcomes.items() if code not in (USED, "not_an_analyte", *NO_RESULT)
        }
        return dict(sorted(lost.items(), key=lambda pair: -pair[1]))

    @property
    def not_understood(self) -> int:
        """The number of results that were not used because a text of them is not understood."""
        return sum(count for code, count in self.not_used.items() if code not in NO_FAULT)

    @property
    def is_complete(self) -> bool:
        """Whether everything was understood, so that a site mapping has nothing to add."""
        return not (self.not_understood or self.not_understood_of_patients or any(self.unused_columns.values()))

    def of_kind(self, kind: Kind, *, understood: bool) -> list[AuditLine]:
        """Return the texts of a kind that were, or were not, understood, the most frequent first."""
        checked_word("kind", kind, Kind)
        found = [line for line in self.lines if line.kind == kind and line.is_understood == understood]
        return sorted(found, key=lambda line: (-line.rows, line.text))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dictionaries, lists, texts and numbers, ready for JSON."""
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
        """Return the HTML that a notebook shows."""
        return self._repr_html_()

    def _repr_html_(self) -> str:
        from b12labs.export_audit.showing import as_html

        return as_html(self)
