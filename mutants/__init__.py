"""Check that the tests notice changes: change the code and the numbers in one place at a time, and run the tests.

A changed copy is a mutant. It is killed when a test fails, and survives when none does. `python -m mutants --help`
explains the options, and CONTRIBUTING.md how to read a survivor.

mutmut leaves out code outside functions and within dataclasses, which holds the rules and limits. cosmic-ray starts
Python again for each mutant. Neither changes numbers in TOML. This small tool therefore forks one warm process.
"""
