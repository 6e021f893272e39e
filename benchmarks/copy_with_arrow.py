"""Read a CSV with pyarrow, and write it as Parquet with columns that exist already.

This is the work of `b12labs interpret` without the interpretation.

    python -m benchmarks.copy_with_arrow LABS.csv ADDED.arrow OUT.parquet

The cells stay text, as b12labs writes them. The columns of the interpretation are mapped into memory, which costs
almost nothing.
"""

from __future__ import annotations

import sys

import pyarrow
import pyarrow.parquet
from pyarrow import csv


def main() -> None:
    """Copy the file."""
    labs, added, out = sys.argv[1:]
    with open(labs, encoding="utf-8") as file:  # noqa: PTH123  # pathlib would be one import more than a user's script needs
        header = file.readline().rstrip("\n").split(",")
    table = csv.read_csv(labs, convert_options=csv.ConvertOptions(column_types=dict.fromkeys(header, pyarrow.string())))
    for name, column in zip(
        (more := pyarrow.ipc.open_file(pyarrow.memory_map(added)).read_all()).column_names, more.columns, strict=True
    ):
        table = table.append_column(name, column)
    pyarrow.parquet.write_table(table, out)


if __name__ == "__main__":
    main()
