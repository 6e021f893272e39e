"""The bytes of a file, decompressed where its name says that it is."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import IO, Any

from b12labs.errors import B12LabsError
from b12labs.files.zstd import ZstdFrames

__all__ = ["plain_bytes"]


def plain_bytes(path: Path, raw: IO[bytes]) -> Any:
    """Return a file's bytes, decompressed where its name says so."""
    if path.suffix.lower() == ".gz":
        return gzip.open(raw)
    if path.suffix.lower() != ".zst":
        return raw
    try:
        import pyarrow

        return io.BufferedReader(pyarrow.CompressedInputStream(pyarrow.PythonFile(raw, mode="r"), "zstd"))
    except ImportError:
        pass
    try:
        import zstandard
    except ImportError:
        raise B12LabsError(
            f"{path}: .zst needs the package zstandard, or pyarrow (pip install 'b12labs[fast]')",
            code="needs_zstandard",
        ) from None
    return io.BufferedReader(ZstdFrames(raw, lambda: zstandard.ZstdDecompressor().decompressobj()), 1 << 20)
