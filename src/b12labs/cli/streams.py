"""Standard input and output as files: `-` is read whole before it is interpreted, and written after the last row."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["DASH", "standard_input", "standard_output"]

DASH = Path("-")

#: The first bytes of files that are not CSV, and the endings of their names.
_BEGINNINGS = (
    (b"PAR1", ".parquet"),
    (b"PK\x03\x04", ".xlsx"),
    (b"\x1f\x8b", ".csv.gz"),
    (b"\x28\xb5\x2f\xfd", ".csv.zst"),
)


@contextmanager
def standard_input(options: argparse.Namespace) -> Iterator[None]:
    """Copy standard input to a temporary file if `-` is among the files to read."""
    if DASH not in options.file:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="b12labs-") as folder:
        held = sys.stdin.buffer
        start = held.read(1 << 16)
        ending = next((ending for mark, ending in _BEGINNINGS if start.startswith(mark)), ".csv")
        path = Path(folder) / f"standard input{ending}"
        with path.open("wb") as file:
            file.write(start)
            shutil.copyfileobj(held, file)
        given, options.file = options.file, [path if file == DASH else file for file in options.file]
        try:
            yield
        finally:
            options.file = given


@contextmanager
def standard_output(options: argparse.Namespace) -> Iterator[None]:
    """Write to standard output at the end of the run if the output is `-`. Text for people goes to stderr then."""
    if options.output != DASH:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="b12labs-") as folder:
        path = Path(folder) / "interpreted.csv"
        options.output = path
        try:
            yield
        finally:
            options.output = DASH
        with path.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.buffer.flush()
