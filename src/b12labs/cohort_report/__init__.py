"""The report on a whole file.

How many, what was found, whom to look at first, how good the data are, how it was decided.
"""

from b12labs.cohort_report.making import CohortReport, report_file

__all__ = ["CohortReport", "report_file"]
