"""Inputs: values with units, names and context, read into measurements and panels."""
