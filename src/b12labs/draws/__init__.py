"""Long tables, one result a row, grouped into draws."""
