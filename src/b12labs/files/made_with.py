"""The provenance of a table: in a separate file beside a CSV, or in the metadata of a Parquet file."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from b12labs.limits.own import is_own
from b12labs.provenance.fingerprint import mapping_hash
from b12labs.provenance.model import Provenance, provenance_of

if TYPE_CHECKING:
    from b12labs.files.options import RunOptions
    from b12labs.limits.stratified import Limits

__all__ = ["PARQUET_KEY", "TableProvenance", "bearing", "beside", "made_with"]

#: The key of a Parquet file's metadata.
PARQUET_KEY = "b12labs.provenance"

#: The options that do not bear on the answers, or that are recorded in another way.
_BEARS_NOT = frozenset({"output", "problems", "strict", "part_rows", "guideline", "mapping", "decimal"})


class TableProvenance(Provenance):
    """The provenance of a table.

    The first `input_columns` columns of the table are the input's. Its rows are the input's (`row`), or draws from a
    long table (`draw`).
    """

    input_columns: int
    rows_are: Literal["row", "draw"]


def beside(output: Path) -> Path:
    """Return the path of the provenance file of a CSV."""
    return output.with_name(f"{output.name}.provenance.json")


def made_with(options: RunOptions, limits: Limits, names: list[str], *, draws: bool) -> TableProvenance:
    """Return the provenance of the table that a run makes."""
    common = dict(provenance_of(limits, bearing(options)))
    return TableProvenance(**common, input_columns=len(names), rows_are="draw" if draws else "row")


def bearing(options: RunOptions) -> dict[str, Any]:
    """Return the options that bear on the answers and differ from their defaults; a mapping by its hash."""
    given = {
        each.name: getattr(options, each.name)
        for each in fields(options)
        if each.name not in _BEARS_NOT and getattr(options, each.name) != each.default
    }
    more = {
        "guideline_file": Path(options.guideline).name if is_own(options.guideline) else "",
        "mapping": mapping_hash(options.site),
        "decimal": options.decimal_sign.replace(".", ""),
    }
    return {
        "unreported_context": options.unreported_context,
        **{name: _plain(value) for name, value in {**given, **more}.items() if value},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
