"""Parquet files, each read, interpreted and written by a worker: only counts come back.

An output gets its name when it is complete. Its metadata names its input, the rules and the options. So a job that runs
again keeps it, and makes only the missing outputs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from os import PathLike, fspath
from pathlib import PurePosixPath
from typing import Any

from b12labs.errors import B12LabsError, ColumnError, checked_option, checked_several
from b12labs.files.made_with import PARQUET_KEY, made_with
from b12labs.files.options import RunOptions
from b12labs.integrations.arrow import arrow_interpreter, with_columns
from b12labs.integrations.interpreter import Interpreter, Keep
from b12labs.site_mapping.headers import numeric_terms
from b12labs.tables.counts.totals import Totals

__all__ = ["COUNTS", "Shards", "batches_in", "open_parquet"]

#: Rows of a file that a worker reads at a time: enough that a batch costs little, few enough for a small worker.
ROWS_AT_A_TIME = 100_000

_PATHS = "the paths of Parquet files"

#: The keys of an output's metadata.
_INPUT_KEY, _TOTALS_KEY = "b12labs.input", "b12labs.totals"

#: The columns of the counts, one row per file, with pyarrow's names of their types.
COUNTS = {
    "file": "string",
    "output": "string",
    "resumed": "bool",
    "rows": "int64",
    "status": "map",
    "holds": "map",
    "urgency": "map",
    "problem_rows": "int64",
    "problems": "map",
}


@dataclass(frozen=True)
class Shards:
    """The files of one job, checked; it pickles, so that every worker uses the checked options."""

    paths: tuple[str, ...]
    worker: Interpreter
    #: The columns of the first file.
    first: Any
    #: The rules and options of the outputs, as JSON.
    made: str
    output: str = ""

    @classmethod
    def of(cls, paths: Sequence[Any], *, output: Any = None, keep: Keep = True, **options: Any) -> Shards:
        """Check the files' names, the first one's columns, and the options; raises `B12LabsError`."""
        several = [paths] if isinstance(paths, str | PathLike) else checked_several("paths", paths, _PATHS)
        checked_option("paths", paths, _PATHS, holds=all(isinstance(path, str | PathLike) for path in several))
        given = tuple(map(fspath, several))
        if not given:
            raise ColumnError("paths: expected at least one file, got none", code="no_files", field="paths")
        first = open_parquet(given[0]).schema
        worker = arrow_interpreter(first, keep=keep, **options)
        said = made_with(RunOptions(**options), worker.options.limits, list(worker.kept), draws=False)
        if keep is not True:
            said = said.model_copy(update={"options": {**said.options, "keep": list(worker.kept)}})
        if output is not None:
            _refuse_same_names(given)
        return cls(given, worker, first, said.model_dump_json(), "" if output is None else fspath(output))

    def write(self, place: int) -> dict[str, Any]:
        """Interpret one file, write it to the folder, and return its counts; keep an output that is already there."""
        import pyarrow.parquet

        path = self.paths[place]
        system, folder = _system(self.output)
        system.create_dir(folder, recursive=True)
        target = f"{folder}/{PurePosixPath(path).name}"
        asked = {PARQUET_KEY: self.made, _INPUT_KEY: _identity(path)}
        known = _totals(system, target, asked)
        if known is not None:
            return self._counts(path, target, known, resumed=True)
        totals, unfinished = Totals(), f"{folder}/.{PurePosixPath(path).name}.part"
        with system.open_output_stream(unfinished) as file:
            writer: Any = None
            for table, counts in self._interpreted(path):
                totals.add(counts)
                if writer is None:
                    writer = pyarrow.parquet.ParquetWriter(file, table.schema, compression="zstd")
                writer.write_table(table)
            writer.add_key_value_metadata({**asked, _TOTALS_KEY: totals.model_dump_json()})
            writer.close()
        system.move(unfinished, target)
        return self._counts(path, target, totals, resumed=False)

    def _interpreted(self, path: str) -> Iterator[tuple[Any, Totals]]:
        """Yield the interpreted tables of a file, at least one, with their counts."""
        worker, rows = self._for_file(path), 0
        tables = batches_in(path, worker, self.first)
        first = next(tables, None)
        for table in chain([open_parquet(path).schema.empty_table() if first is None else first], tables):
            outcome = worker.outcome(table.column, len(table))
            yield with_columns(worker, table, outcome.columns), Totals.of(outcome, len(table), rows)
            rows += len(table)

    def _for_file(self, path: str) -> Interpreter:
        """Return the interpreter of one file; the cells of a yes/no column are read in view of the whole column."""
        found = self.worker.found
        dataset = open_parquet(path) if found.terms else None
        numeric = numeric_terms(found, lambda name: _distinct(dataset, name))
        return replace(self.worker, found=replace(found, numeric=numeric))

    def _counts(self, path: str, target: str, totals: Totals, *, resumed: bool) -> dict[str, Any]:
        return {
            "file": path,
            "output": target,
            "resumed": resumed,
            "rows": totals.rows,
            "status": totals.status,
            "holds": {code: yes for code, (_, _, yes) in totals.truths.items()},
            "urgency": {code: counted.rows for code, counted in totals.urgency.items()},
            "problem_rows": totals.problem_rows,
            "problems": {f"{kind.field}: {kind.code}": kind.rows for kind in totals.problems},
        }


def open_parquet(path: str) -> Any:
    """Open a Parquet file, or an address that pyarrow opens."""
    import pyarrow.dataset

    try:
        return pyarrow.dataset.dataset(path, format="parquet")
    except FileNotFoundError:
        raise FileNotFoundError(f"{path}: there is no such file") from None


def batches_in(path: str, worker: Interpreter, first: Any) -> Iterator[Any]:
    """Read the needed columns of a file; kept columns get the type that they have in the first file."""
    import pyarrow

    dataset = open_parquet(path)
    needed = list(dict.fromkeys((*worker.kept, *worker.found.names())))
    for name in needed:
        if name not in dataset.schema.names:
            raise ColumnError(
                f"{path}: there is no column {name!r}, which the first file has", code="unknown_column", field=name
            )
    types_here = [
        (name, first.field(name).type if name in worker.kept else dataset.schema.field(name).type) for name in needed
    ]
    for batch in dataset.to_batches(columns=needed, batch_size=ROWS_AT_A_TIME):
        yield pyarrow.Table.from_batches([batch]).cast(pyarrow.schema(types_here))


def _distinct(dataset: Any, name: str) -> list[Any]:
    cells: list[Any] = dataset.to_table(columns=[name]).column(0).unique().to_pylist()
    return cells


def _system(folder: str) -> tuple[Any, str]:
    """Return the file system of a folder, and its path there."""
    from pathlib import Path

    from pyarrow import fs

    if "://" in folder:
        system, path = fs.FileSystem.from_uri(folder)
        return system, path.rstrip("/")
    return fs.LocalFileSystem(), str(Path(folder).absolute())


def _identity(path: str) -> str:
    """Return the identity of an input, which differs from that of other files, and changes with the file."""
    system, place = _system(path)
    info = system.get_file_info(place)
    return json.dumps({"name": PurePosixPath(path).name, "size": info.size, "changed": info.mtime_ns})


def _totals(system: Any, target: str, asked: dict[str, str]) -> Totals | None:
    """Return the counts of an existing output with the same input and options, or None if it must be made.

    Raises `B12LabsError` if there is a file of that name that b12labs did not write.
    """
    import pyarrow
    import pyarrow.parquet

    if system.get_file_info(target).type.name == "NotFound":
        return None
    try:
        with system.open_input_file(target) as file:
            said = pyarrow.parquet.read_metadata(file).metadata or {}
    except pyarrow.ArrowInvalid:
        said = {}
    said = {key.decode(): value.decode(errors="replace") for key, value in said.items()}
    if _TOTALS_KEY not in said:
        raise B12LabsError(
            f"{target}: there is a file that b12labs did not write; move it, or name another folder",
            code="output_exists",
            field="output",
        )
    same = all(said.get(key) == value for key, value in asked.items())
    return Totals.model_validate_json(said[_TOTALS_KEY]) if same else None


def _refuse_same_names(paths: Sequence[str]) -> None:
    """Refuse two files with the same name, whose outputs would be one file."""
    names: dict[str, str] = {}
    for path in paths:
        name = PurePosixPath(path).name
        if name in names:
            raise B12LabsError(
                f"paths: {names[name]} and {path} have the same name, and would be written to one file; interpret them "
                "into separate folders",
                code="same_output",
                field="paths",
            )
        names[name] = path
