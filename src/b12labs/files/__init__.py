"""Files in, files out: rows of laboratory results of any number, and the same rows with their interpretation.

The input streams through memory in parts of `PART_ROWS` rows (`files.run`). Cells are read as text (in Parquet as they
are) and written back as they were; the columns of the interpretation follow the input's own. A run that was stopped
goes on where it was (`files.parts`).
"""

from b12labs.files.interpreting import FileOutcome, FileRow, interpret_file, read_row, values_at

__all__ = ["FileOutcome", "FileRow", "interpret_file", "read_row", "values_at"]
