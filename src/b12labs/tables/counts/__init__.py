"""Tables counted: totals of a cohort, and the summary of a table that was interpreted."""
