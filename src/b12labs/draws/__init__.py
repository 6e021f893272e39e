"""Long tables, one row per result, grouped into draws."""
