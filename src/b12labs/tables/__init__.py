"""Tables: the same rules over columns of many patients."""
