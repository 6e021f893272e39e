"""The rules over columns: their operations are recorded once (`tape`), and then run on one chunk of rows at a time."""
