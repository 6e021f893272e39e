"""The bytes of a file, decompressed if its name ends in .gz or .zst."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path
from typing import IO, Any

from b12labs.errors import extra

__all__ = ["plain_bytes"]


def plain_bytes(path: Path, raw: IO[bytes]) -> Any:
    """Return a file's bytes, decompressed if its name ends in .gz or .zst."""
    if path.suffix.lower() == ".gz":
        return gzip.open(raw)
    return _zstd(path, raw) if path.suffix.lower() == ".zst" else raw


def _zstd(path: Path, raw: IO[bytes]) -> Any:
    """Decompress with pyarrow if it is installed, else with Python or its backport."""
    try:
        import pyarrow
    except ImportError:
        pass
    else:
        return io.BufferedReader(pyarrow.CompressedInputStream(pyarrow.PythonFile(raw, mode="r"), "zstd"))
    with extra("zstd", f"{path}: .zst", package="backports.zstd"):
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
        return zstd.open(raw)
