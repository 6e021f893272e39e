"""Files in, files out: any number of rows of laboratory results, and the same rows with their interpretation.

The input streams through memory in parts of `PART_ROWS` rows (`files.run`). Cells are read as text (in Parquet with
their types) and written back unchanged. The columns of the interpretation follow the input's own. A run that was
stopped continues where it was (`files.parts`).
"""

from b12labs.files.interpreting import FileOutcome, FileRow, interpret_file, read_row, values_at

__all__ = ["FileOutcome", "FileRow", "interpret_file", "read_row", "values_at"]
