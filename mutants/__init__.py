"""Whether the tests would notice: the code and the numbers are changed in one place at a time, and the tests are run.

A changed copy is a mutant. It is killed when a test fails, and survives when none does. `python -m mutants --help` says
how to choose; CONTRIBUTING.md says how to read a survivor.

mutmut leaves out what stands outside functions and within dataclasses, where the rules and limits are, and cosmic-ray
starts Python anew for each mutant; neither changes numbers in TOML. So a small tool of our own forks one warm process.
"""
