"""The rule language, and its evaluators for one patient, for columns and over ranges."""
