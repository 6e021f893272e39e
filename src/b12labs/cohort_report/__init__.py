"""The report on a whole file: counts, findings, the most urgent rows, data quality, method and sources."""

from b12labs.cohort_report.making import CohortReport, report_file

__all__ = ["CohortReport", "report_file"]
