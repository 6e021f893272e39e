"""A site's own names, units and codes: one mapping for tables, files and messages."""
