"""The rules over columns: what they compute is recorded once (`tape`), and then done a chunk of rows at a time."""
